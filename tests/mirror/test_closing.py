"""Emergency: down at once, down through every rebuilding, back when somebody says so."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.mirror import closing, jobs, worker
from cms.mirror.closing import ClosingRefused
from cms.mirror.files import PAGES, Store
from cms.mirror.models import Closing
from cms.ops.models import AuditEntry, Notice
from cms.users.models import User
from tests import scenes
from tests.at_once import at_once, refused
from tests.factories.users import one_of_each

from .scene import FEED, OTHER, PAGE, Site, build, site, waiting

__all__ = ["site"]
pytestmark = pytest.mark.django_db
scene = scenes.fixture(one_of_each)


@pytest.fixture
def people(scene: SimpleNamespace, db: None) -> SimpleNamespace:
    return scene


@pytest.fixture
def built(site: Site, mirror: Store) -> Store:
    build()
    return mirror


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_one_address_is_down_at_once_and_through_every_rebuilding(
    people: Any, site: Site, built: Store, commits: Any
) -> None:
    with commits():
        done = closing.take_down(people.publisher, PAGE, " 图片 涉密 ")
    assert built.read(PAGE) == (410, f"words of {'/410.html'}".encode())
    assert built.read(OTHER)[0] == 200
    assert (done.reason, done.closed_by) == ("图片 涉密", people.publisher)
    build()
    site.change(PAGE, "改好的")
    worker.render_pending()
    assert built.read(PAGE)[0] == 410
    assert str(closing.in_force()[0]) == PAGE

    with commits():
        closing.restore(people.administrator, done, "已换图")
    assert built.read(PAGE) == (200, "改好的".encode())
    assert closing.in_force() == []
    worker.render_pending()
    assert built.read(PAGE) == (200, "改好的".encode())


def test_it_is_on_record_and_told(people: Any, built: Store, commits: Any) -> None:
    with commits():
        done = closing.take_down(people.publisher, PAGE, "图片涉密")
        closing.restore(people.administrator, done, "已换图")
    closed, restored = AuditEntry.objects.filter(action__startswith="mirror.").order_by("pk")
    assert (closed.actor, closed.action_label, closed.object_label) == (
        people.publisher,
        "紧急撤下",
        PAGE,
    )
    assert closed.detail == {"reason": "图片涉密"} and restored.detail == {"reason": "已换图"}
    assert restored.action_label == "恢复紧急撤下"
    told = Notice.objects.filter(event=closing.CLOSED)
    assert [notice.recipient for notice in told] == [people.administrator]
    assert told[0].by_mail and PAGE in told[0].message and told[0].url == reverse("mirror_status")
    assert [n.recipient for n in Notice.objects.filter(event=closing.RESTORED)] == [
        people.publisher
    ]


def test_the_whole_mirror_is_down_at_once_and_stays_so(
    people: Any, site: Site, built: Store, commits: Any
) -> None:
    with commits():
        done = closing.take_down_all(people.administrator, "被攻击")
    assert built.is_closed
    assert (built.root / "live" / "503.html").read_bytes() == b"words of /503.html"
    assert not (built.root / "live" / PAGE[1:]).exists()
    build()
    assert built.is_closed
    # Somebody sets the link back by hand, or restores the folder from a backup.
    built.switch(PAGES)
    worker.render_pending()
    assert built.is_closed
    with commits():
        closing.restore(people.publisher, done, "已处理")
    assert not built.is_closed and (built.root / "live" / PAGE[1:] / "index.html").exists()


def test_the_notice_is_rendered_when_the_mirror_has_none(
    people: Any, site: Site, mirror: Store, commits: Any
) -> None:
    with commits():
        closing.take_down_all(people.administrator, "被攻击")
    assert (mirror.root / "live" / "503.html").read_bytes() == b"words of /503.html"


def test_whoever_closes_while_the_worker_looks_is_not_overruled(
    people: Any, built: Store, commits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker read the rows before, and would switch the mirror on again."""
    asked = []
    rows = worker.closed_addresses

    def and_meanwhile() -> set[str]:
        found = rows()
        if not asked:
            asked.append(found)
            with commits():
                closing.take_down_all(people.administrator, "被攻击")
        return found

    monkeypatch.setattr(worker, "closed_addresses", and_meanwhile)
    worker.keep_closed()
    assert asked == [set()] and built.is_closed


