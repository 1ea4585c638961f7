"""What editors and reviewers wait for: queue, dashboard, desk, the editor and its saving."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.models import ArticlePage
from cms.users.models import User

from .harness import DEFAULT, FULL, TINY, Line, Work, interleaved, ms, ratio
from .scratch import Scratch
from .site import Site

TITLE = "审稿和编辑的页面，每次从服务器发出请求到收完回答"
# Live articles (two sizes), articles under review (two), rounds.
SIZES = {
    TINY: ((5, 10), (2, 4), 1),
    DEFAULT: ((200, 2000), (30, 300), 5),
    FULL: ((200, 20000), (30, 300), 7),
}

LIMIT = 1.5  # 300 under review by 30
FLAT = 1.25  # the large site by the small one
EQUAL = 1.0  # queries, whatever the length of the queue

QUEUE, HOME, DESK, EDIT, SAVE = "审稿页", "首页等我处理", "审核台", "编辑页", "存草稿"


class Screens:
    """The requests of a reviewer and an editor against the current database."""

    def __init__(self, draft: int, judged: int) -> None:
        self.addresses = {
            QUEUE: ("reviewer_credible", reverse("articles_queue", args=["mine"])),
            HOME: ("reviewer_credible", reverse("wagtailadmin_home")),
            DESK: ("reviewer_credible", reverse("articles_desk", args=[judged])),
            EDIT: ("editor", reverse("wagtailadmin_pages:edit", args=[draft])),
        }
        self.draft = draft
        self._clients: dict[str, Client] = {}

    def get(self, screen: str) -> None:
        role, address = self.addresses[screen]
        response = self.client(role).get(address)
        assert response.status_code == 200, f"{screen}: {response.status_code}"

    def save(self) -> None:
        """Post the editor's form with a changed text, for the version that is the latest."""
        article = ArticlePage.objects.get(pk=self.draft)
        before = article.latest_revision_id
        text = [("paragraph", rich_text(f"<p>{before} {'早上八点，社区的门开了。' * 100}</p>"))]
        form = nested_form_data(
            {
                "title": article.title,
                "digest": article.digest,
                "cover": article.cover_id,
                "kind": article.kind,
                "author": article.author,
                "editor_in_charge": article.editor_in_charge,
                "planned_for": "",
                "tags": "",
                "body": streamfield(text),
                "sources": inline_formset([{"name": "株洲日报", "url": "", "date": "2026-11-20"}]),
                "comments": inline_formset([]),
                "loaded_revision_id": before,
            }
        )
        role, address = self.addresses[EDIT]
        response = self.client(role).post(address, form)
        assert response.status_code == 302, f"save: {response.status_code}"
        article.refresh_from_db()
        assert article.latest_revision_id != before

    def client(self, role: str) -> Client:
        """A signed-in browser; signing in belongs to no measurement."""
        if role not in self._clients:
            self._clients[role] = Client(SERVER_NAME="localhost")
            self._clients[role].force_login(User.objects.get(username=role))
        return self._clients[role]

    def sign_in(self) -> None:
        """Anew, for each database has its own sessions."""
        self._clients.clear()
        for role in ("reviewer_credible", "editor"):
            self.client(role)


def run(size: str, databases: Scratch) -> Iterator[Line]:
    (small, large), (few, many), rounds = SIZES[size]
    site = Site()
    draft = site.draft("草稿").pk
    judged = site.submit("在审 0").pk
    site.grow(small)
    template = {}
    for count in (few, many):
        for number in range(1 if count == few else few, count):
            site.submit(f"在审 {number}")
        template[small, count] = databases.copy()
    site.grow(large)
    template[large, many] = databases.copy()

    screens = Screens(draft, judged)
    queries: dict[str, int] = {}

    def work(screen: str, live: int, count: int) -> Work:
        name, copy = _name(screen, live, count), ExitStack()
        act: Callable[[], Any] = screens.save if screen == SAVE else lambda: screens.get(screen)

        def prepare() -> None:
            databases.use(template[live, count])
            copy.enter_context(databases.on_copy())
            screens.sign_in()
            act()  # what a process or a fresh file does once belongs to nobody

        def counted() -> None:
            sent = []

            def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
                sent.append(sql)
                return execute(sql, *rest)

            with connection.execute_wrapper(note):
                act()
            queries[name] = len(sent)

        return Work(counted, prepare, copy.close)

    cases = [
        *((screen, live, count) for screen in (QUEUE, HOME) for live, count in template),
        *((screen, live, many) for screen in (DESK, EDIT, SAVE) for live in (small, large)),
    ]
    taken = interleaved({_name(*case): work(*case) for case in cases}, rounds)

    def line(what: str, ours: str, peer: str, limit: float) -> Line:
        return Line(
            databases.label,
            what,
            ratio(taken[ours], taken[peer]),
            limit,
            detail=f"{ms(taken[ours])} ÷ {ms(taken[peer])}，"
            f"查询 {queries[ours]} 比 {queries[peer]}",
        )

    for screen in (QUEUE, HOME):
        ours, peer = _name(screen, small, many), _name(screen, small, few)
        yield line(f"{screen}：在审 {many} 篇 ÷ {few} 篇", ours, peer, LIMIT)
        yield Line(
            databases.label,
            f"{screen}的查询数：在审 {many} 篇 ÷ {few} 篇",
            queries[ours] / queries[peer],
            EQUAL,
        )
    for screen in (QUEUE, HOME, DESK, EDIT, SAVE):
        yield line(
            f"{screen}：全站 {large} 篇 ÷ {small} 篇（在审 {many} 篇）",
            _name(screen, large, many),
            _name(screen, small, many),
            FLAT,
        )


def _name(screen: str, live: int, count: int) -> str:
    return f"{screen} {live} {count}"
