"""``manage.py render_wechat``."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import ArticlePage
from articles.wechat.rendering import mirror_address_of, render
from tests.factories.articles import ArticleFactory, body
from tests.factories.media import ImageFactory

pytestmark = pytest.mark.django_db


def run(*args: str) -> tuple[str, str, int]:
    """What it wrote to both streams, and its exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("render_wechat", *args, stdout=out, stderr=err)
    except SystemExit as ended:
        return out.getvalue(), err.getvalue(), ended.code
    return out.getvalue(), err.getvalue(), 0


@pytest.fixture
def live() -> ArticlePage:
    picture = {"image": ImageFactory().pk, "caption": "", "alt_text": ""}
    return ArticleFactory(
        live=True, body=body(("paragraph", "<p>公开的</p>"), ("picture", picture))
    )


@pytest.fixture
def draft() -> ArticlePage:
    return ArticleFactory(title="未完")


def test_one_article_goes_to_the_screen(live: ArticlePage) -> None:
    out, err, code = run(str(live.pk))
    assert code == 0 and not err
    assert out.rstrip("\n") == render(live, mirror_address_of).html
    assert 'src="http://testserver/' in out


def test_all_go_into_files(live: ArticlePage, draft: ArticlePage, tmp_path: Path) -> None:
    folder = tmp_path / "新" / "文件夹"
    out, err, code = run("--all", "--out", str(folder))
    assert (code, err) == (0, "")
    assert "写出 1 篇" in out
    assert [path.name for path in folder.iterdir()] == [f"{live.pk}.html"]
    assert "公开的" in (folder / f"{live.pk}.html").read_text(encoding="utf-8")


def test_drafts_are_asked_for(live: ArticlePage, draft: ArticlePage, tmp_path: Path) -> None:
    live.body = body(("paragraph", "<p>改过的</p>"))
    live.save_revision()
    _, _, code = run("--all", "--draft", "--out", str(tmp_path))
    assert code == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{live.pk}.html", f"{draft.pk}.html"}
    assert "改过的" in (tmp_path / f"{live.pk}.html").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_said(
    live: ArticlePage, draft: ArticlePage, tmp_path: Path
) -> None:
    out, err, code = run(str(draft.pk), "999999", str(live.pk), "--out", str(tmp_path))
    assert code == 1
    assert f"{draft.pk}《未完》没有公开" in err and "--draft" in err
    assert "没有编号为 999999 的文章" in err
    assert "写出 1 篇，有问题 2 篇" in out


def test_too_long_a_text_is_written_and_told(tmp_path: Path) -> None:
    article = ArticleFactory(live=True, body=body(("paragraph", f"<p>{'长' * 21_000}</p>")))
    _, err, code = run(str(article.pk), "--out", str(tmp_path))
    assert code == 1
    assert "微信要求少于 20000 个" in err
    assert (tmp_path / f"{article.pk}.html").exists()


def test_a_lost_picture_is_told(live: ArticlePage) -> None:
    image = live.pictures()[0]
    image.file.storage.delete(image.file.name)
    out, err, code = run(str(live.pk))
    assert (out, code) == ("", 1)
    assert "有图片的文件丢失" in err


@pytest.mark.parametrize(
    "args", [(), ("--all",), ("1", "2"), ("1", "--all", "--out", "x"), ("--out", "x")]
)
def test_wrong_use_is_refused(args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("render_wechat", *args)
    assert refused.value.returncode == 2


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="不能写到文件夹") as refused:
        call_command("render_wechat", "--all", "--out", str(tmp_path / "file"))
    assert refused.value.returncode == 2
