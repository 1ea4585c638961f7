"""When the next list is to be expected. Pure."""

import datetime as dt
from dataclasses import dataclass

from ..lateness import IssueStatus, expected_by, issue_status
from ..periods import Month

# A board silent for longer is asleep: nobody waits for it any more.
DORMANT_MONTHS = 6


@dataclass(frozen=True, slots=True)
class NextIssue:
    """``month`` is the first without a list; ``style``: waiting, soon, late or dormant."""

    month: Month
    style: str
    headline: str
    sentence: str


def next_issue(last: Month, today: dt.date, issue_day: int | None, late_days: int) -> NextIssue:
    """What is to be said of the month after ``last``, the newest on record.

    ``today`` in Asia/Shanghai; ``issue_day`` and ``late_days`` as the board has them.
    """
    month = last + 1
    usual, latest = expected_by(month, issue_day, 0), expected_by(month, issue_day, late_days)
    newest = Month.of(today) + -1
    if newest - last > DORMANT_MONTHS:
        return NextIssue(
            month,
            "dormant",
            "久未更新",
            f"{last.label}之后没有名次入库。榜单如已停办，不必理会；如仍在发布，请补录{month.label}起的各期。",
        )
    status = issue_status(month, today, issue_day, late_days)
    if status == IssueStatus.MISSING:
        late = [
            each
            for at in range(1, newest - month + 1)
            if expected_by(each := month + at, issue_day, late_days) < today
        ]
        behind = f"，其后另有{len(late)}期也迟了" if late else ""
        return NextIssue(
            month,
            "late",
            f"迟了{(today - usual).days}天",
            f"{month.label}的榜单应在{_day(usual)}前后发布，至今没有入库，算{status}{behind}。请查看发布机构的网页，或导入名次。",
        )
    known = "前后" if issue_day else "起"
    if today < usual:
        return NextIssue(
            month,
            "waiting",
            f"{usual.month}月{usual.day}日{known}",
            f"下一期是{month.label}，预计{_day(usual)}{known}发布。",
        )
    return NextIssue(
        month,
        "soon",
        "就在这几天",
        f"下一期是{month.label}，预计{_day(usual)}{known}发布；到{_day(latest)}还没有，就算迟发。在那之前是“{status}”，不是缺失。",
    )


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
