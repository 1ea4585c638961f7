"""The rules of review as pure functions over plain values.

People are their ids; a dimension is one of `Dimension`'s values; a digest is hexadecimal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from .stages import Dimension


@dataclass(frozen=True)
class Approval:
    """One approval given: by whom, in which dimension, for which exact text."""

    dimension: str
    person: int
    digest: str


@dataclass(frozen=True)
class Urgent:
    """特急: who asked for it, who agreed (None: nobody yet), why, and for which exact text."""

    digest: str
    requested_by: int
    decided_by: int | None
    reason: str


def why_not_review(
    person: int, dimension: str, authors: Collection[int], given: Sequence[Approval]
) -> str:
    """Why ``person`` may not give ``dimension`` its verdict; empty when they may.

    ``authors`` are all who saved a revision since the last live one, ``given`` the approvals
    of this round. The rule is ours: 先审后发 with distinct people, nobody judging their own text.
    """
    if person in authors:
        return "您写过或改过这一稿，不能审核自己的文章。请由其他同事审核。"
    other = next((a for a in given if a.person == person and a.dimension != dimension), None)
    if other:
        label = Dimension(other.dimension).label
        return f"您已通过本稿的{label}审核，三审须由三个人分别完成。请由其他同事审核。"
    return ""


def why_not_publish(digest: str, authors: Collection[int], given: Sequence[Approval]) -> list[str]:
    """What speaks against publishing the text with ``digest``; empty when nothing does."""
    reasons = []
    by_dimension = {a.dimension: a for a in given if a.digest == digest}
    missing = [d.label for d in Dimension if d.value not in by_dimension]
    if missing:
        changed = any(a.digest != digest for a in given)
        reasons.append(
            f"{'、'.join(missing)}审核"
            + ("通过之后内容有改动，须重审。" if changed else "还没有通过。")
        )
    people = [a.person for a in by_dimension.values()]
    if len(set(people)) < len(people):
        reasons.append("同一个人给出了两次审核，三审须由三个人分别完成。")
    if set(people) & set(authors):
        reasons.append("审核人写过或改过这一稿，须换人审核。")
    return reasons


def is_urgent(digest: str, urgent: Urgent, authors: Collection[int]) -> bool:
    """Whether ``urgent`` lets the text with ``digest`` out before its reviews.

    Two people and a reason; the second one has written none of it (DESIGN §6, 特急).
    """
    return (
        urgent.digest == digest
        and bool(urgent.reason.strip())
        and urgent.decided_by is not None
        and urgent.decided_by != urgent.requested_by
        and urgent.decided_by not in authors
    )


def can_be_three(members: Mapping[str, Collection[int]]) -> bool:
    """Whether three different people can give the three reviews; ``members`` by dimension."""
    stages = [set(members.get(dimension.value, ())) for dimension in Dimension]
    return any(len(set(people)) == len(stages) for people in product(*stages))


def why_short_of_reviewers(members: Mapping[str, Collection[int]]) -> list[str]:
    """What is wrong with who may review; empty when three people can be found.

    ``members`` are the ids of the active people of each dimension. One text's author may narrow
    it further; that shows on the desk of the text.
    """
    empty = [d.label for d in Dimension if not members.get(d.value)]
    if empty:
        return [
            f"{'、'.join(empty)}审核没有可用的审核人，送审的稿件会停在这一步。"
            "请管理员在“设置—用户”里给同事加上对应的审核角色。"
        ]
    if not can_be_three(members):
        return [
            "三审合起来凑不齐三个不同的人，稿件不能通过三审。请管理员再给一位同事加上审核角色。"
        ]
    return []
