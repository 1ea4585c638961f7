"""What the API tells about each thing. Field by field: nothing is public by accident.

No names of staff, no internal notes, no reasons of corrections; evidence is its hash and where it
was met, never its bytes.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..importing.columns import FIGURE_LABELS
from ..models import (
    ClaimProof,
    Edition,
    NameKind,
    Observation,
    PeriodKind,
    SourceKind,
    State,
    Status,
    Superlative,
)
from ..periods import Month, Period
from .params import MONTH_PATTERN, PUBLIC_CLAIMS, PUBLIC_STATUS

BOUNDS = [("exact", "准确"), ("at_least", "不少于"), ("at_most", "不多于"), ("about", "约")]
EXAMPLE_HELP = "示例数据：名称和数值都是虚构的，不得引用。"


def _text(help_text: str, **options: Any) -> serializers.CharField:
    return serializers.CharField(help_text=help_text, **options)


def _flag(help_text: str, **options: Any) -> serializers.BooleanField:
    return serializers.BooleanField(help_text=help_text, **options)


def _choice(choices: Any, help_text: str, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices, help_text=help_text, **options)


@extend_schema_field({"type": "string", "pattern": MONTH_PATTERN})
class MonthField(serializers.Field):
    """A month index or a ``Month`` as ``YYYY-MM``."""

    def to_representation(self, value: int | Month) -> str:
        return str(Month.from_index(value) if isinstance(value, int) else value)


@extend_schema_field({"type": "number"})
class NumberField(serializers.Field):
    """Whole numbers stay whole."""

    def to_representation(self, value: int | float) -> int | float:
        return value


class NameSerializer(serializers.Serializer):
    name = _text("名称。")
    kind = _choice(NameKind.choices, "名称或别名。")
    valid_from = serializers.DateField(allow_null=True, help_text="起用日期，不知道时为 null。")
    valid_to = serializers.DateField(allow_null=True, help_text="停用日期，仍在用时为 null。")


class AccountSerializer(serializers.Serializer):
    key = _text("编号，不会改变。")
    name = _text("现用名称。")
    wechat_id = _text("微信号，不知道时为空。")
    place = _text("所属地区。")
    is_ours = _flag("是不是本站的公众号。")
    confirmed = _flag("是否经人核对；false 是抓取时遇到的陌生名称，还没有人核对是谁。")
    is_example = _flag(EXAMPLE_HELP)
    names = NameSerializer(many=True, help_text="历次名称和别名。")


class AccountRefSerializer(serializers.Serializer):
    key = _text("公众号编号。")
    name = _text("现用名称。")
    confirmed = _flag("是否经人核对。")


class BoardSerializer(serializers.Serializer):
    key = _text("编号，不会改变。")
    name = _text("名称。")
    publisher = _text("发布机构。")
    scope = _text("范围，例如 县级。")
    metric = _text("指标，例如 WCI。")
    period_kind = _choice(PeriodKind.choices, "统计期：月、周、日或自定。")
    list_size = serializers.IntegerField(
        allow_null=True, help_text="只公布前 N 名时的 N；公布全部或不知道时为 null。"
    )
    is_example = _flag(EXAMPLE_HELP)


class PeriodSerializer(serializers.Serializer):
    board = _text("榜单编号。")
    period = _text("统计期：2019-08，或 2019-08-04/2019-08-10。")
    start = serializers.DateField(help_text="第一天。")
    end = serializers.DateField(help_text="最后一天。")
    kind = _choice(PeriodKind.choices, "统计期种类。")
    issued = _flag(
        "true：有已核实的名次，榜单发布了；false：已核实没有发布；null：只有报道或自述。",
        allow_null=True,
    )
    confirmed = serializers.IntegerField(help_text="已核实（自述除外）的名次条数。")
    reported = serializers.IntegerField(help_text="据报道或自述的条数，不作为证明。")
    published = serializers.DateField(allow_null=True, help_text="最早的发布日期。")
    methods = serializers.ListField(
        child=serializers.CharField(), help_text="当期注明的计算方法；不同方法的指数不能相比。"
    )
    is_example = _flag(EXAMPLE_HELP)


class FigureSerializer(serializers.Serializer):
    value = NumberField(help_text="数值。")
    bound = _choice(BOUNDS, "数值是准确、不少于、不多于还是约数。")
    capped = _flag("单篇 10万+：平台封顶，真实值不少于 100001。")
    raw = _text("原文怎么印的。")


class EvidenceSerializer(serializers.Serializer):
    sha256 = _text("存证内容的 SHA-256；存证原件不公开。")
    url = _text("存证来自的网址，没有网址时为空。")


FIGURES_HELP = "印出的数值，没有印的不列：" + "、".join(
    f"{key} {label}" for key, label in FIGURE_LABELS.items()
)


class ObservationSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="记录号；更正后的新版本另有记录号。")
    board = _text("榜单编号。", source="board.key")
    period = _text("统计期：2019-08，或 2019-08-04/2019-08-10。")
    account = AccountRefSerializer(allow_null=True, help_text="公众号；榜单没有发布的记录为 null。")
    state = _choice(State.choices, "状态：有名次、未上榜、未发布或不详。")
    rank = serializers.IntegerField(allow_null=True, help_text="名次；没有名次时为 null。")
    rank_min = serializers.IntegerField(
        allow_null=True, help_text="未上只公布前 N 名的榜时，名次至少是 N+1。"
    )
    tied = _flag("并列。")
    status = _choice(PUBLIC_STATUS, "已核实，或只是据报道。")
    proves = _flag("是否作为证明：已核实，而且不是公众号自己说的。")
    source_kind = _choice(SourceKind.choices, "来源种类，越靠前越有分量。")
    source_name = _text("来源名称。")
    source_url = _text("来源网址。")
    edition = _choice(Edition.choices, "正式或初步。")
    published = serializers.DateField(allow_null=True, help_text="来源发布的日期。")
    list_size = serializers.IntegerField(allow_null=True, help_text="来源只公布前 N 名时的 N。")
    method = _text("来源注明的计算方法。")
    unit = _text("来源印的主体单位。")
    figures = serializers.DictField(child=FigureSerializer(), help_text=FIGURES_HELP)
    evidence = EvidenceSerializer(allow_null=True, help_text="存证；没有存证时为 null。")
    version = serializers.IntegerField(help_text="第几版；2 起是更正过的。")
    recorded_at = serializers.DateTimeField(help_text="录入时间。")
    is_example = _flag(EXAMPLE_HELP)

    def to_representation(self, row: Observation) -> dict[str, Any]:
        # By hand: two hundred rows a page through as many fields would be the slowest part.
        return {
            "id": row.pk,
            "board": row.board.key,
            "period": str(Period(row.start, row.end)),
            "account": account_ref(row),
            "state": row.state,
            "rank": row.rank,
            "rank_min": row.rank_min,
            "tied": row.tied,
            "status": row.status,
            "proves": proves(row),
            "source_kind": row.source_kind,
            "source_name": row.source_name,
            "source_url": row.source_url,
            "edition": row.edition,
            "published": row.published,
            "list_size": row.list_size,
            "method": row.method,
            "unit": row.unit,
            "figures": figures(row.figures),
            "evidence": evidence(row),
            "version": row.version,
            "recorded_at": timezone.localtime(row.recorded_at),
            "is_example": row.board.is_example,
        }


def proves(row: Observation) -> bool:
    """Whether the statement counts as proof: a report or an account's own word never does."""
    return row.status == Status.CONFIRMED and row.source_kind != SourceKind.SELF


