"""Query parameters: what they are called, what they may hold, and the sentence when they do not."""

from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..models import Account, Board, ClaimStatus, State, Status
from ..periods import Month, PeriodError
from .errors import BadParameter

MONTH_PATTERN = r"^\d{4}-\d{2}$"
PUBLIC_STATUS = [(each.value, each.label) for each in (Status.CONFIRMED, Status.REPORTED)]
PUBLIC_CLAIMS = [
    (each.value, each.label)
    for each in (ClaimStatus.APPROVED, ClaimStatus.REVIEW, ClaimStatus.WITHDRAWN)
]


@extend_schema_field({"type": "string", "pattern": MONTH_PATTERN, "example": "2019-08"})
class MonthParam(serializers.CharField):
    """A month as ``YYYY-MM``, as a :class:`Month`."""

    def to_internal_value(self, data: Any) -> Month:
        try:
            return Month.parse(super().to_internal_value(data))
        except PeriodError as error:
            raise serializers.ValidationError(str(error)) from error


class _KeyParam(serializers.CharField):
    """The key of a row, as the row."""

    model: type
    word: str

    def to_internal_value(self, data: Any) -> Any:
        key = super().to_internal_value(data)
        found = self.model.objects.filter(key=key).first()
        if found is None:
            raise serializers.ValidationError(
                f"没有编号为“{key[:64]}”的{self.word}，编号见 /api/v1/{self.listing}/。"
            )
        return found


class BoardParam(_KeyParam):
    model, word, listing = Board, "榜单", "boards"


class AccountParam(_KeyParam):
    model, word, listing = Account, "公众号", "accounts"


# Refusals of the framework that name no way out.
_SENTENCES = {"required": "必须填写。", "blank": "不能是空的，不需要就不要写这个参数。"}


class Params(serializers.Serializer):
    """Base: refuses names it does not know, so that a slip of the pen never answers everything."""

    @classmethod
    def read(cls, query: QueryDict, also: frozenset[str]) -> dict[str, Any]:
        """The values given, by name. ``also`` are names that somebody else reads.

        Raises ``BadParameter``.
        """
        params = cls(data={name: value for name, value in query.items() if name not in also})
        for name in params.initial_data:
            if name not in params.fields:
                known = "、".join([*params.fields, *sorted(also)])
                raise BadParameter(name[:40], f"没有这个参数，可以用的有：{known}。")
        if not params.is_valid():
            name, [error, *_] = next(iter(params.errors.items()))
            raise BadParameter(name, _SENTENCES.get(error.code) or str(error))
        values = params.validated_data
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            raise BadParameter("until", f"截止月份 {until} 早于起始月份 {since}，请调换。")
        return values


class AccountParams(Params):
    q = serializers.CharField(
        required=False, max_length=50, help_text="名称、微信号或曾用名里的一段文字。"
    )
    board = BoardParam(required=False, help_text="榜单编号：只要这个榜单上有名次记录的公众号。")
    confirmed = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="true 只要已核对的公众号，false 反之。",
    )


class BoardParams(Params):
    example = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="false 不要示例榜单，true 只要示例榜单。",
    )
    account = AccountParam(required=False, help_text="公众号编号：只要有它名次记录的榜单。")


class PeriodParams(Params):
    board = BoardParam(help_text="榜单编号，必填。")
    since = MonthParam(required=False, help_text="起始月份（含），例如 2017-09。")
    until = MonthParam(required=False, help_text="截止月份（含），例如 2019-08。")


class ObservationParams(Params):
    board = BoardParam(required=False, help_text="榜单编号。")
    account = AccountParam(required=False, help_text="公众号编号。")
    since = MonthParam(required=False, help_text="起始月份（含），例如 2017-09。")
    until = MonthParam(required=False, help_text="截止月份（含），例如 2019-08。")
    state = serializers.ChoiceField(
        State.choices, required=False, help_text="状态：有名次、未上榜、未发布或不详。"
    )
    status = serializers.ChoiceField(
        PUBLIC_STATUS, required=False, help_text="核实情况：已核实或据报道。"
    )


class StreakParams(Params):
    board = BoardParam(help_text="榜单编号，必填；只能是月榜。")
    account = AccountParam(required=False, help_text="公众号编号；不写则列出榜单上的全部。")
    as_of = MonthParam(required=False, help_text="截至月份，例如 2019-08；不写则截至榜单最后一期。")


class ClaimParams(Params):
    board = BoardParam(required=False, help_text="榜单编号。")
    account = AccountParam(required=False, help_text="公众号编号。")
    since = MonthParam(required=False, help_text="只要覆盖到这个月或以后的结论。")
    until = MonthParam(required=False, help_text="只要覆盖到这个月或以前的结论。")
    status = serializers.ChoiceField(
        PUBLIC_CLAIMS, required=False, help_text="情况：有效、需复核或已撤回。"
    )


class NoParams(Params):
    """A single object takes none."""
