"""What the interface tells, what it never tells, and how it refuses."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rankings.evidence import service as evidence
from rankings.models import AccountName, Claim
from rankings.periods import Month
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .conftest import BASE

pytestmark = pytest.mark.django_db


def make_claim(board, account, status: str = "approved", **fields) -> Claim:
    number = f"JL-{Claim.objects.count() + 1}"
    start, end = Month(2017, 9), Month(2019, 8)
    return Claim.objects.create(
        number=number,
        board=board,
        account=account,
        proof="reported",
        start=start.index,
        end=end.index,
        length=24,
        text=f"结论{number}",
        frozen={"approver": "张三"},
        frozen_sha256="a" * 64,
        status=status,
        **fields,
    )


# --- accounts and boards ----------------------------------------------------------------------


def test_accounts_with_names_and_marks(ask, board, ours) -> None:
    AccountName.objects.create(account=ours, name="荷塘发布", valid_to="2018-12-31")
    stranger = AccountFactory(key="stranger", name="陌生号", confirmed=False)
    ObservationFactory(board=BoardFactory(is_example=True), account=stranger)
    ObservationFactory(board=board, account=ours)
    answer = ask("accounts/")
    assert answer["count"] == 2
    found = {each["key"]: each for each in answer["results"]}
    assert found["stranger"]["confirmed"] is False and found["stranger"]["is_example"] is True
    assert found["ours"]["is_example"] is False and found["ours"]["is_ours"] is True
    assert {name["name"] for name in found["ours"]["names"]} == {"在荷塘", "荷塘发布"}

    def keys(**query: str) -> list[str]:
        return [each["key"] for each in ask("accounts/", **query)["results"]]

    assert keys(q="荷塘发") == ["ours"]
    assert keys(board="county") == ["ours"]
    assert keys(confirmed="false") == ["stranger"]
    assert keys(confirmed="true") == ["ours"]
    assert ask("accounts/ours/")["name"] == "在荷塘"


def test_boards(ask, board, ours) -> None:
    BoardFactory(key="demo", name="演示榜", is_example=True)
    ObservationFactory(board=board, account=ours)
    assert [each["key"] for each in ask("boards/")["results"]] == ["county", "demo"]
    assert [each["key"] for each in ask("boards/", example="false")["results"]] == ["county"]
    assert [each["key"] for each in ask("boards/", account="ours")["results"]] == ["county"]
    assert ask("boards/demo/")["is_example"] is True


# --- periods and observations -----------------------------------------------------------------


def test_periods_say_whether_the_list_came_out(ask, board, ours) -> None:
    ObservationFactory(
        board=board, account=ours, period="2019-08", method="13.0", published="2019-09-08"
    )
    ObservationFactory(
        board=board, account=AccountFactory(), period="2019-08", rank=2, method="V13"
    )
    ObservationFactory(board=board, account=None, period="2019-07", state="not_issued", rank=None)
    ObservationFactory(board=board, account=ours, period="2019-06", status="reported")
    ObservationFactory(board=board, account=ours, period="2019-05", source_kind="self")
    ObservationFactory(board=board, account=ours, period="2019-04", status="proposed")
    rows = ask("periods/", board="county")["results"]
    assert [(row["period"], row["issued"]) for row in rows] == [
        ("2019-08", True),
        ("2019-07", False),
        ("2019-06", None),
        ("2019-05", None),
    ]
    assert (rows[0]["confirmed"], rows[0]["methods"], rows[0]["published"]) == (
        2,
        ["13.0", "V13"],
        "2019-09-08",
    )
    assert (rows[3]["confirmed"], rows[3]["reported"]) == (0, 1)
    some = ask("periods/", board="county", since="2019-06", until="2019-07")["results"]
    assert [row["period"] for row in some] == ["2019-07", "2019-06"]


def test_only_statements_in_force_and_nothing_of_the_office(ask, client, board, ours) -> None:
    person = UserFactory(display_name="录入员小荷")
    capture = evidence.store(
        b"<table>", kind="page", url="https://example.org/list", fetched_at=timezone.now()
    ).capture
    shown = ObservationFactory(
        board=board,
        account=ours,
        recorded_by=person,
        confirmed_by=person,
        note="内部备注",
        reason="更正理由",
        capture=capture,
        source_url="https://example.org/list",
        figures={
            "reads": {"value": 63028, "bound": "exact", "raw": "63028"},
            "index": {"value": None},
            "strange": {"value": 1},
        },
    )
    ObservationFactory(board=board, period="2019-07", status="proposed")
    ObservationFactory(board=board, period="2019-07", status="rejected", is_current=False)
    ObservationFactory(board=board, period="2019-07", is_current=False)
    own = ObservationFactory(board=board, account=ours, period="2019-06", source_kind="self")
    rows = ask("observations/")["results"]
    assert [row["id"] for row in rows] == [own.pk, shown.pk]
    assert [row["proves"] for row in rows] == [False, True]
    assert rows[1]["evidence"] == {"sha256": capture.sha256, "url": "https://example.org/list"}
    assert rows[1]["figures"] == {
        "reads": {"value": 63028, "bound": "exact", "capped": False, "raw": "63028"}
    }
    make_claim(board, ours, made_by=person, decided_by=person, decision_reason="内部意见")
    for path in ("observations/", "accounts/", "boards/", "claims/", "claims/JL-1/"):
        text = client.get(BASE + path).content.decode()
        for secret in ("录入员小荷", "内部备注", "更正理由", "内部意见", "张三", "<table>"):
            assert secret not in text
    assert "在荷塘" in client.get(BASE + "observations/").content.decode()


def test_observations_are_filtered_and_turned_page_by_page(ask, board, ours) -> None:
    for month in range(1, 8):
        ObservationFactory(board=board, account=ours, period=f"2019-{month:02d}")
    ObservationFactory(board=board, period="2019-03", rank=2, status="reported")
    ObservationFactory(period="2019-03")
    assert len(ask("observations/", board="county", account="ours")["results"]) == 7
    assert len(ask("observations/", board="county", status="reported")["results"]) == 1
    assert (
        len(ask("observations/", state="ranked", since="2019-03", until="2019-03")["results"]) == 3
    )
    seen, answer = [], ask("observations/", board="county", page_size=3)
    while True:
        seen += [row["id"] for row in answer["results"]]
        if answer["next"] is None:
            break
        answer = ask(answer["next"].partition(BASE)[2].partition("?")[0], **_query(answer["next"]))
    assert len(seen) == len(set(seen)) == 8


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


# --- streaks and claims -----------------------------------------------------------------------


def test_streaks_are_those_of_the_command(ask, board, ours, capsys) -> None:
    for month in ("2019-05", "2019-06", "2019-08"):
        ObservationFactory(board=board, account=ours, period=month)
    ObservationFactory(board=board, account=ours, period="2019-04", status="reported")
    ObservationFactory(board=board, account=None, period="2019-07", state="not_issued", rank=None)
    ObservationFactory(board=board, period="2019-08", rank=2)
    capsys.readouterr()
    call_command("streaks", "--board", "county", "--json")
    command = json.loads(capsys.readouterr().out)
    rows = ask("streaks/", board="county")["results"]
    assert [(row["account"]["name"], row["current"], row["longest"]) for row in rows] == [
        (row["account"], row["current"], row["longest"]) for row in command["accounts"]
    ]
    assert rows[0]["current"]["proved"] == 3 and rows[0]["current"]["possible"] == 4
    [one] = ask("streaks/", board="county", account="ours", as_of="2019-06")["results"]
    assert (one["as_of"], one["current"]["proved"]) == ("2019-06", 2)
    assert ask("streaks/", board=BoardFactory(key="empty").key)["results"] == []
    weekly = BoardFactory(key="weekly", name="周榜", period_kind="week")
    assert "不是月榜" in ask("streaks/", board=weekly.key, expect=400)["message"]


def test_claims_that_were_never_approved_are_never_told(ask, board, ours) -> None:
    for status in ("proposed", "approved", "review", "rejected", "withdrawn"):
        make_claim(board, ours, status, public_note="有更正" if status == "review" else "")
    told = {row["status"]: row for row in ask("claims/")["results"]}
    assert set(told) == {"approved", "review", "withdrawn"}
    assert told["review"]["public_note"] == "有更正"
    assert (told["approved"]["start"], told["approved"]["end"]) == ("2017-09", "2019-08")
    for hidden in ("JL-1", "JL-4"):
        ask(f"claims/{hidden}/", expect=404)
    assert [row["status"] for row in ask("claims/", status="review")["results"]] == ["review"]
    assert ask("claims/", since="2019-09")["results"] == []
    assert len(ask("claims/", since="2019-08", until="2030-01", account="ours")["results"]) == 3


def test_a_claim_names_its_sources(ask, board, ours) -> None:
    claim = make_claim(board, ours)
    rows = [ObservationFactory(board=board, account=ours, period=f"2019-0{m}") for m in (8, 7)]
    claim.observations.set(rows)
    detail = ask("claims/JL-1/")
    assert [each["period"] for each in detail["sources"]] == ["2019-07", "2019-08"]
    assert "sources" not in ask("claims/")["results"][0]


# --- refusing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("periods/", {}, "参数 board：必须填写。"),
        ("periods/", {"board": "nichts"}, "没有编号为“nichts”的榜单"),
        ("observations/", {"account": "nichts"}, "没有编号为“nichts”的公众号"),
        ("observations/", {"since": "八月"}, "参数 since：看不懂统计期“八月”"),
        ("observations/", {"since": "2019-08-01/2019-08-07"}, "不是一个月份"),
        ("observations/", {"since": "2019-08", "until": "2019-07"}, "早于起始月份"),
        ("observations/", {"mont": "2019-08"}, "参数 mont：没有这个参数，可以用的有："),
        ("observations/", {"status": "proposed"}, "参数 status："),
        ("observations/", {"cursor": "%%%"}, "翻页标记无效"),
        ("observations/", {"cursor": "cD1hYmM="}, "翻页标记无效"),
        ("observations/", {"cursor": ""}, "翻页标记无效"),
        ("observations/", {"board": ""}, "参数 board："),
        ("observations/", {"page_size": "0"}, "请填 1 至 200 的整数"),
        ("accounts/", {"page_size": "201"}, "请填 1 至 200 的整数"),
        ("accounts/", {"page_size": "²"}, "请填 1 至 200 的整数"),
        ("accounts/", {"page": "x"}, "参数 page："),
        ("accounts/", {"confirmed": "maybe"}, "参数 confirmed："),
        ("claims/", {"status": "proposed"}, "参数 status："),
        ("boards/", {"format": "api"}, "没有这个参数"),
    ],
)
def test_a_bad_parameter_gets_one_chinese_sentence(ask, path, query, words) -> None:
    answer = ask(path, expect=400, **query)
    assert answer["code"] == "bad_parameter" and words in answer["message"]


def test_what_is_not_there_is_said_as_json(ask, client) -> None:
    for path in ("accounts/nobody/", "boards/none/", "claims/JL-9/", "nonsense/", "x", "a/b/c"):
        assert ask(path, expect=404)["code"] == "not_found"
    assert "没有这一页" in ask("accounts/", page=99, expect=404)["message"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["observations/", "boards/x/", "schema/", "nonsense"])
def test_nothing_can_be_written(client, method, path) -> None:
    response = getattr(client, method)(BASE + path, {}, content_type="application/json")
    assert response.status_code == 405
    assert response.json() == {
        "code": "read_only",
        "message": "接口只读，只接受 GET、HEAD 和 OPTIONS。",
    }


def test_head_and_options(client, board) -> None:
    assert client.head(BASE + "boards/").status_code == 200
    answer = client.options(BASE + "boards/").json()
    assert answer["methods"] == ["GET", "HEAD", "OPTIONS"]


def test_no_session_no_cookie_readable_chinese(client, board) -> None:
    response = client.get(BASE + "boards/", headers={"accept": "text/html"})
    assert response["Content-Type"] == "application/json"
    assert not response.cookies
    assert "县级榜" in response.content.decode()
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=60"


def test_an_unchanged_answer_is_not_sent_twice(client, board) -> None:
    first = client.get(BASE + "boards/")
    again = client.get(BASE + "boards/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    board.name = "改了名"
    board.save()
    assert client.get(BASE + "boards/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_hostile_names_stay_text(client) -> None:
    AccountFactory(name="<script>alert(1)</script>")
    response = client.get(BASE + "accounts/")
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"


# --- limits -----------------------------------------------------------------------------------


def test_too_many_requests_from_one_address(client, settings) -> None:
    settings.API_RATE = "3/min"
    with time_machine.travel("2026-11-22 04:00+00:00", tick=False) as clock:
        for _ in range(3):
            assert client.get(BASE + "boards/").status_code == 200
        refused = client.get(BASE + "claims/")
        assert refused.status_code == 429
        assert refused.json()["message"] == "请求太频繁，请 60 秒后再试。"
        assert refused["Retry-After"] == "60" and refused["Cache-Control"] == "no-store"
        assert client.get(BASE + "boards/", REMOTE_ADDR="192.0.2.9").status_code == 200
        # A header that anybody can write is no other address …
        claimed = {"x-forwarded-for": "198.51.100.7"}
        assert client.get(BASE + "boards/", headers=claimed).status_code == 429
        # … unless a proxy of ours wrote it; and then only what that proxy saw.
        settings.API_PROXIES = 1
        assert client.get(BASE + "boards/", headers=claimed).status_code == 200
        for fake in ("1.1.1.1", "2.2.2.2", "3.3.3.3"):
            last = client.get(
                BASE + "boards/", headers={"x-forwarded-for": f"{fake}, 198.51.100.7"}
            )
        assert last.status_code == 429
        settings.API_PROXIES = 0
        clock.shift(61)
        assert client.get(BASE + "boards/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "accounts/",
        "boards/",
        "periods/?board=county",
        "observations/",
        "streaks/?board=county",
        "claims/",
        "claims/JL-1/",
    ],
)
def test_the_number_of_queries_does_not_grow(client, board, ours, path) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(BASE + path).status_code == 200
        return len(seen)

    def grow(months) -> None:
        for month in months:
            ObservationFactory(board=board, account=ours, period=month, method="13.0")
            ObservationFactory(board=board, account=AccountFactory(), period=month, rank=2)
            BoardFactory()
            claim = make_claim(board, ours)
            claim.observations.set(board.observations.all())

    grow(["2019-01"])
    queries()
    few = queries()
    grow([f"2019-{month:02d}" for month in range(2, 9)])
    assert queries() == few
