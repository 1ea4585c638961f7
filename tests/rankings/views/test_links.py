"""榜单衔接 on its screens."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms.ops.registry import Level
from rankings import health
from rankings.models import Board, BoardLink
from rankings.periods import Month
from rankings.services import propose_link
from tests.factories.rankings import BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .screens import READERS, REVIEW, refused, text_of

pytestmark = pytest.mark.django_db

REASON = "发布机构公告：更名后统计口径不变。"
URL = "https://example.org/notice?id=1"
SCRIPT = "<script>alert(1)</script>"


def inspect(board) -> str:
    return reverse(Board.snippet_viewset.get_url_name("inspect"), args=[board.pk])


def add(board) -> str:
    return reverse("rankings:link_add", args=[board.pk])


def page(link) -> str:
    return reverse("rankings:link", args=[link.pk])


@pytest.fixture
def changed(board, ours):
    for number in range(6):
        method = "12.0" if number < 3 else "13.0"
        period = str(Month(2017, 4) + number)
        ObservationFactory(board=board, account=ours, period=period, method=method)
    return board


@pytest.fixture
def link(changed):
    return propose_link(
        UserFactory(roles=["office"], display_name="王芳"),
        earlier=changed,
        later=changed,
        month=Month(2017, 7),
        reason=f"{REASON}{SCRIPT}",
        source_url=URL,
    )


def data(**fields):
    return {"kind": "method", "month": "2017-07", "reason": REASON, "source_url": URL, **fields}


def test_a_break_is_shown_and_leads_to_the_form(client, as_role, changed) -> None:
    as_role("office")
    text = text_of(client.get(inspect(changed)))
    assert "2017年7月起计算方法由 12.0 改为 13.0，没有书面衔接，连续在此断开。" in text
    form = text_of(client.get(add(changed), {"month": "2017-07", "earlier_method": "12.0"}))
    assert 'value="2017-07"' in form and 'value="12.0"' in form
    response = client.post(add(changed), data(), follow=True)
    assert "等另一位同事复核后生效" in text_of(response)
    assert "这条衔接是您自己提出的" in text_of(response)
    assert "已有衔接等待复核" in text_of(client.get(inspect(changed)))


def test_readers_see_the_break_without_the_button(client, as_role, changed) -> None:
    as_role("editor")
    text = text_of(client.get(inspect(changed)))
    assert "连续在此断开" in text and "提出衔接" not in text


def test_the_second_person_finds_it_and_decides(client, as_role, changed, ours, link) -> None:
    [result] = health.check()
    assert result.level == Level.WARNING and "1 条榜单衔接" in result.message
    as_role("office", display_name="李敏")
    text = text_of(client.get(REVIEW))
    assert "榜单衔接：" in text and page(link) in text and "没有待复核的记录" not in text
    shown = text_of(client.get(page(link)))
    assert "最长的已核实连续由 3 个月变为 6 个月（2017年4月至2017年9月）" in shown
    assert "王芳" in shown and SCRIPT not in shown and "&lt;script&gt;" in shown
    assert "衔接已生效" in text_of(client.post(page(link), {"action": "confirm"}, follow=True))
    section = text_of(client.get(inspect(changed)))
    assert "连续在此断开" not in section and "李敏" in section and "已生效" in section
    assert "要重新" not in section and not health.check()
    response = client.post(page(link), {"action": "withdraw", "reason": ""}, follow=True)
    assert "请写明撤销理由" in text_of(response)
    client.post(page(link), {"action": "withdraw", "reason": "公告有误"})
    assert "撤销：公告有误" in text_of(client.get(page(link)))


def test_it_is_sent_back_with_a_reason(client, as_role, link) -> None:
    as_role("office")
    assert "请写明退回理由" in text_of(client.post(page(link), {"action": "reject"}, follow=True))
    client.post(page(link), {"action": "reject", "reason": "没有写方法"})
    assert "退回：没有写方法" in text_of(client.get(page(link)))
    assert "请重新点一次" in text_of(client.post(page(link), {"action": "x"}, follow=True))


def test_a_renamed_board_is_linked_with_a_file(client, as_role, board, ours) -> None:
    ObservationFactory(board=board, account=ours, period="2018-01")
    renamed = BoardFactory(name=f"新榜{SCRIPT}")
    ObservationFactory(board=renamed, account=ours, period="2018-02")
    as_role("office")
    response = client.post(
        add(renamed),
        data(
            kind="name",
            earlier=board.pk,
            month="2018-02",
            source_url="",
            evidence=SimpleUploadedFile("公告.pdf", b"%PDF-1.4\n%%EOF\n"),
        ),
        follow=True,
    )
    assert "最长的已核实连续由 1 个月变为 2 个月" in text_of(response)
    assert SCRIPT not in text_of(response)
    [link] = BoardLink.objects.all()
    assert (link.earlier, link.capture is not None) == (board, True)
    assert page(link) in text_of(client.get(inspect(board)))
    as_role("office", display_name="李敏")
    client.post(page(link), {"action": "confirm"})
    section = text_of(client.get(inspect(renamed)))
    assert f'<a href="{inspect(board)}">《县级榜》</a>（2018年1月） → <strong>《新榜' in section
    assert SCRIPT not in section


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "改名"}, "至少 10 个字"),
        ({"source_url": ""}, "要有发布机构的依据"),
        ({"month": "上个月"}, "看不懂统计期"),
        ({"kind": "name"}, "请选择前身榜单"),
        ({"earlier_method": "V9"}, "不是“V9”"),
        ({"month": "2010-01"}, "没有可以衔接的"),
    ],
)
def test_an_unfit_proposal_is_refused_with_a_sentence(
    client, as_role, changed, fields, sentence
) -> None:
    as_role("office")
    response = client.post(add(changed), data(**fields))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not BoardLink.objects.exists()


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_only_the_office_proposes_and_decides(client, as_role, changed, link, role) -> None:
    as_role(role)
    assert refused(client.get(add(changed))) and refused(client.post(add(changed), data()))
    for action in ("confirm", "reject", "withdraw"):
        assert refused(client.post(page(link), {"action": action, "reason": "理由"}))
    link.refresh_from_db()
    assert link.status == "proposed"
    assert "复核通过</button>" not in text_of(client.get(page(link)))


def test_a_weekly_board_has_no_section(client, as_role) -> None:
    as_role("office")
    assert "榜单衔接" not in text_of(client.get(inspect(BoardFactory(period_kind="week"))))
