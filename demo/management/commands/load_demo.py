"""Fill an empty database with the demo: people, articles in every stage, rankings, a source."""

import json
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.models import ArticlePage
from cms.users.models import User
from cms.users.services import sync_roles
from demo import claims, feedback, newsroom, people, rankings, readings
from demo.fake_wechat.account import write_account
from demo.posts import Posts


def free_port() -> int:
    """A port of this machine that nobody listens on; the demo keeps it from then on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Command(BaseCommand):
    help = "给空数据库装入演示内容：各角色账号、文章、示例榜单和来源。"

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists() or ArticlePage.objects.exists():
            raise CommandError("数据库里已经有内容，不装入演示内容，以免混在一起。")
        folder = Path(settings.VAR_DIR) / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        (folder / "pages.json").write_text(json.dumps({"port": port}))
        write_account(folder / "wechat.json", free_port())
        # All or nothing: a demo broken off halfway would look like somebody's work.
        with transaction.atomic():
            sync_roles()
            staff = people.create_people(folder / "accounts.json")
            self._say("账号", len(staff))
            self._say("县级榜的报道名次（未核实）", rankings.load_county())
            self._say("演示榜名次（示例）", rankings.load_example_board(staff["office"]))
            self._say("结论", len(claims.load_claims(staff["office"], staff["office_2"])))
            self._say("抓取来源（示例）", rankings.load_sources(f"127.0.0.1:{port}"))
            posts = Posts(staff)
            self._say("图片", posts.load_pictures())
            self._say("历史文章", posts.load_past())
            rankings.load_honours(staff["administrator"], staff["publisher"])
            self._say("荣誉页", 1)
            self._say("在写、在审、待发布的文章", posts.load_unfinished())
            self._say("截稿、认领和代审的安排", newsroom.arrange(staff))
            self._say("选题和来稿", newsroom.gather(staff))
            self._say("推送", newsroom.send(staff, posts.articles))
            self._say("微信文章的阅读（示例）", readings.load_statistics())
            self._say("关注人数的天数（示例）", readings.load_followers())
            self._say("后台表格的行（示例）", readings.load_sheet(staff))
            self._say("留言地点", feedback.load_places())
            self._say("留言（示例）", feedback.load_messages(staff))
            newsroom.read_notices(staff)
        self.stdout.write("演示内容已装入。")

    def _say(self, what: str, count: int) -> None:
        self.stdout.write(f"  {what} {count}")
        self.stdout.flush()