def test_a_feed_simply_vanishes(people: Any, built: Store, commits: Any) -> None:
    with commits():
        closing.take_down(people.publisher, FEED, "错误")
    assert built.read(FEED) is None
    build()
    assert built.read(FEED) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (PAGE, PAGE),
        (f"  {PAGE}\n", PAGE),
        ("/yaowen/kaichao", PAGE),
        ("http://testserver/yaowen/kaichao/?from=wechat#top", PAGE),
        ("http://TESTSERVER:8000/yaowen/kaichao", PAGE),
        ("//testserver/yaowen/kaichao/", PAGE),
        ("/yaowen/%6baichao/", PAGE),
        (FEED, FEED),
    ],
)
def test_people_paste_what_their_browser_shows(text: str, address: str) -> None:
    assert closing.address_in(text) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请粘贴"),
        ("   ", "请粘贴"),
        ("https://mp.weixin.qq.com/s/abc", "不是本网站的地址.*公众号后台"),
        ("javascript:alert(1)", "不是本网站的地址"),
        ("http://[", "不是一个网址"),
        ("yaowen/kaichao", "以“/”开头"),
        ("/admin/", "由工作台直接回答"),
        ("/search/?q=荷花", "由工作台直接回答"),
        ("/media/images/x.jpg", "“图片”“文档”"),
        ("/", "首页不能单独撤下"),
        ("http://testserver", "首页不能单独撤下"),
        ("/404.html", "公用的"),
        ("/day.css", "公用的"),
        ("/../../etc/passwd", "不是镜像的地址"),
        ("/a%00b/", "不是镜像的地址"),
        ("/开潮/", "不是镜像的地址"),
        ("/" + "a/" * 400, "不是镜像的地址"),
    ],
)
def test_what_is_no_public_address_is_told_so(text: str, words: str) -> None:
    with pytest.raises(ClosingRefused, match=words):
        closing.address_in(text)


def test_refusals(people: Any, site: Site, built: Store, commits: Any) -> None:
    with pytest.raises(ClosingRefused, match="没有紧急撤下的权限"):
        closing.take_down(people.editor, PAGE, "错")
    with pytest.raises(ClosingRefused, match="没有紧急撤下的权限"):
        closing.take_down_all(people.auditor, "错")
    with pytest.raises(ClosingRefused, match="请写明紧急撤下的原因"):
        closing.take_down(people.publisher, PAGE, "  ")
    with pytest.raises(ClosingRefused, match="300字以内"):
        closing.take_down_all(people.publisher, "长" * 301)
    with pytest.raises(ClosingRefused, match="镜像里没有/nowhere/"):
        closing.take_down(people.publisher, "/nowhere/", "错")
    site.gone.add(OTHER)
    jobs.request([OTHER], "撤稿")
    worker.render_pending()
    with pytest.raises(ClosingRefused, match="已经撤下"):
        closing.take_down(people.publisher, OTHER, "错")
    with commits():
        done = closing.take_down(people.publisher, PAGE, "错")
    with pytest.raises(ClosingRefused, match=f"{PAGE}已由.*撤下，不用再撤"):
        closing.take_down(people.administrator, PAGE, "又错")
    with pytest.raises(ClosingRefused, match="请写明恢复的原因"):
        closing.restore(people.publisher, done, "")
    with pytest.raises(ClosingRefused, match="没有紧急撤下的权限"):
        closing.restore(people.editor, done, "好了")
    closing.restore(people.publisher, done, "好了")  # and it is rendered in a moment
    with pytest.raises(ClosingRefused, match=r"已由.*恢复"):
        closing.restore(people.publisher, done, "好了")
    assert Closing.objects.count() == 1
    with commits():  # and once more, later
        closing.take_down(people.publisher, PAGE, "还是错")
    assert Closing.objects.count() == 2


