"""The screens of briefs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rankings.briefs import pdf, word
from rankings.briefs.templates import PLACEHOLDERS
from rankings.evidence import service as evidence
from rankings.models import Brief, BriefStatus, BriefTemplate
from rankings.services import briefs
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.rankings.lists import LAST, record_month
from tests.rankings.services.test_briefs import own_template

from .screens import READERS, refused, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.needs("fonts-noto-cjk")]

LIST, NEW = reverse("rankings:briefs"), reverse("rankings:brief_new")
TEMPLATES = reverse("rankings:brief_templates")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(
        pdf, "write", lambda document, moment: b"%PDF " + document["number"].encode()
    )


@pytest.fixture
def draft(fifteen_months, brief_maker):
    return briefs.make_brief(brief_maker, fifteen_months.board, fifteen_months.ours, LAST)


@pytest.fixture
def issued(draft, brief_issuer):
    return briefs.issue_brief(brief_issuer, draft)


def page_of(brief) -> str:
    return reverse("rankings:brief", args=[brief.pk])


# --- who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*READERS, "auditor"])
def test_readers_read_and_the_office_writes(client, as_role, issued, role) -> None:
    as_role(role)
    reading = [LIST, page_of(issued), reverse("rankings:brief_print", args=[issued.pk])]
    reading += [reverse("rankings:brief_file", args=[issued.pk, name]) for name in ("docx", "pdf")]
    for url in reading:
        response = client.get(url)
        assert refused(response) == (role not in READERS)
        assert refused(response) or response.status_code == 200
    for url in (NEW, TEMPLATES, reverse("rankings:brief_template_default")):
        assert refused(client.get(url)) == (role != "office")


@pytest.mark.parametrize("action", ["edit", "refresh", "discard", "issue", "correct", "settle"])
def test_reading_is_not_writing(client, as_role, draft, action) -> None:
    as_role("editor")
    text = text_of(client.get(page_of(draft)))
    assert 'value="edit"' not in text and 'value="issue"' not in text
    assert refused(client.post(page_of(draft), {"action": action, "reason": "x"}))
    draft.refresh_from_db()
    assert draft.status == BriefStatus.DRAFT


def test_nobody_gets_in_without_signing_in(client, draft) -> None:
    for url in (LIST, NEW, TEMPLATES, page_of(draft)):
        response = client.get(url)
        assert response.status_code == 302 and "/login/" in response.url


def test_the_menu_leads_here(client, as_role) -> None:
    as_role("editor")
    assert LIST in text_of(client.get(reverse("wagtailadmin_home")))


# --- the way of a brief -----------------------------------------------------------------------


def test_from_the_record_to_the_archive(client, as_role, fifteen_months) -> None:
    as_role("office")
    text = text_of(client.get(NEW))
    assert 'value="2019-08"' in text and 'value="在荷塘"' in text
    response = client.post(NEW, {"board": "county", "account": "在荷塘", "month": "2019年8月"})
    brief = Brief.objects.get()
    assert response.url == page_of(brief)
    text = text_of(client.get(page_of(brief)))
    assert "草稿，未签发" in text and "连续13个月列县级榜第一" in text and "≥209,000" in text
    assert "请由另一位同事签发" in text and 'value="issue"' not in text
    assert text.count("<svg") >= 2
    client.post(page_of(brief), {"action": "edit", "remarks": "本月平稳。"})
    assert "本月平稳。" in text_of(client.get(page_of(brief)))

    as_role("office")
    text = text_of(client.get(page_of(brief)))
    brief.refresh_from_db()
    assert f'name="seen" value="{briefs.digest(brief)}"' in text
    client.post(page_of(brief), {"action": "issue", "seen": briefs.digest(brief)})
    brief.refresh_from_db()
    assert brief.status == BriefStatus.ISSUED
    text = text_of(client.get(page_of(brief)))
    for kept in brief.files.select_related("capture"):
        assert kept.capture.sha256 in text
        response = client.get(reverse("rankings:brief_file", args=[brief.pk, kept.format]))
        assert response.content == evidence.read(kept.capture)
        assert response["X-Content-SHA256"] == kept.capture.sha256
        assert response["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response["Content-Security-Policy"]
    text = text_of(client.get(LIST))
    assert brief.number in text and "已签发" in text and "2019年8月" in text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"board": "", "account": "在荷塘", "month": "2019-08"}, "请选择榜单"),
        ({"board": "no", "account": "在荷塘", "month": "2019-08"}, "没有这个月榜"),
        ({"board": "county", "account": "", "month": "2019-08"}, "请填写公众号"),
        ({"board": "county", "account": "没这个号", "month": "2019-08"}, "没这个号"),
        ({"board": "county", "account": "在荷塘", "month": "八月"}, "看不懂统计期"),
        ({"board": "county", "account": "在荷塘", "month": "2019-09"}, "还没有2019年9月"),
        ({}, "请选择榜单"),
    ],
)
def test_a_wrong_choice_is_told(client, as_role, fifteen_months, data, words) -> None:
    as_role("office")
    response = client.post(NEW, data)
    assert response.status_code == 422 and words in text_of(response)
    assert not Brief.objects.exists()


def test_what_was_typed_survives_a_refusal(client, as_role, draft) -> None:
    as_role("office")
    response = client.post(page_of(draft), {"action": "edit", "remarks": "连续99个月列第一"})
    assert response.status_code == 422
    text = text_of(response)
    assert "只有13个月" in text and "连续99个月列第一</textarea>" in text


def test_a_draft_that_the_record_left_behind_must_be_refreshed(
    client, as_role, fifteen_months, draft
) -> None:
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [second, ours, *others])
    as_role("office")
    text = text_of(client.get(page_of(draft)))
    assert "刷新以后才能签发" in text and "改为“第2名" in text and 'value="issue"' not in text
    response = client.post(page_of(draft), {"action": "issue", "seen": briefs.digest(draft)})
    assert response.status_code == 422 and "请先点“刷新内容”" in text_of(response)
    client.post(page_of(draft), {"action": "refresh"})
    text = text_of(client.get(page_of(draft)))
    assert 'value="issue"' in text and "处变化，刷新以后" not in text
    assert client.post(page_of(draft), {"action": "discard"}).url == LIST
    assert not Brief.objects.exists()


def test_without_having_seen_it_nobody_issues(client, as_role, draft) -> None:
    as_role("office")
    for seen in ("", "0" * 64):
        response = client.post(page_of(draft), {"action": "issue", "seen": seen})
        assert response.status_code == 422 and "打开以后有改动" in text_of(response)


def test_where_no_pdf_can_be_made_the_screen_says_what_to_install(
    client, as_role, draft, monkeypatch
) -> None:
    def fail(*args):
        raise pdf.PdfUnavailable("没有 Pango。请管理员执行 apt-get install libpango-1.0-0 后重试。")

    monkeypatch.setattr(pdf, "write", fail)
    as_role("office")
    response = client.post(page_of(draft), {"action": "issue", "seen": briefs.digest(draft)})
    assert response.status_code == 422 and "apt-get install libpango" in text_of(response)
    assert client.get(reverse("rankings:brief_print", args=[draft.pk])).status_code == 200


def test_a_correction_shows_and_leads_to_a_corrected_brief(
    client, as_role, fifteen_months, issued
) -> None:
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [second, ours, *others])
    as_role("office")
    assert "需复核" in text_of(client.get(LIST))
    assert issued.number in text_of(client.get(f"{LIST}?status=review"))
    assert issued.number not in text_of(client.get(f"{LIST}?status=draft"))
    text = text_of(client.get(page_of(issued)))
    assert "起需复核" in text and "改为“第2名" in text
    printed = reverse("rankings:brief_print", args=[issued.pk])
    assert "正在复核，请勿引用" in text_of(client.get(printed))
    # What was issued stays as it was.
    assert "“在荷塘”列第一（已核实）" in text
    response = client.post(page_of(issued), {"action": "correct", "reason": ""})
    assert response.status_code == 422 and "请写明更正理由" in text_of(response)
    client.post(page_of(issued), {"action": "correct", "reason": "出版方更正"})
    new = Brief.objects.get(replaces=issued)
    text = text_of(client.get(page_of(new)))
    assert f"更正第1号（更正{issued.number}）" in text and "出版方更正" in text
    assert "更正版正在编写" in text_of(client.get(page_of(issued)))
    as_role("office")
    client.post(page_of(new), {"action": "issue", "seen": briefs.digest(new)})
    new.refresh_from_db()
    assert f"已由 {new.number} 更正" in text_of(client.get(LIST))
    assert new.number in text_of(client.get(page_of(issued)))
    assert f"已由 {new.number} 更正，请以更正版为准" in text_of(client.get(printed))
    assert "bf-notice" not in text_of(client.get(reverse("rankings:brief_print", args=[new.pk])))


def test_findings_can_be_settled_with_a_reason(client, as_role, fifteen_months, issued) -> None:
    ours, second, third, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [ours, third, second, *others])
    as_role("office")
    response = client.post(page_of(issued), {"action": "settle", "reason": ""})
    assert response.status_code == 422
    client.post(page_of(issued), {"action": "settle", "reason": "与本账号无关"})
    text = text_of(client.get(page_of(issued)))
    assert "起需复核" not in text and "签发以后名次记录的变化" in text
    assert "与本账号无关" in text


def test_addresses_that_are_nothing(client, as_role, draft) -> None:
    as_role("office")
    assert client.get(reverse("rankings:brief", args=[999])).status_code == 404
    assert client.post(page_of(draft), {"action": "explode"}).status_code == 404
    assert refused(client.get(reverse("rankings:brief_file", args=[draft.pk, "docx"])))
    assert client.get(reverse("rankings:brief_file", args=[draft.pk, "odt"])).status_code == 404


def test_a_damaged_file_is_not_handed_out(client, as_role, issued, monkeypatch) -> None:
    def lost(capture):
        raise evidence.EvidenceDamaged("存证文件的内容与哈希值不符，请从备份恢复。")

    monkeypatch.setattr(evidence, "read", lost)
    as_role("editor")
    response = client.get(reverse("rankings:brief_file", args=[issued.pk, "docx"]))
    assert response.status_code == 503 and "与哈希值不符" in text_of(response)


def test_a_hostile_name_is_only_text(client, as_role) -> None:
    board = BoardFactory(name="<script>alert(2)</script>榜", is_example=True)
    account = AccountFactory(name="<script>alert(1)</script>")
    record_month(board, LAST, [account, AccountFactory(name="{{ 7*7 }}")])
    brief = briefs.make_brief(None, board, account, LAST)
    as_role("office")
    for url in (page_of(brief), LIST, reverse("rankings:brief_print", args=[brief.pk])):
        text = text_of(client.get(url))
        assert "<script>alert(" not in text and "&lt;script&gt;alert(1)" in text
    assert "{{ 7*7 }}" in text_of(client.get(page_of(brief)))


def test_an_example_is_marked_on_every_screen(client, as_role) -> None:
    board = BoardFactory(name="演示榜", is_example=True)
    account = AccountFactory()
    ObservationFactory(board=board, account=account)
    brief = briefs.make_brief(None, board, account, LAST)
    as_role("editor")
    for url in (page_of(brief), LIST, reverse("rankings:brief_print", args=[brief.pk])):
        assert "示例" in text_of(client.get(url))
    assert "示例数据　不得引用" in text_of(client.get(page_of(brief)))


def test_the_list_asks_as_much_for_many_as_for_one(
    client, as_role, fifteen_months, brief_maker
) -> None:
    as_role("office")
    briefs.make_brief(brief_maker, fifteen_months.board, fifteen_months.ours, LAST)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for back in range(1, 6):
        briefs.make_brief(brief_maker, fifteen_months.board, fifteen_months.ours, LAST + -back)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(one) == len(many)


# --- templates --------------------------------------------------------------------------------


def upload(data: bytes, name: str = "红头版.docx") -> dict:
    return {"action": "upload", "file": SimpleUploadedFile(name, data)}


def test_the_template_is_downloaded_edited_and_taken_into_use(client, as_role) -> None:
    as_role("office")
    default = client.get(reverse("rankings:brief_template_default"))
    assert default.content == word.default()
    edited = own_template()
    assert client.post(TEMPLATES, upload(edited)).url == TEMPLATES
    template = BriefTemplate.objects.get()
    assert str(template) == "红头版.docx" and template.is_active
    text = text_of(client.get(TEMPLATES))
    assert "正在用：红头版.docx" in text and template.capture.sha256 in text
    response = client.get(reverse("rankings:brief_template", args=[template.pk]))
    assert response.content == edited
    client.post(TEMPLATES, {"action": "use", "template": ""})
    assert "正在用：默认模板" in text_of(client.get(TEMPLATES))
    client.post(TEMPLATES, {"action": "use", "template": template.pk})
    assert "正在用：红头版.docx" in text_of(client.get(TEMPLATES))
    for wrong in ("999", "x", "²"):
        response = client.post(TEMPLATES, {"action": "use", "template": wrong})
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: {"action": "upload"}, "请选择一个 .docx 文件"),
        (lambda: upload(b"no"), "不是可以用的 Word 文件"),
        (lambda: upload(b"x" * (5 * 1024 * 1024 + 1)), "最大 5 MB"),
    ],
)
def test_a_wrong_upload_is_told(client, as_role, data, words) -> None:
    as_role("office")
    response = client.post(TEMPLATES, data())
    assert response.status_code == 422 and words in text_of(response)
    assert not BriefTemplate.objects.exists()


def test_every_placeholder_is_explained_on_the_screen(client, as_role) -> None:
    as_role("office")
    text = text_of(client.get(TEMPLATES))
    for name, each in PLACEHOLDERS.items():
        assert f"<code>{name}</code>" in text and each.meaning in text
