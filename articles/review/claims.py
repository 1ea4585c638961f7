"""Claims about the rankings printed in a text, and whether they may still be printed."""

from typing import TYPE_CHECKING

from rankings.models import Claim

if TYPE_CHECKING:
    from articles.models import ArticlePage

BLOCK = "ranking_fact"


def claims_in(article: "ArticlePage") -> list[Claim]:
    """The claims ``article`` prints, in their order."""
    values = [block.value for block in article.body if block.block_type == BLOCK]
    return [value["claim"] for value in values if value["claim"]]


def why_not_print(article: "ArticlePage") -> list[str]:
    """What speaks against the claims ``article`` prints; empty when all of them hold."""
    if len(claims_in(article)) < sum(block.block_type == BLOCK for block in article.body):
        return ["正文里有一处名次结论没有对应的结论记录，请重新选择结论或删去这一块。"]
    return [
        f"正文引用的结论 {claim.number} 现在是“{claim.get_status_display()}”，"
        "请换一条有效的结论或删去这一块。"
        for claim in claims_in(article)
        if not claim.holds
    ]
