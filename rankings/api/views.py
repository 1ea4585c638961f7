"""The endpoints. Each asks a fixed number of queries, however long the page is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import MethodNotAllowed, NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from .. import queries
from ..models import (
    Account,
    Board,
    Claim,
    ClaimStatus,
    Observation,
    SourceKind,
    State,
    Status,
)
from ..periods import Period
from . import examples, params, serializers
from .errors import NOT_FOUND, BadParameter, answer
from .paging import Cursor, Pages
from .throttling import AddressThrottle

#: How long a cache between us and the reader may answer for us.
CACHE_SECONDS = 60
PUBLIC_CLAIMS = (ClaimStatus.APPROVED, ClaimStatus.REVIEW, ClaimStatus.WITHDRAWN)


class AlwaysJson(BaseContentNegotiation):
    """JSON whatever the client says it accepts: there is nothing else."""

    def select_parser(self, request: Request, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Methods(BaseMetadata):
    """The answer to OPTIONS."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return {
            "methods": ["GET", "HEAD", "OPTIONS"],
            "docs": "/api/v1/",
            "schema": "/api/v1/schema/",
        }


@method_decorator(conditional_page, name="dispatch")
class ReadView(GenericAPIView):
    """Reads for everybody: no session, no cookie, no way to write."""

    http_method_names = ["get", "head", "options"]
    authentication_classes = []
    permission_classes = []
    parser_classes = []
    renderer_classes = [JSONRenderer]
    throttle_classes = [AddressThrottle]
    content_negotiation_class = AlwaysJson
    metadata_class = Methods
    pagination_class = Pages
    params_class: type[params.Params] = params.NoParams

    def get_exception_handler(self) -> Any:
        return answer

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        if response.status_code == 200:
            response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
        else:
            response["Cache-Control"] = "no-store"
        return response

    def read_params(self) -> dict[str, Any]:
        """The checked query parameters. Raises ``BadParameter``."""
        also = self.pagination_class.names if self.pagination_class else frozenset()
        return self.params_class.read(self.request.query_params, also)

    def page(self, rows: Any) -> Response:
        """One page of ``rows`` (a queryset or a list) through the serializer."""
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(self.present(page), many=True).data)

    def present(self, page: list[Any]) -> Iterable[Any]:
        """The rows of a page as the serializer wants them."""
        return page


def endpoint(
    summary: str, description: str, params_class: Any, example: Any, **options: Any
) -> Any:
    """``extend_schema`` with what all endpoints share."""
    refusals = {
        400: OpenApiResponse(serializers.ErrorSerializer, "参数有误，message 说明怎么改。"),
        429: OpenApiResponse(
            serializers.ErrorSerializer, "请求太频繁；过多少秒再试见 Retry-After。"
        ),
    }
    parameters: list[Any] = [params_class] if params_class else []
    if name := options.pop("single", ""):
        refusals[404] = OpenApiResponse(serializers.ErrorSerializer, "没有这条记录。")
        parameters.append(OpenApiParameter(name, str, "path", description="编号，见列表的回答。"))
    return extend_schema(
        summary=summary,
        description=description,
        parameters=parameters,
        responses={200: options.pop("answer"), **refusals},
        examples=[OpenApiExample("示例", value=example, response_only=True, status_codes=["200"])],
        auth=[],
        **options,
    )


# --- accounts and boards ----------------------------------------------------------------------


def _public() -> Any:
    return Observation.objects.in_force()


def _accounts() -> QuerySet[Account]:
    """Accounts, marked as examples where only example boards know them."""
    mine = _public().filter(account=OuterRef("pk"))
    return Account.objects.annotate(
        is_example=Q(Exists(mine.filter(board__is_example=True)))
        & ~Q(Exists(mine.filter(board__is_example=False)))
    ).prefetch_related("names")


class AccountList(ReadView):
    serializer_class = serializers.AccountSerializer
    params_class = params.AccountParams
    queryset = Account.objects.none()

    @endpoint(
        "公众号",
        "有记录的公众号和它们的历次名称，按名称排列。confirmed 为 false 的还没有人核对。",
        params.AccountParams,
        examples.ACCOUNT,
        answer=serializers.AccountSerializer(many=True),
        operation_id="accounts",
    )
    def get(self, request: Request) -> Response:
        given = self.read_params()
        rows = _accounts().order_by("name", "key")
        if given.get("q"):
            part = given["q"]
            named = Account.names.rel.related_model.objects.filter(
                account=OuterRef("pk"), name__icontains=part
            )
            rows = rows.filter(Q(wechat_id__icontains=part) | Exists(named))
        if given.get("board"):
            rows = rows.filter(
                Exists(_public().filter(account=OuterRef("pk"), board=given["board"]))
            )
        if given.get("confirmed") is not None:
            rows = rows.filter(confirmed=given["confirmed"])
        return self.page(rows)


