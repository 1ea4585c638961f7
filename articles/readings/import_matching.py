"""Which post a row of a sheet is: by its address, else by what a person chooses."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from ..models import ArticlePage, Origin, PushMember, Reading, WeChatPost
from . import joining
from .joining import Joined
from .parts import in_parts
from .sheet import SheetRow, Value, same_titles
from .words import printed

SKIP, NEW = "skip", "new"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer to “which post is this row?”; ``value`` is what the form posts."""

    value: str
    label: str
    same_title: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A value that would be written; ``before`` None where there was none of that export day."""

    value: Value
    before: Reading | None

    @property
    def words(self) -> str:
        return printed(self.value)

    @property
    def before_words(self) -> str:
        return printed(self.before) if self.before else ""


@dataclass(slots=True)
class PlanRow:
    """One row and what would become of it.

    ``post`` is the row in the database, not saved where it is new, None where nobody said which
    post it is (``is_open``) or it is left out. ``is_asked``: a person may choose.
    """

    row: SheetRow
    post: WeChatPost | None = None
    is_asked: bool = False
    candidates: list[Candidate] = field(default_factory=list)
    chosen: str = ""
    changes: list[Change] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.post is None and not self.errors and self.chosen != SKIP

    @property
    def is_new(self) -> bool:
        return self.post is not None and self.post.pk is None


def match(rows: Sequence[PlanRow], choices: Mapping[int, str]) -> None:
    """Say of each of ``rows`` which post it is; ``choices`` are answers by row number."""
    rows = [each for each in rows if not each.errors]
    here = _Here(rows)
    taken: dict[Any, str] = {}
    for each in rows:
        here.find(each)
    here.used = {each.post.pk for each in rows if each.post is not None and each.post.pk}
    for each in rows:
        # Only a person can tell whether a short address is of a post known by its long one.
        is_short = each.is_new and each.row.address.short and not each.post.article_id
        if each.post is None or is_short:
            each.is_asked = True
            each.candidates = here.candidates(each)
            each.chosen = _chosen(each, choices.get(each.row.number, ""))
            here.take(each)
        key = _identity(each.post)
        if key is not None and key in taken:
            each.errors.append(f"与{taken[key]}是同一篇，请只留一行。")
            each.post = None
        elif key is not None:
            taken[key] = each.row.where


def _identity(post: WeChatPost | None) -> Any:
    if post is None:
        return None
    if post.pk:
        return post.pk
    if post.msg_data_id:
        return (post.msg_data_id, post.index)
    return post.url or id(post)


def _chosen(each: PlanRow, answer: str) -> str:
    if answer in {SKIP, NEW, *(candidate.value for candidate in each.candidates)}:
        return answer
    # An address is enough to know the post by from now on.
    return NEW if each.row.address else ""


class _Here:
    """The posts, pushes and articles that rows may be of, each kind read once."""

    def __init__(self, rows: list[PlanRow]) -> None:
        self.described = {
            each.row.number: joining.Post(each.row.address.key, each.row.address)
            for each in rows
            if each.row.address
        }
        self.ours = joining.join(list(self.described.values()))
        days = {each.row.published_on for each in rows if each.row.published_on}
        mids = {d.key[0] for d in self.described.values() if d.key}
        urls = {d.address.url for d in self.described.values() if d.address}
        self.posts = _all(WeChatPost.objects.all(), "msg_data_id", mids)
        self.posts |= _all(WeChatPost.objects.all(), "url", urls)
        self.posts |= _all(WeChatPost.objects.all(), "published_on", days)
        self.by_key = {(p.msg_data_id, p.index): p for p in self.posts.values() if p.msg_data_id}
        self.by_url = {p.url: p for p in self.posts.values() if p.url}
        self.by_day: dict[dt.date, list[WeChatPost]] = {}
        for post in sorted(self.posts.values(), key=lambda p: (p.msg_data_id, p.index, p.pk)):
            self.by_day.setdefault(post.published_on, []).append(post)
        # Posts that rows are by their address: nobody is asked whether they are another row too.
        self.used: set[int] = set()
        self.members = self._members(days)
        self.articles = self._articles(days)

    def find(self, each: PlanRow) -> None:
        """The post that the row's address names, known or new; nothing without an address."""
        told = self.described.get(each.row.number)
        if told is None:
            return
        ours = self.ours.get(told)
        each.post = (
            (self.by_key.get(told.key) if told.key else None)
            or self.by_url.get(told.address.url)
            or self._of_article(ours, each.row.published_on)
            or self._made(each.row, ours)
        )

    def candidates(self, each: PlanRow) -> list[Candidate]:
        """Posts, sent members and past articles of the row's day that no row is by its address."""
        day = each.row.published_on
        there = self.by_day.get(day, [])
        posted = {post.article_id for post in there}
        named = [(f"post:{p.pk}", p.place, p.title) for p in there if p.pk not in self.used]
        named += [
            (f"member:{m.pk}", f"推送第{m.position + 1}条", m.article.title)
            for m in self.members.get(day, [])
            if m.article_id not in posted
        ]
        named += [
            (f"article:{a.pk}", "历史导入", a.title)
            for a in self.articles.get(day, [])
            if a.pk not in posted
        ]
        same = same_titles(each.row.title, [title for *_, title in named])
        found = [
            Candidate(value, f"{place}《{title}》{'（标题相同）' if alike else ''}", alike)
            for (value, place, title), alike in zip(named, same, strict=True)
        ]
        return sorted(found, key=lambda candidate: not candidate.same_title)

    def take(self, each: PlanRow) -> None:
        """Make the row's post what was chosen."""
        kind, _, pk = each.chosen.partition(":")
        made = each.post if each.is_new else None
        each.post = None
        match kind:
            case "post":
                each.post = self.posts[int(pk)]
            case "member":
                member = next(
                    m for found in self.members.values() for m in found if str(m.pk) == pk
                )
                each.post = self._made(each.row, Joined(member.article_id, member.pk))
                each.post.index = member.position + 1
            case "article":
                each.post = self._made(each.row, Joined(int(pk)))
            case "new":
                each.post = made or self._made(each.row, None)
        if each.post is not None and each.row.address and not each.post.url:
            each.post.url = each.row.address.url

    def _made(self, row: SheetRow, ours: Joined | None) -> WeChatPost:
        address = row.address
        mid, index = (address.key if address and address.key else None) or ("", 1)
        return WeChatPost(
            msg_data_id=mid,
            index=index,
            title=row.title,
            url=address.url if address else "",
            published_on=row.published_on,
            article_id=ours.article if ours else None,
            member_id=ours.member if ours else None,
        )

    def _of_article(self, ours: Joined | None, day: dt.date | None) -> WeChatPost | None:
        if ours is None:
            return None
        there = self.by_day.get(day, [])
        return next((post for post in there if post.article_id == ours.article), None)

    def _members(self, days: set[dt.date]) -> dict[dt.date, list[PushMember]]:
        found: dict[dt.date, list[PushMember]] = {}
        sent = PushMember.objects.filter(push__sent_at__isnull=False, push__sent_at__date__in=days)
        rows = sent.select_related("push", "article").defer("article__body", "revision__content")
        for member in rows.order_by("push", "position"):
            day = timezone.localtime(member.push.sent_at).date()
            found.setdefault(day, []).append(member)
        return found

    def _articles(self, days: set[dt.date]) -> dict[dt.date, list[ArticlePage]]:
        found: dict[dt.date, list[ArticlePage]] = {}
        past = ArticlePage.objects.live().filter(origin=Origin.IMPORTED).defer_streamfields()
        for article in past.filter(first_published_at__date__in=days).order_by("pk"):
            day = timezone.localtime(article.first_published_at).date()
            found.setdefault(day, []).append(article)
        return found


def _all(posts: Any, name: str, values: set[Any]) -> dict[int, WeChatPost]:
    """Posts whose field ``name`` is among ``values``."""
    return {
        post.pk: post for some in in_parts(values) for post in posts.filter(**{f"{name}__in": some})
    }
