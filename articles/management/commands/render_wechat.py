"""``manage.py render_wechat``: the HTML that WeChat would be sent, into files."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.images.models import SourceImageIOError

from articles.models import ArticlePage
from articles.wechat.rendering import Rendered, mirror_address_of, render, why_too_long

FAILED = 1
USAGE = 2


class Command(BaseCommand):
    help = (
        "写出文章送到微信的 HTML，图片用公开网页的地址。默认写公开的正文，加 --draft 写最新的一稿。"
        "只有一篇时可以不写 --out，直接输出。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="文章编号")
        parser.add_argument("--all", action="store_true", help="全部文章")
        parser.add_argument("--out", type=Path, metavar="DIR", help="写到这个文件夹，一篇一个文件")
        parser.add_argument("--draft", action="store_true", help="用最新的一稿，不用公开的正文")

    def handle(self, *args: Any, **options: Any) -> None:
        ids, out = list(dict.fromkeys(options["ids"])), options["out"]
        if bool(ids) == options["all"]:
            raise CommandError("请写明文章编号，或用 --all 表示全部文章。", returncode=USAGE)
        if out is None and (options["all"] or len(ids) > 1):
            raise CommandError("不止一篇，请用 --out 写明放到哪个文件夹。", returncode=USAGE)
        if out is not None:
            self._prepare(out)
        self.failed = written = 0
        articles = self._all(options["draft"]) if options["all"] else self._named(ids)
        for article in articles:
            if rendered := self._rendered(article, draft=options["draft"]):
                written += 1
                self._write(rendered, article, out)
        if out is not None:
            self.stdout.write(f"写出 {written} 篇，有问题 {self.failed} 篇。")
        if self.failed:
            raise SystemExit(FAILED)

    def _prepare(self, out: Path) -> None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            sentence = f"不能写到文件夹 {out}：{error.strerror}。"
            raise CommandError(sentence, returncode=USAGE) from error

    def _all(self, draft: bool) -> Iterator[ArticlePage]:
        articles = ArticlePage.objects.order_by("pk")
        yield from (articles if draft else articles.live()).iterator(chunk_size=100)

    def _named(self, ids: list[int]) -> Iterator[ArticlePage]:
        found = ArticlePage.objects.in_bulk(ids)
        for pk in ids:
            if pk in found:
                yield found[pk]
            else:
                self._fail(f"没有编号为 {pk} 的文章。请在文章列表里查看编号。")

    def _rendered(self, article: ArticlePage, *, draft: bool) -> Rendered | None:
        name = f"{article.pk}《{article.draft_title or article.title}》"
        if draft:
            article = article.get_latest_revision_as_object()
        elif not article.live:
            self._fail(f"{name}没有公开。要写出最新的一稿，请加 --draft。")
            return None
        try:
            rendered = render(article, mirror_address_of)
        except SourceImageIOError:
            self._fail(f"{name}有图片的文件丢失，没有写出。请在图片库里重新上传。")
            return None
        if too_long := why_too_long(rendered):
            self._fail(f"{name}：{too_long}")
        for note in rendered.notes:
            self.stderr.write(f"{name}：{note}")
        return rendered

    def _write(self, rendered: Rendered, article: ArticlePage, out: Path | None) -> None:
        if out is None:
            self.stdout.write(rendered.html)
        else:
            (out / f"{article.pk}.html").write_text(rendered.html, encoding="utf-8")

    def _fail(self, sentence: str) -> None:
        self.failed += 1
        self.stderr.write(sentence)
