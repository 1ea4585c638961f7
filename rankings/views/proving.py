"""补证: one month, one source, one file."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from .. import reports, services
from ..models import Account, Board, Edition, Observation, SourceKind, State, Status
from ..periods import Month, Period
from .base import RankingScreen, account_or_404, board_or_404, month_or_404
from .capture_choice import CaptureField, captures_near
from .import_forms import EvidenceField, length_of

# What the next month's source most likely has in common with this one's.
CARRIED = ("source_kind", "source_name", "list_size", "method", "edition")


class ProofForm(forms.Form):
    """What a source says about an account in a month, and what proves that it says so."""

    state = forms.ChoiceField(
        label="这份资料说",
        choices=[
            (State.RANKED, "公众号在榜上"),
            (State.ABSENT, "榜单里没有这个公众号"),
            (State.NOT_ISSUED, "当月没有发布榜单（停发）"),
        ],
        widget=forms.RadioSelect,
        initial=State.RANKED,
    )
    rank = forms.IntegerField(label="名次", min_value=1, required=False)
    tied = forms.BooleanField(label="并列", required=False)
    source_kind = forms.ChoiceField(
        label="来源种类", choices=SourceKind.choices, initial=SourceKind.PUBLISHER
    )
    source_name = forms.CharField(
        label="来源名称",
        max_length=length_of("source_name"),
        error_messages={"required": "请写明是谁发布的。"},
    )
    source_url = forms.URLField(
        label="来源网址", required=False, max_length=length_of("source_url"), assume_scheme="https"
    )
    published = forms.DateField(label="发布日期", required=False, widget=AdminDateInput)
    list_size = forms.IntegerField(
        label="公布名次数", required=False, min_value=1, help_text="只公布前 N 名的榜单填 N。"
    )
    method = forms.CharField(label="计算方法", required=False, max_length=length_of("method"))
    edition = forms.ChoiceField(
        label="版次", required=False, choices=Edition.choices, initial=Edition.FINAL
    )
    status = forms.ChoiceField(
        label="核实情况",
        choices=[
            (Status.CONFIRMED, "已核实：看到了榜单原件（等第二人复核）"),
            (Status.REPORTED, "据报道：只是有人这样说"),
        ],
        widget=forms.RadioSelect,
        initial=Status.CONFIRMED,
    )
    evidence = EvidenceField(
        label="榜单原件",
        help_text="图片、PDF、保存的网页、CSV 或 XLSX，最大 20 MB；截图可以直接粘贴。",
    )
    capture = CaptureField(label="或选用已有的存证")
    note = forms.CharField(label="备注", required=False, max_length=length_of("note"))
    reason = forms.CharField(
        label="更正理由",
        required=False,
        max_length=length_of("reason"),
        help_text="同一来源已有不同的记录时才要写。",
    )

    def __init__(
        self, board: Board, account: Account, month: Month, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = (board, account, month)
        self.fields["capture"].offer(
            captures_near(board, month.first_day, month.last_day, account=account)
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        state, rank = data.get("state"), data.get("rank")
        if state == State.RANKED and rank is None and "rank" not in self.errors:
            self.add_error("rank", "公众号在榜上，请填写名次。")
        if state in (State.ABSENT, State.NOT_ISSUED):
            # What was typed before another answer was chosen says nothing any more.
            data["rank"], data["tied"] = None, False
        confirmed = data.get("status") == Status.CONFIRMED
        if confirmed and data.get("source_kind") == SourceKind.SELF:
            self.add_error("source_kind", "自述不能作为核实的依据，请换一个来源，或改为据报道。")
        if (
            confirmed
            and data.get("evidence") is None
            and data.get("capture") is None
            and not {"evidence", "capture"} & self.errors.keys()
        ):
            self.add_error("evidence", "已核实的记录必须有存证，请上传原件，或选用已有的存证。")
        return data

    def proof(self) -> services.Proof:
        """What was said; only for a valid form."""
        board, account, month = self.about
        data = self.cleaned_data
        file = data["evidence"]
        not_issued = data["state"] == State.NOT_ISSUED
        return services.Proof(
            board=board,
            period=Period.of_month(month),
            account=None if not_issued else account,
            source=services.SourceRef(data["source_kind"], data["source_name"], data["source_url"]),
            status=data["status"],
            state=data["state"],
            rank=data["rank"],
            tied=data["tied"],
            edition=data["edition"] or Edition.FINAL,
            published=data["published"],
            list_size=data["list_size"],
            method=data["method"],
            note=data["note"],
            upload=None if file is None else file.read(),
            capture=data["capture"],
        )

    FILE = ("evidence", "capture")
    PLACE = ("state", "rank", "tied", "status")
    SOURCE = ("source_kind", "source_name", "source_url", "published")
    MORE = ("list_size", "method", "edition", "note", "reason")

    def _fields(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def file_fields(self) -> list[forms.BoundField]:
        return self._fields(self.FILE)

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return self._fields(self.PLACE)

    @property
    def source_fields(self) -> list[forms.BoundField]:
        return self._fields(self.SOURCE)

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return self._fields(self.MORE)

    @property
    def more_open(self) -> bool:
        return any(self.errors.get(name) for name in self.MORE) or any(
            self[name].value() not in (None, "", Edition.FINAL) for name in self.MORE
        )


class AddProofView(RankingScreen):
    """``?board=&account=&month=``, and source fields carried over from the month before."""

    title = "补证"
    permissions = ("record_observation",)
    template_name = "rankings/admin/prove.html"
    header_icon = "upload"

    def get_page_subtitle(self) -> str:
        return f"{self.account} · {self.month.label}"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.account, self.month, self.board = None, None, None
        return super().dispatch(request, *args, **kwargs)

    def _load(self, request: HttpRequest) -> None:
        self.board = board_or_404(request.GET.get("board", ""))
        self.account = account_or_404(request.GET.get("account", ""))
        self.month = month_or_404(request.GET.get("month", ""))

    def get(self, request: HttpRequest) -> HttpResponse:
        self._load(request)
        carried = {name: request.GET[name] for name in CARRIED if request.GET.get(name)}
        initial = {"source_name": self.board.publisher, "list_size": self.board.list_size}
        form = ProofForm(self.board, self.account, self.month, initial={**initial, **carried})
        return self._show(form)

    def post(self, request: HttpRequest) -> HttpResponse:
        self._load(request)
        form = ProofForm(self.board, self.account, self.month, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            row = services.record_proof(
                request.user, form.proof(), reason=form.cleaned_data["reason"]
            )
        except services.RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        self._tell(row, form)
        return redirect("rankings:month_detail", self.board.key, self.account.key, str(self.month))

    def _tell(self, row: Observation, form: ProofForm) -> None:
        """What became of it, and the way to the next month."""
        if row.status == Status.PROPOSED:
            text = f"{self.month.label}已录入，等另一位同事复核后计入。"
        else:
            text = f"{self.month.label}已按据报道录入。"
        buttons = []
        following = reports.next_unproved(self.board, self.account, self.month)
        if following is not None:
            text += f"这一段连续里还有 {following.left} 个月没有核实。"
            carried = {name: value for name in CARRIED if (value := form.cleaned_data.get(name))}
            address = prove_address(following.board, self.account, following.month, **carried)
            buttons = [messages.button(address, f"接着补{following.month.label}")]
        messages.success(self.request, text, buttons=buttons)

    def _show(self, form: ProofForm, status: int = 200) -> HttpResponse:
        detail = reports.month_detail(self.board, self.account, self.month)
        return self.show(
            status=status,
            form=form,
            media=form.media,
            detail=detail,
            cards=[reports.statement_card(row) for row in detail.observations if row.is_current],
        )


def prove_address(board: Board, account: Account, month: Month, **fields: Any) -> str:
    """The form for a month, with ``fields`` filled in."""
    query = {"board": board.key, "account": account.key, "month": str(month), **fields}
    return f"{reverse('rankings:evidence_add')}?{urlencode(query)}"
