"""The screens of 结论."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rankings.claims.chooser import ClaimChooserBlock
from rankings.models import Claim, ClaimStatus, Observation
from rankings.periods import Month
from rankings.services import claims as services
from rankings.services import confirm_observations, correct_observation
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .screens import READERS, refused, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("rankings:claims")
DRAFT = reverse("rankings:claim_draft")
HOSTILE = "<script>alert(1)</script>"


def page_of(claim):
    return reverse("rankings:claim", args=[claim.pk])


@pytest.fixture
def rows(board, ours):
    return [
        ObservationFactory(board=board, account=ours, period=f"2019-0{month}")
        for month in range(1, 5)
    ]


@pytest.fixture
def maker():
    return UserFactory(roles=("office",), display_name="起草的人")


@pytest.fixture
def proposed(rows, maker, board, ours):
    return services.make_claim(maker, board, ours)


@pytest.fixture
def claim(proposed):
    return services.approve_claim(UserFactory(roles=("office",)), proposed)


@pytest.fixture
def failed(claim, maker, rows):
    correct_observation(maker, rows[1], "来函更正", {"rank": 2, "status": "reported"})
    claim.refresh_from_db()
    return claim


# --- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*READERS, "auditor"])
def test_readers_read_and_the_office_drafts(client, as_role, claim, role):
    as_role(role)
    reader = role in READERS
    for url in (LIST, page_of(claim), reverse("rankings:claim_bundle", args=[claim.pk])):
        response = client.get(url)
        assert refused(response) is not reader
        if response.streaming:
            assert b"".join(response.streaming_content)
    assert refused(client.get(DRAFT)) is (role != "office")
    assert refused(client.post(DRAFT)) is (role != "office")


@pytest.mark.parametrize("action", ["approve", "reject", "withdraw", "restore", "verify"])
def test_readers_cannot_act(client, as_role, proposed, action):
    as_role("editor")
    assert refused(client.post(page_of(proposed), {"action": action, "reason": "因为"}))
    proposed.refresh_from_db()
    assert proposed.status == ClaimStatus.PROPOSED
    page = text_of(client.get(page_of(proposed)))
    for word in ("立即核验", ">批准<", "撤回结论", ">退回<"):
        assert word not in page


# --- drafting -----------------------------------------------------------------------------------


def test_the_sentence_is_shown_before_it_is_frozen(client, as_role, rows):
    as_role("office")
    page = text_of(client.get(DRAFT))
    assert "在荷塘" in page
    assert "能写的结论" not in page
    response = client.get(DRAFT, {"board": "county", "account": "在荷塘"})
    page = text_of(response)
    assert "2019年1月至2019年4月至少连续4个月列县级榜第一" in page
    assert "每个月都已核实" in page
    assert not Claim.objects.exists()
    response = client.post(DRAFT, response.context["chosen"])
    claim = Claim.objects.get()
    assert response.url == page_of(claim)
    assert claim.length == 4


def test_the_words_cannot_be_typed(client, as_role, rows):
    as_role("office")
    sent = {"board": "county", "account": "ours", "text": "连续100个月", "sentence": "连续100个月"}
    client.post(DRAFT, sent)
    assert "100" not in Claim.objects.get().text


def test_what_is_missing_for_proof_is_listed(client, as_role, board, ours):
    for month, status in (
        ("2019-01", "reported"),
        ("2019-02", "reported"),
        ("2019-03", "confirmed"),
    ):
        ObservationFactory(
            board=board, account=ours, period=month, status=status, source_kind="media"
        )
    as_role("office")
    page = text_of(client.get(DRAFT, {"board": "county", "account": "ours"}))
    assert "2019年1月至2019年2月：只有报道，缺榜单原件" in page
    assert "没有逐月核实" in page
    page = text_of(client.get(DRAFT, {"board": "county", "account": "ours", "proved_only": "on"}))
    assert "每个月都已核实" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"account": "没有这个号"}, "没有这个号"),
        ({"board": "nowhere"}, "没有这个月榜"),
        ({"as_of": "二月"}, "看不懂统计期"),
        ({"as_of": "2001-01"}, "没有“在荷塘”列第一的记录"),
        ({"superlative": "best"}, "best"),
        ({"account": HOSTILE}, "&lt;script&gt;"),
    ],
)
def test_bad_choices_get_one_sentence(client, as_role, rows, given, words):
    as_role("office")
    sent = {"board": "county", "account": "ours", **given}
    for response in (client.get(DRAFT, sent), client.post(DRAFT, sent)):
        page = text_of(response)
        assert response.status_code == 422
        assert words in page
        assert HOSTILE not in page
    assert not Claim.objects.exists()


def test_a_superlative_is_refused_with_every_reason(client, as_role, rows):
    as_role("office")
    sent = {"board": "county", "account": "ours", "superlative": "first_ever"}
    page = text_of(client.get(DRAFT, sent))
    assert "不能写“首个”，因为：" in page
    assert "不知道榜单从哪个月办起" in page
    assert ">起草结论</button>" not in page
    response = client.post(DRAFT, sent)
    assert response.status_code == 422
    assert not Claim.objects.exists()


def test_a_superlative_that_stands_is_in_the_sentence(client, as_role, rows, board):
    as_role("office")
    board.first_month = rows[0].month
    board.save()
    sent = {"board": "county", "account": "ours", "superlative": "first_ever"}
    client.post(DRAFT, sent)
    claim = Claim.objects.get()
    assert "至少" not in claim.text  # the board itself began then
    assert claim.text.endswith("，是该榜2019年1月创办以来首个连续4个月列第一的公众号。")
    assert services.verify_claim(claim) == []


# --- one claim ----------------------------------------------------------------------------------


def test_a_claim_shows_its_months_and_what_is_behind_them(client, as_role, claim):
    as_role("editor")
    page = text_of(client.get(page_of(claim)))
    assert claim.text in page
    assert claim.frozen_sha256 in page
    assert 'id="m-2019-02"' in page
    assert 'href="#m-2019-02"' in page
    assert "起草的人" in page
    assert "还没有文章引用这条结论" in page
    assert "下载证据包" in page


def test_the_second_person_approves_and_the_maker_does_not(client, as_role, proposed, maker):
    client.force_login(maker)
    page = text_of(client.get(page_of(proposed)))
    assert "请由另一位同事批准" in page
    assert 'value="approve"' not in page
    response = client.post(page_of(proposed), {"action": "approve"})
    assert (response.status_code, "您自己起草" in text_of(response)) == (422, True)
    as_role("office")
    assert "下载证据包" not in text_of(client.get(page_of(proposed)))
    assert client.post(page_of(proposed), {"action": "approve"}).url == page_of(proposed)
    proposed.refresh_from_db()
    assert proposed.holds


def test_a_refused_approval_lists_every_reason(client, as_role, proposed, maker, rows):
    for row in rows[:2]:
        correct_observation(maker, row, "来函更正", {"rank": 2, "status": "reported"})
    as_role("office")
    response = client.post(page_of(proposed), {"action": "approve"})
    page = text_of(response)
    assert response.status_code == 422
    assert "核验没有通过，不能批准" in page
    assert "2019年2月：原为“已核实第一”" in page


def test_typed_words_are_kept_when_something_is_missing(client, as_role, proposed):
    as_role("office")
    sent = {"action": "withdraw", "reason": "", "public_note": "名次有更正"}
    response = client.post(page_of(proposed), sent)
    assert response.status_code == 422
    assert 'value="名次有更正"' in text_of(response)
    client.post(page_of(proposed), {**sent, "reason": "重写"})
    proposed.refresh_from_db()
    assert (proposed.status, proposed.public_note) == ("withdrawn", "名次有更正")


def test_reject_needs_a_reason(client, as_role, proposed):
    as_role("office")
    assert "请写明退回理由" in text_of(client.post(page_of(proposed), {"action": "reject"}))
    client.post(page_of(proposed), {"action": "reject", "reason": "月份不对"})
    page = text_of(client.get(page_of(proposed)))
    assert "已退回" in page
    assert "理由：月份不对" in page


def test_an_unknown_action_is_answered(client, as_role, proposed):
    as_role("office")
    assert client.post(page_of(proposed), {"action": "delete"}).status_code == 422


def test_a_failed_claim_shows_what_changed_and_the_ways_out(client, as_role, failed, rows, maker):
    as_role("office")
    page = text_of(client.get(page_of(failed)))
    assert "需复核" in page
    assert "名次 1 → 2" in page
    assert "这一结论正在复核" in page
    assert 'value="restore"' in page
    response = client.post(page_of(failed), {"action": "restore"})
    assert response.status_code == 422
    wrong = Observation.objects.get(supersedes=rows[1])
    back = correct_observation(maker, wrong, "改回", {"rank": 1, "status": "confirmed"})
    confirm_observations(UserFactory(roles=("office",)), [back])
    client.post(page_of(failed), {"action": "restore", "reason": "核实无误"})
    failed.refresh_from_db()
    assert failed.holds


def test_verifying_by_hand(client, as_role, claim, maker):
    as_role("office")
    response = client.post(page_of(claim), {"action": "verify"}, follow=True)
    assert "结论与现有记录、存证都相符" in text_of(response)


def test_the_bundle_is_a_download(client, as_role, claim):
    as_role("office")
    response = client.get(reverse("rankings:claim_bundle", args=[claim.pk]))
    assert "attachment" in response["Content-Disposition"]
    data = b"".join(response.streaming_content)
    assert "claim.json" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_no_bundle_before_approval(client, as_role, proposed):
    as_role("office")
    response = client.get(reverse("rankings:claim_bundle", args=[proposed.pk]), follow=True)
    assert "还没有批准" in text_of(response)


def test_hostile_names_are_escaped_everywhere(client, as_role, maker):
    board = BoardFactory(key="b", name=HOSTILE, publisher=HOSTILE)
    account = AccountFactory(key="a", name=HOSTILE)
    ObservationFactory(
        board=board,
        account=account,
        source_name=HOSTILE,
        method=HOSTILE,
        source_url="javascript:alert(1)",
    )
    claim = services.make_claim(maker, board, account)
    as_role("office")
    for url in (LIST, page_of(claim), f"{DRAFT}?board=b&account=a"):
        page = text_of(client.get(url))
        assert HOSTILE not in page
        assert "javascript:alert" not in page
        assert "&lt;script&gt;" in page


def test_examples_are_marked_on_every_screen(client, as_role, maker):
    board = BoardFactory(key="demo", name="演示榜", is_example=True)
    account = AccountFactory(key="a")
    ObservationFactory(board=board, account=account)
    claim = services.make_claim(maker, board, account)
    as_role("office")
    for url in (LIST, page_of(claim), f"{DRAFT}?board=demo&account=a"):
        assert "cl-badge--example" in text_of(client.get(url))


# --- the list -----------------------------------------------------------------------------------


def test_the_list_is_searched_and_filtered(client, as_role, claim, maker, board, ours):
    other = services.make_claim(maker, board, ours, as_of=Month(2019, 3))
    as_role("office")
    page = text_of(client.get(LIST))
    assert claim.number in page and other.number in page
    assert "起草结论" in page
    page = text_of(client.get(LIST, {"status": "approved"}))
    assert claim.number in page and other.number not in page
    page = text_of(client.get(LIST, {"q": other.number}))
    assert other.number in page and claim.number not in page
    page = text_of(client.get(LIST, {"board": BoardFactory().pk}))
    assert claim.number not in page


def test_the_list_asks_the_same_number_of_queries(
    client, as_role, claim, maker, board, ours, django_assert_num_queries
):
    as_role("office")
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for month in (1, 2, 3):
        services.make_claim(maker, board, ours, as_of=Month(2019, month))
    with django_assert_num_queries(len(few)):
        client.get(LIST)


# --- choosing -----------------------------------------------------------------------------------


def test_only_what_holds_can_be_chosen(client, as_role, claim, proposed, maker, board, ours):
    waiting = services.make_claim(maker, board, ours, as_of=Month(2019, 2))
    as_role("editor")
    response = client.get(reverse("claim_chooser:choose"))
    page = response.json()["html"]
    assert claim.number in page
    assert "已逐月核实" in page
    assert waiting.number not in page
    found = client.get(reverse("claim_chooser:choose_results"), {"q": "没有这样的字"})
    assert claim.number not in text_of(found)
    chosen = client.get(reverse("claim_chooser:chosen", args=[claim.pk])).json()
    assert chosen["result"]["edit_url"] == page_of(claim)
    assert claim.number in chosen["result"]["title"]


def test_the_block_renders_its_chooser(claim):
    block = ClaimChooserBlock(required=False)
    assert block.target_model is Claim
    assert block.to_python(claim.pk) == claim
    assert "选择结论" in block.widget.render("claim", None, {"id": "x"})
    _path, _args, kwargs = block.deconstruct()
    assert kwargs == {"required": False}