def account_ref(row: Observation) -> dict[str, Any] | None:
    account = row.account
    if account is None:
        return None
    return {"key": account.key, "name": account.name, "confirmed": account.confirmed}


def evidence(row: Observation) -> dict[str, str] | None:
    """Hash and address; the address of the statement where the capture came without one."""
    if row.capture is None:
        return None
    return {"sha256": row.capture.sha256, "url": row.source_url}


def figures(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The known figures that hold a number, in one shape whatever brought them in."""
    found = {}
    for key in FIGURE_LABELS:
        each = stored.get(key)
        value = each.get("value") if isinstance(each, Mapping) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[key] = {
                "value": value,
                "bound": str(each.get("bound") or "exact"),
                "capped": bool(each.get("capped")),
                "raw": str(each.get("raw") or ""),
            }
    return found


class RunSerializer(serializers.Serializer):
    """``Run.as_json``, the object that the command ``streaks`` prints."""

    proved = serializers.IntegerField(help_text="逐月已核实的连续月数。")
    proved_from = MonthField(allow_null=True, help_text="已核实连续的第一个月。")
    proved_to = MonthField(allow_null=True, help_text="已核实连续的最后一个月。")
    possible = serializers.IntegerField(
        help_text="最多可能的月数：还算上据报道、不详和有争议的月份，不能当作已证明的结论。"
    )
    to = MonthField(allow_null=True, help_text="最多可能的最后一个月。")
    reported = serializers.IntegerField(help_text="其中只有报道的月数。")
    ties = serializers.IntegerField(help_text="其中并列第一的月数。")
    suspended = serializers.ListField(
        child=MonthField(), help_text="其间榜单停发的月份，不计入也不中断。"
    )
    unknown = serializers.ListField(child=MonthField(), help_text="其间不详或有争议的月份。")
    open_start = _flag("记录从这里才开始，真实的连续可能更长。")

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        # A Python keyword, hence not in the class body.
        fields["from"] = MonthField(allow_null=True, help_text="最多可能的第一个月。")
        return fields

    def to_representation(self, run: dict[str, Any]) -> dict[str, Any]:
        # Plain values already, in the order of the command.
        return run


class StreakSerializer(serializers.Serializer):
    board = _text("榜单编号。")
    account = AccountRefSerializer(help_text="公众号。")
    as_of = MonthField(allow_null=True, help_text="现在的连续截至哪个月；榜单没有记录时为 null。")
    current = RunSerializer(help_text="截至这个月的连续榜首。")
    longest = RunSerializer(help_text="记录中最长的连续榜首。")
    is_example = _flag(EXAMPLE_HELP)


class ClaimSourceSerializer(serializers.Serializer):
    period = _text("统计期。")
    board = _text("榜单编号。")
    status = _choice(PUBLIC_STATUS, "当时是已核实，还是据报道。")
    source_kind = _choice(SourceKind.choices, "来源种类。")
    source_name = _text("来源名称。")
    source_url = _text("来源网址。")
    evidence = EvidenceSerializer(allow_null=True, help_text="存证；没有存证时为 null。")


class ClaimSerializer(serializers.Serializer):
    number = _text("结论编号。")
    board = _text("榜单编号。", source="board.key")
    account = AccountRefSerializer(help_text="公众号。")
    text = _text("结论原文，批准后不再改动。")
    proof = _choice(
        ClaimProof.choices, "核实程度：逐月核实、部分核实或仅有报道；后两种不是已证明的结论。"
    )
    superlative = _choice(Superlative.choices, "最高级说法，没有时为空。", allow_blank=True)
    start = MonthField(help_text="第一个月。")
    end = MonthField(help_text="最后一个月。")
    length = serializers.IntegerField(help_text="月数。")
    status = _choice(PUBLIC_CLAIMS, "有效、需复核（所依据的记录有变化，暂不要引用）或已撤回。")
    public_note = _text("需复核或撤回时的说明，其他时候为空。")
    decided_at = serializers.DateTimeField(
        allow_null=True, help_text="批准的时间；撤回的是撤回的时间。"
    )
    sha256 = _text("证明材料的 SHA-256，批准后不变。", source="frozen_sha256")
    is_example = _flag(EXAMPLE_HELP, source="board.is_example")


class ClaimDetailSerializer(ClaimSerializer):
    sources = serializers.SerializerMethodField(help_text="所依据的逐月记录。")

    @extend_schema_field(ClaimSourceSerializer(many=True))
    def get_sources(self, claim: Any) -> list[dict[str, Any]]:
        """The statements the claim was frozen with, oldest first; versions replaced since stay."""
        rows = sorted(claim.observations.all(), key=lambda row: (row.start, row.pk))
        return [
            {
                "period": str(Period(row.start, row.end)),
                "board": row.board.key,
                "status": row.status,
                "source_kind": row.source_kind,
                "source_name": row.source_name,
                "source_url": row.source_url,
                "evidence": evidence(row),
            }
            for row in rows
        ]


class ErrorSerializer(serializers.Serializer):
    code = _text("出错种类，给程序看。")
    message = _text("一句话说明，给人看。")
