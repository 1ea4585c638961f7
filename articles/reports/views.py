"""The six reports."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from wagtail.admin.ui.tables import Column

from ..timeline.sentences import moment_words
from . import counting, reading
from .base import ArticleColumn, ReviewReport
from .counting import ALL_COLUMNS, Matrix, Pace, SlipRow, hours_words, share_words
from .reading import Exceptional, Haste, Late, Return


def _moment(name: str) -> Any:
    return lambda row: moment_words(getattr(row, name)) if getattr(row, name) else "—"


def _value(name: str) -> Any:
    return lambda row: getattr(row, name)


def _title(row: Any) -> str:
    return row.article.title


def _column(row: Any) -> str:
    return row.article.column


class PaceReport(ReviewReport):
    """三审用时."""

    key = "pace"
    page_title = "三审用时"
    nothing = "还没有审核结论。有人通过或退回稿件以后，这里就有数字。也可以在筛选里换一段时间。"
    columns: ClassVar[list[Column]] = [
        Column("stage", label="环节", width="12%"),
        Column("column", label="栏目"),
        Column("count", label="审核次数", width="12%"),
        Column("median", label="中间用时", accessor=lambda r: hours_words(r.median_hours)),
        Column("longest", label="最长用时", accessor=lambda r: hours_words(r.longest_hours)),
        Column("returned", label="退回次数", width="12%"),
        Column("share", label="退回比例", accessor=lambda r: share_words(r.returned, r.count)),
    ]
    sheet_columns: ClassVar[Sequence[tuple[str, Any, int]]] = [
        ("环节", _value("stage"), 10),
        ("栏目", _value("column"), 20),
        ("审核次数", _value("count"), 10),
        ("中间用时（小时）", _value("median_hours"), 16),
        ("最长用时（小时）", _value("longest_hours"), 16),
        ("退回次数", _value("returned"), 10),
        ("退回比例", _value("returned_share"), 10),
    ]

    def rows(self) -> list[Pace]:
        return counting.pace(reading.verdicts(self.span))

    def sentences(self) -> list[str]:
        whole = [row for row in self.found if row.column == ALL_COLUMNS]
        count, returned = (sum(getattr(row, n) for row in whole) for n in ("count", "returned"))
        said = [
            f"{self.span.label}，三审共给出{count}次结论，其中退回{returned}次"
            f"（{share_words(returned, count)}）。"
        ]
        said += [
            f"{row.stage}审核{row.count}次，一半在{hours_words(row.median_hours)}以内完成，"
            f"最长{hours_words(row.longest_hours)}。"
            for row in whole
        ]
        return [*said, "用时从进入这一审到给出结论，按钟点算，包括夜里和节假日。"]


class ReturnReport(ReviewReport):
    """退回原因."""

    key = "returns"
    page_title = "退回原因"
    nothing = "没有退回的稿件。"
    columns: ClassVar[list[Column]] = [
        Column("at", label="时间", accessor=_moment("at"), classname="listing-time"),
        ArticleColumn("article", label="文章"),
        Column("stage", label="环节", width="10%"),
        Column("kind", label="类别", width="14%"),
        Column("reason", label="理由", classname="report-words"),
    ]
    sheet_columns: ClassVar[Sequence[tuple[str, Any, int]]] = [
        ("时间", _value("at"), 17),
        ("文章", _title, 36),
        ("栏目", _column, 16),
        ("环节", _value("stage"), 12),
        ("类别", _value("kind"), 22),
        ("理由", _value("reason"), 60),
    ]

    def rows(self) -> list[Return]:
        return reading.returns(self.span)

    def matrix(self) -> tuple[str, Matrix]:
        pairs = [(row.kind, row.stage) for row in reversed(self.found)]
        return "类别", counting.matrix(pairs)

    def sentences(self) -> list[str]:
        kind, count = Counter(row.kind for row in self.found).most_common(1)[0]
        texts = len({row.article for row in self.found})
        return [
            f"{self.span.label}共退回{len(self.found)}次，涉及{texts}篇文章。",
            f"最多的一类是“{kind}”，{count}次。",
        ]


class LateReport(ReviewReport):
    """超期审核."""

    key = "late"
    page_title = "超期审核"
    nothing = "没有超过截稿时间的审核。只统计定了截稿时间的环节。"
    columns: ClassVar[list[Column]] = [
        ArticleColumn("article", label="文章"),
        Column("stage", label="环节", width="14%"),
        Column("due_at", label="截稿", accessor=_moment("due_at"), classname="listing-time"),
        Column(
            "finished_at",
            label="完成",
            accessor=lambda r: moment_words(r.finished_at) if r.finished_at else "还没有完成",
            classname="listing-time",
        ),
        Column("late", label="超出", accessor=lambda r: hours_words(r.hours_late), width="12%"),
    ]
    sheet_columns: ClassVar[Sequence[tuple[str, Any, int]]] = [
        ("文章", _title, 36),
        ("栏目", _column, 16),
        ("环节", _value("stage"), 12),
        ("截稿", _value("due_at"), 17),
        ("完成", _value("finished_at"), 17),
        ("超出（小时）", _value("hours_late"), 14),
    ]

    def rows(self) -> list[Late]:
        return reading.late(self.span)

    def sentences(self) -> list[str]:
        still = sum(row.finished_at is None for row in self.found)
        longest = max(row.hours_late for row in self.found)
        said = f"{self.span.label}到截稿时间的审核里，有{len(self.found)}次超期，"
        said += f"最长超出{hours_words(longest)}。"
        return [said, f"其中{still}次现在还没有审完。" if still else "都已经审完。"]


class UrgentReport(ReviewReport):
    """特急与补审."""

    key = "urgent"
    page_title = "特急与补审"
    nothing = "没有人申请特急发布。"
    columns: ClassVar[list[Column]] = [
        ArticleColumn("article", label="文章"),
        Column("reason", label="理由", classname="report-words"),
        Column("requested_by", label="发起人"),
        Column("decided_by", label="第二人"),
        Column(
            "published_at", label="发布", accessor=_moment("published_at"), classname="listing-time"
        ),
        Column(
            "review_due_at",
            label="补审截止",
            accessor=_moment("review_due_at"),
            classname="listing-time",
        ),
        Column(
            "status",
            label="现在",
            accessor=lambda r: r.status + ("（补审超期）" if r.is_overdue else ""),
        ),
    ]
    sheet_columns: ClassVar[Sequence[tuple[str, Any, int]]] = [
        ("文章", _title, 36),
        ("栏目", _column, 16),
        ("理由", _value("reason"), 50),
        ("发起人", _value("requested_by"), 12),
        ("发起时间", _value("requested_at"), 17),
        ("第二人", _value("decided_by"), 12),
        ("发布时间", _value("published_at"), 17),
        ("补审截止", _value("review_due_at"), 17),
        ("了结时间", _value("closed_at"), 17),
        ("现在", _value("status"), 24),
        ("补审超期", lambda row: "是" if row.is_overdue else "否", 10),
    ]

    def rows(self) -> list[Haste]:
        return reading.urgent(self.span)

    def sentences(self) -> list[str]:
        out = [row for row in self.found if row.published_at]
        late = sum(row.is_overdue for row in out)
        said = f"{self.span.label}申请特急{len(self.found)}次，发布{len(out)}次。"
        if not out:
            return [said]
        return [said, f"补审超期{late}次。" if late else "没有补审超期的。"]


class ExceptionReport(ReviewReport):
    """例外操作."""

    key = "exceptions"
    page_title = "例外操作"
    nothing = (
        "没有例外操作。例外操作指特急发布、取消定时、撤稿、更正、改公开日期、代审，"
        "以及以自己的稿子为准保存。"
    )
    columns: ClassVar[list[Column]] = [
        Column("at", label="时间", accessor=_moment("at"), classname="listing-time"),
        ArticleColumn("article", label="文章", width="24%"),
        Column("what", label="事项", width="14%"),
        Column("words", label="经过", classname="report-words"),
    ]
    sheet_columns: ClassVar[Sequence[tuple[str, Any, int]]] = [
        ("时间", _value("at"), 17),
        ("文章", _title, 36),
        ("栏目", _column, 16),
        ("事项", _value("what"), 16),
        ("经过", _value("words"), 80),
    ]

    def rows(self) -> list[Exceptional]:
        return reading.exceptions(self.span)

    def sentences(self) -> list[str]:
        counts = Counter(row.what for row in self.found).most_common()
        listed = "，".join(f"{what}{count}次" for what, count in counts)
        return [f"{self.span.label}共有{len(self.found)}次例外操作：{listed}。"]


class SlipReport(ReviewReport):
    """校对差错."""

    key = "slips"
    page_title = "校对差错"
    nothing = "还没有填了差错数的审核。审核人通过稿件时填写校对差错数，这里就有数字。"
    columns: ClassVar[list[Column]] = [
        Column("month", label="月份", accessor=lambda row: row.month.label),
        Column("stage", label="环节"),
        Column("texts", label="审校次数"),
        Column("slips", label="校出差错"),
        Column("per_text", label="平均每次"),
    ]
    sheet_columns: ClassVar[Sequence[tuple[str, Any, int]]] = [
        ("月份", lambda row: row.month.first_day, 12),
        ("环节", _value("stage"), 12),
        ("审校次数", _value("texts"), 12),
        ("校出差错", _value("slips"), 12),
        ("平均每次", _value("per_text"), 12),
    ]

    def rows(self) -> list[SlipRow]:
        return counting.slips(reading.verdicts(self.span))

    def sentences(self) -> list[str]:
        total = Counter()
        for row in self.found:
            total[row.stage] += row.slips
        listed = "，".join(f"{stage}校出{count}处" for stage, count in total.items())
        return [
            f"{self.span.label}通过的稿件里，三审一共校出{sum(total.values())}处差错：{listed}。",
            "差错数说的是稿件，用来改进写稿和审稿，不用来评比人员。",
        ]


REPORTS: tuple[type[ReviewReport], ...] = (
    PaceReport,
    ReturnReport,
    LateReport,
    UrgentReport,
    ExceptionReport,
    SlipReport,
)