class OneAccount(ReadView):
    serializer_class = serializers.AccountSerializer
    pagination_class = None
    queryset = Account.objects.none()

    @endpoint(
        "一个公众号",
        "按编号取一个公众号。",
        None,
        examples.ACCOUNT,
        answer=serializers.AccountSerializer,
        operation_id="account",
        single="key",
    )
    def get(self, request: Request, key: str) -> Response:
        self.read_params()
        return Response(self.get_serializer(_one(_accounts(), key=key)).data)


class BoardList(ReadView):
    serializer_class = serializers.BoardSerializer
    params_class = params.BoardParams
    queryset = Board.objects.none()

    @endpoint(
        "榜单",
        "全部榜单，示例榜单排在最后。",
        params.BoardParams,
        examples.BOARD,
        answer=serializers.BoardSerializer(many=True),
        operation_id="boards",
    )
    def get(self, request: Request) -> Response:
        given = self.read_params()
        rows = Board.objects.order_by("is_example", "name", "key")
        if given.get("example") is not None:
            rows = rows.filter(is_example=given["example"])
        if given.get("account"):
            rows = rows.filter(
                Exists(_public().filter(board=OuterRef("pk"), account=given["account"]))
            )
        return self.page(rows)


class OneBoard(ReadView):
    serializer_class = serializers.BoardSerializer
    pagination_class = None
    queryset = Board.objects.none()

    @endpoint(
        "一个榜单",
        "按编号取一个榜单。",
        None,
        examples.BOARD,
        answer=serializers.BoardSerializer,
        operation_id="board",
        single="key",
    )
    def get(self, request: Request, key: str) -> Response:
        self.read_params()
        return Response(self.get_serializer(_one(Board.objects.all(), key=key)).data)


def _one(rows: QuerySet[Any], **where: str) -> Any:
    found = rows.filter(**where).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


# --- periods and observations -----------------------------------------------------------------


