"""Who may be the second person, as pure functions over ids."""

from collections.abc import Collection


def why_not_confirm_urgent(person: int, requester: int, authors: Collection[int]) -> str:
    """Why ``person`` may not let out what ``requester`` asked for; empty when they may.

    The rule is ours: 特急 replaces three reviewers by two people, of whom the second has no part
    in the text.
    """
    if person == requester:
        return "特急由您发起，须由另一个人确认。请联系其他审核或发布人员。"
    if person in authors:
        return "您写过或改过这一稿，不能作为特急的第二人。请由没有参与写稿的同事确认。"
    return ""


def why_not_confirm_correction(person: int, proposer: int) -> str:
    """Why ``person`` may not let out ``proposer``'s correction; empty when they may."""
    if person == proposer:
        return "这条更正由您提出，须由另一个人确认。请联系其他审核或发布人员。"
    return ""