# --- the screen -----------------------------------------------------------------------------------

STATUS = "mirror_status"


def post(client: Client, action: str, **data: str) -> str:
    names = {f"{action}-{name}" if name != "closing" else name: v for name, v in data.items()}
    response = client.post(reverse(STATUS), {"action": action, **names}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("publisher", {"紧急撤下</button>"}),
        ("administrator", {"紧急撤下</button>", "重建全部</button>", "核对</button>"}),
        ("auditor", set()),
        ("office", set()),
        ("editor", None),
        ("feedback", None),
    ],
)
def test_each_role_sees_the_buttons_it_may_press(
    people: Any, built: Store, client: Client, role: str, sees: set[str] | None
) -> None:
    client.force_login(getattr(people, role))
    response = client.get(reverse(STATUS))
    if sees is None:
        assert response.status_code in (302, 403)
        return
    text = response.content.decode()
    buttons = {"紧急撤下</button>", "重建全部</button>", "核对</button>"}
    assert {button for button in buttons if button in text} == sees
    assert "等着更新" in text and "Traceback" not in text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_publisher_takes_a_page_down_and_restores_it(
    site: Site, mirror: Store, client: Client
) -> None:
    people, built = one_of_each(), mirror
    build()
    client.force_login(people.publisher)
    assert "以“/”开头" in post(client, "take_down", address="abc", reason="错")
    assert "请填写撤下原因" in post(client, "take_down", address=PAGE, reason="")
    text = post(client, "take_down", address=f"http://testserver{PAGE}", reason="<b>错</b>")
    assert f"{PAGE}已撤下" in text and "微信里的那一篇都没有动" in text
    assert "&lt;b&gt;错&lt;/b&gt;" in text and "<b>错</b>" not in text
    assert built.read(PAGE)[0] == 410
    pk = str(Closing.objects.get().pk)
    assert "请填写恢复原因" in post(client, "restore", closing=pk, reason="")
    assert "已恢复" in post(client, "restore", closing=pk, reason="改好了")
    assert built.read(PAGE)[0] == 200
    assert "现在没有撤下的页面" in client.get(reverse(STATUS)).content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_whole_mirror_needs_a_tick(site: Site, mirror: Store, client: Client) -> None:
    people, built = one_of_each(), mirror
    build()
    client.force_login(people.publisher)
    assert "请勾选确认" in post(client, "take_down_all", reason="被攻击")
    assert not built.is_closed
    text = post(client, "take_down_all", reason="被攻击", sure="on")
    assert "整个镜像已撤下" in text and "撤下整个镜像</button>" not in text
    assert built.is_closed


def test_a_page_that_could_not_be_replaced_is_told(
    people: Any, built: Store, client: Client, commits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(people.publisher)
    monkeypatch.setattr(worker, "render_at_once", lambda addresses: None)
    with commits():
        text = post(client, "take_down", address=PAGE, reason="错")
    assert "文件还没有换掉" in text and PAGE in waiting()


def test_an_administrator_rebuilds_and_verifies(
    people: Any, built: Store, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cms.mirror.models import VerificationRound

    client.force_login(people.administrator)
    assert "已登记重建，6 页" in post(client, "rebuild")
    assert "已开始核对" in post(client, "verify")
    assert VerificationRound.objects.filter(is_full=True, finished_at=None).count() == 1
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "mirror.rebuild",
        "mirror.verify",
    }
    client.force_login(people.publisher)
    waiting_before = waiting()
    assert "没有重建和核对镜像的权限" in post(client, "rebuild")
    assert waiting() == waiting_before
    assert client.post(reverse(STATUS), {"action": "unknown"}).status_code == 302


# --- two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_take_it_down_one_does(site: Site, mirror: Store) -> None:
    people = one_of_each()
    build()
    answers = at_once(
        *(
            lambda pk=person.pk: closing.take_down(User.objects.get(pk=pk), PAGE, "错")
            for person in (people.publisher, people.administrator)
        )
    )
    assert len(refused(answers)) == 1 and Closing.objects.count() == 1
    assert mirror.read(PAGE)[0] == 410