class PeriodList(ReadView):
    serializer_class = serializers.PeriodSerializer
    params_class = params.PeriodParams
    queryset = Observation.objects.none()

    @endpoint(
        "统计期",
        "一个榜单有记录的各期，新的在前：发布了没有，有多少条名次已核实、多少条只是据报道。",
        params.PeriodParams,
        examples.PERIOD,
        answer=serializers.PeriodSerializer(many=True),
        operation_id="periods",
    )
    def get(self, request: Request) -> Response:
        given = self.read_params()
        self.board = given["board"]
        proving = Q(status=Status.CONFIRMED) & ~Q(source_kind=SourceKind.SELF)
        listed = Q(state__in=[State.RANKED, State.ABSENT])
        rows = (
            _within(_public().filter(board=self.board), given)
            .order_by()
            .values("start", "end", "period_kind")
            .annotate(
                confirmed=Count("pk", filter=proving & listed),
                reported=Count("pk", filter=listed & ~proving),
                not_issued=Count("pk", filter=proving & Q(state=State.NOT_ISSUED)),
                first_published=Min("published"),
            )
            .order_by("-start", "-end", "period_kind")
        )
        return self.page(rows)

    def present(self, page: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        """Add what each period's list calls its method: one query for the page."""
        methods: dict[tuple[Any, Any], list[str]] = {}
        for start, end, method in (
            _public()
            .filter(board=self.board, start__in={row["start"] for row in page})
            .exclude(method="")
            .order_by("method")
            .values_list("start", "end", "method")
            .distinct()
        ):
            methods.setdefault((start, end), []).append(method)
        for row in page:
            yield {
                "board": self.board.key,
                "period": str(Period(row["start"], row["end"])),
                "start": row["start"],
                "end": row["end"],
                "kind": row["period_kind"],
                "issued": True if row["confirmed"] else False if row["not_issued"] else None,
                "confirmed": row["confirmed"],
                "reported": row["reported"],
                "published": row["first_published"],
                "methods": methods.get((row["start"], row["end"]), []),
                "is_example": self.board.is_example,
            }


def _within(rows: QuerySet[Any], given: dict[str, Any]) -> QuerySet[Any]:
    """Rows whose period touches the months asked for."""
    if given.get("since"):
        rows = rows.filter(end__gte=given["since"].first_day)
    if given.get("until"):
        rows = rows.filter(start__lte=given["until"].last_day)
    return rows


class ObservationList(ReadView):
    serializer_class = serializers.ObservationSerializer
    params_class = params.ObservationParams
    pagination_class = Cursor
    queryset = Observation.objects.none()

    @endpoint(
        "名次记录",
        "现行的名次记录，后录入的在前。只含已核实和据报道的；待复核、已退回和被取代的版本不列。"
        "proves 为 false 的只是报道或自述，不能当作证明。",
        params.ObservationParams,
        examples.OBSERVATION,
        answer=serializers.ObservationSerializer(many=True),
        operation_id="observations",
    )
    def get(self, request: Request) -> Response:
        given = self.read_params()
        rows = _within(_public(), given).select_related("board", "account", "capture").order_by()
        for name in ("board", "account", "state", "status"):
            if given.get(name):
                rows = rows.filter(**{name: given[name]})
        return self.page(rows)


# --- streaks and claims -----------------------------------------------------------------------


class StreakList(ReadView):
    serializer_class = serializers.StreakSerializer
    params_class = params.StreakParams
    queryset = Observation.objects.none()

    @endpoint(
        "连续榜首",
        "月榜上各公众号现在的和最长的连续榜首，最长的在前。proved 逐月有已核实的证据；possible 还"
        "算上据报道和不详的月份，不能当作已证明的结论。",
        params.StreakParams,
        examples.STREAK,
        answer=serializers.StreakSerializer(many=True),
        operation_id="streaks",
    )
    def get(self, request: Request) -> Response:
        given = self.read_params()
        board = given["board"]
        if not board.is_monthly:
            raise BadParameter("board", f"《{board.name}》不是月榜，连续榜首只按月计算。")
        standings = queries.board_standings(
            board, account=given.get("account"), as_of=given.get("as_of")
        )
        self.board, self.as_of = board, standings.as_of
        return self.page(standings.accounts)

    def present(self, page: list[queries.AccountStreaks]) -> Iterable[dict[str, Any]]:
        for row in page:
            yield {
                "board": self.board.key,
                "account": row.account,
                "as_of": self.as_of,
                "current": row.current.as_json(),
                "longest": row.longest.as_json(),
                "is_example": self.board.is_example,
            }


class ClaimList(ReadView):
    serializer_class = serializers.ClaimSerializer
    params_class = params.ClaimParams
    queryset = Claim.objects.none()

    @endpoint(
        "结论",
        "批准过的结论，新的在前。status 为 review 的所依据的记录有变化，暂不要引用；withdrawn 的"
        "已撤回。",
        params.ClaimParams,
        examples.CLAIM,
        answer=serializers.ClaimSerializer(many=True),
        operation_id="claims",
    )
    def get(self, request: Request) -> Response:
        given = self.read_params()
        rows = _claims()
        for name in ("board", "account", "status"):
            if given.get(name):
                rows = rows.filter(**{name: given[name]})
        if given.get("since"):
            rows = rows.filter(end__gte=given["since"].index)
        if given.get("until"):
            rows = rows.filter(start__lte=given["until"].index)
        return self.page(rows)


class OneClaim(ReadView):
    serializer_class = serializers.ClaimDetailSerializer
    pagination_class = None
    queryset = Claim.objects.none()

    @endpoint(
        "一个结论",
        "按编号取一个结论，连同所依据的逐月记录和存证的哈希。",
        None,
        examples.CLAIM_DETAIL,
        answer=serializers.ClaimDetailSerializer,
        operation_id="claim",
        single="number",
    )
    def get(self, request: Request, number: str) -> Response:
        self.read_params()
        sources = Observation.objects.select_related("board", "capture")
        rows = _claims().prefetch_related(Prefetch("observations", sources))
        return Response(self.get_serializer(_one(rows, number=number)).data)


def _claims() -> QuerySet[Claim]:
    """Never what was only proposed, or sent back."""
    return (
        Claim.objects.filter(status__in=PUBLIC_CLAIMS)
        .select_related("board", "account")
        .defer("frozen", "findings")
        .order_by("-made_at", "-pk")
    )


class Nothing(ReadView):
    """Any other address below /api/v1/: a sentence as JSON, not a page."""

    pagination_class = None
    queryset = Claim.objects.none()

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str = "") -> Response:
        raise NotFound(NOT_FOUND)

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise MethodNotAllowed(request.method)
