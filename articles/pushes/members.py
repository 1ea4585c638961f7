"""A push's articles as what would go out, and what speaks against each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..review import approvals, claims
from ..review import rules as review_rules

if TYPE_CHECKING:
    from ..models import ArticlePage, Push, PushMember


@dataclass(frozen=True)
class Loaded:
    """One member: its article's row, the text that joined, and what is wrong with it by now."""

    member: "PushMember"
    article: "ArticlePage"
    text: "ArticlePage"
    given: tuple[review_rules.Approval, ...]
    problems: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.text.title


def load(push: "Push") -> list[Loaded]:
    """The members of ``push`` in their order, each with its problems."""
    from ..models import ArticlePage

    rows = list(push.members.select_related("revision").order_by("position"))
    articles = ArticlePage.objects.select_related("live_revision").in_bulk(
        [row.article_id for row in rows]
    )
    behind = approvals.of_many(articles.values())
    loaded = []
    for row in rows:
        article = articles[row.article_id]
        text = article.with_content_json(row.revision.content)
        said = _problems(push, row, article, text, behind[article.pk])
        title = f"《{text.title}》"
        loaded.append(
            Loaded(
                row, article, text, behind[article.pk].given, tuple(f"{title}{why}" for why in said)
            )
        )
    return loaded


def problems(push: "Push") -> list[str]:
    """What is wrong with the texts of ``push``, as sentences that name the article."""
    return [why for each in load(push) for why in each.problems]


def _problems(
    push: "Push",
    row: "PushMember",
    article: "ArticlePage",
    text: "ArticlePage",
    behind: approvals.Behind,
) -> list[str]:
    digest = text.content_digest
    if push.published_at:
        # What is public stays approved while it is that very text; a new draft is another matter.
        if article.live and article.live_revision_id == row.revision_id:
            return [] if digest == row.content_digest else [_CHANGED]
        return ["公开的已经不是随这次推送发布的那一稿。"] if article.live else ["已经撤下。"]
    if article.latest_revision_id != row.revision_id:
        return ["编入之后又保存过新的一稿。请把它移出，重新三审后再编入。"]
    if digest != row.content_digest:
        return [_CHANGED]
    lacks = review_rules.why_not_publish(digest, behind.authors, behind.given)
    return [*lacks, *claims.why_not_print(text)]


_CHANGED = "编入之后内容或图片有变动。请把它移出，重新三审后再编入。"
