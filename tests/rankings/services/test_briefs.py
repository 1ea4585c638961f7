"""Drafting, issuing, correcting and archiving briefs."""

import datetime as dt
import gzip
import io
from pathlib import Path

import docx
import pytest
from django.core.exceptions import PermissionDenied

from cms.ops.models import AuditEntry
from media.fonts import FontMissing
from rankings.briefs import differences as rules
from rankings.briefs import pdf, word
from rankings.briefs.pdf import PdfUnavailable
from rankings.dependents import dependents_of
from rankings.evidence import service as evidence
from rankings.models import Brief, BriefFile, BriefStatus, BriefTemplate, Observation, Watch
from rankings.periods import Month
from rankings.services import (
    RankingError,
    brief_checks,
    brief_templates,
    briefs,
    confirm_observations,
    correct_observation,
)
from tests.factories.rankings import AccountFactory, BoardFactory
from tests.rankings.lists import LAST, record_month

pytestmark = [pytest.mark.django_db, pytest.mark.needs("fonts-noto-cjk", "pango")]


@pytest.fixture
def draft(fifteen_months, brief_maker):
    return briefs.make_brief(brief_maker, fifteen_months.board, fifteen_months.ours, LAST)


@pytest.fixture
def quick(monkeypatch):
    """PDF in no time, where nothing hangs on its pages."""
    monkeypatch.setattr(
        pdf, "write", lambda document, moment: b"%PDF " + moment.isoformat().encode()
    )


@pytest.fixture
def issued(draft, brief_issuer, quick):
    return briefs.issue_brief(brief_issuer, draft)


def actions():
    return list(
        AuditEntry.objects.filter(action__startswith="rankings.brief")
        .order_by("pk")
        .values_list("action", flat=True)
    )


# --- drafting ---------------------------------------------------------------------------------


def test_a_draft_freezes_what_the_record_says(draft, brief_maker) -> None:
    assert draft.status == BriefStatus.DRAFT and draft.number is None
    assert draft.title == "关于2019年8月“在荷塘”公众号榜单情况的简报"
    assert draft.document["writers"] == [{"id": brief_maker.pk, "name": "编写员"}]
    assert draft.observations.filter(account=draft.account).count() == 15
    assert actions() == ["rankings.brief.make"]


def test_only_who_may_make_briefs_makes_them(fifteen_months, person) -> None:
    reader = person("读者", "view_report")
    with pytest.raises(PermissionDenied):
        briefs.make_brief(reader, fifteen_months.board, fifteen_months.ours, LAST)


def test_a_month_has_one_draft_and_one_brief(
    fifteen_months, draft, brief_maker, brief_issuer, quick
) -> None:
    board, ours = fifteen_months.board, fifteen_months.ours
    with pytest.raises(RankingError, match="已有草稿（编写员编写）"):
        briefs.make_brief(brief_issuer, board, ours, LAST)
    number = briefs.issue_brief(brief_issuer, draft).number
    with pytest.raises(RankingError, match=number):
        briefs.make_brief(brief_maker, board, ours, LAST)


def test_nothing_on_record_is_a_sentence(brief_maker) -> None:
    with pytest.raises(RankingError, match="还没有2019年8月的名次记录"):
        briefs.make_brief(brief_maker, BoardFactory(), AccountFactory(), LAST)
    assert not Brief.objects.exists()


def test_remarks_are_kept_and_make_a_writer(draft, brief_issuer) -> None:
    brief = briefs.edit_brief(brief_issuer, draft, "  本月平稳。\r\n请留意差距。\x00 ")
    assert brief.remarks == "本月平稳。\n请留意差距。"
    assert [writer["name"] for writer in brief.document["writers"]] == ["编写员", "签发员"]
    with pytest.raises(RankingError, match="您参与编写"):
        briefs.issue_brief(brief_issuer, brief)


def test_remarks_may_not_claim_more_than_is_proved(draft, brief_maker) -> None:
    with pytest.raises(RankingError, match="只有13个月"):
        briefs.edit_brief(brief_maker, draft, "连续二十四个月蝉联榜首！")
    with pytest.raises(RankingError, match="太长"):
        briefs.edit_brief(brief_maker, draft, "长" * (briefs.REMARKS_LIMIT + 1))
    draft.refresh_from_db()
    assert draft.remarks == ""


def test_a_draft_is_refreshed_until_it_is_issued(fifteen_months, draft, brief_maker) -> None:
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [second, ours, *others])
    assert briefs.pending_changes(draft)
    changed = briefs.refresh_brief(brief_maker, draft)
    assert any("名次由“第1名，已核实第一”改为“第2名" in each["text"] for each in changed)
    draft.refresh_from_db()
    assert draft.document["months"][0]["place"] == "第2名"
    assert draft.observations.filter(month=LAST.index, account=ours, rank=2).exists()
    assert briefs.pending_changes(draft) == []


def test_a_draft_can_be_thrown_away_an_issued_brief_cannot(
    draft, brief_maker, brief_issuer, quick
) -> None:
    briefs.discard_brief(brief_maker, draft)
    assert not Brief.objects.exists() and actions()[-1] == "rankings.brief.discard"
    again = briefs.make_brief(brief_maker, draft.board, draft.account, LAST)
    issued = briefs.issue_brief(brief_issuer, again)
    for act in (
        lambda: briefs.discard_brief(brief_maker, issued),
        lambda: briefs.refresh_brief(brief_maker, issued),
        lambda: briefs.edit_brief(brief_maker, issued, "改"),
    ):
        with pytest.raises(RankingError, match="已签发"):
            act()


# --- issuing ----------------------------------------------------------------------------------


def test_issuing_numbers_freezes_and_archives(draft, brief_issuer, time_machine) -> None:
    time_machine.move_to(dt.datetime(2026, 10, 9, 2, tzinfo=dt.UTC), tick=False)
    brief = briefs.issue_brief(brief_issuer, draft, seen=briefs.digest(draft))
    assert (brief.number, brief.status) == ("JB-2026-001", BriefStatus.ISSUED)
    assert brief.document["issued_on"] == "2026-10-09"
    assert brief.document["issued_by"] == "签发员" and brief.document["template"] is None
    assert {row.format for row in BriefFile.objects.filter(brief=brief)} == {"docx", "xlsx", "pdf"}
    kept, data = briefs.file_of(brief, "docx")
    assert data == word.write(brief.document, word.default(), brief.issued_at)
    text = "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)
    assert "JB-2026-001" in text and "2026年10月9日" in text and "签发：签发员" in text
    assert kept.capture.sightings.get().content_type == word.CONTENT_TYPE
    assert briefs.file_of(brief, "pdf")[1].startswith(b"%PDF-")
    assert actions() == ["rankings.brief.make", "rankings.brief.issue"]


def test_an_issued_brief_is_never_rewritten(issued) -> None:
    issued.title = "别的"
    with pytest.raises(TypeError):
        issued.save()
    with pytest.raises(TypeError):
        issued.save(update_fields=["document"])


def test_the_maker_cannot_issue_nor_can_the_machine(draft, brief_maker, person) -> None:
    with pytest.raises(PermissionDenied):
        briefs.issue_brief(brief_maker, draft)
    with pytest.raises(PermissionDenied):
        briefs.issue_brief(None, draft)
    both = person("一人", "make_brief", "issue_brief")
    own = briefs.make_brief(both, draft.board, draft.account, LAST + -1)
    with pytest.raises(RankingError, match="您参与编写"):
        briefs.issue_brief(both, own)


def test_what_was_not_seen_is_not_issued(draft, brief_maker, brief_issuer) -> None:
    seen = briefs.digest(draft)
    briefs.edit_brief(brief_maker, draft, "改过了。")
    with pytest.raises(RankingError, match="打开以后有改动"):
        briefs.issue_brief(brief_issuer, draft, seen=seen)
    assert not BriefFile.objects.exists()


def test_a_record_that_changed_is_not_issued(fifteen_months, draft, brief_issuer, quick) -> None:
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [second, ours, *others])
    with pytest.raises(RankingError, match="请先点“刷新内容”"):
        briefs.issue_brief(brief_issuer, draft)
    draft.refresh_from_db()
    assert draft.status == BriefStatus.DRAFT and not BriefFile.objects.exists()


def test_remarks_are_checked_again_when_the_record_shrank(
    fifteen_months, draft, brief_maker, brief_issuer, quick
) -> None:
    briefs.edit_brief(brief_maker, draft, "连续13个月列第一。")
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST + -3, [second, ours, *others])
    briefs.refresh_brief(brief_maker, draft)
    with pytest.raises(RankingError, match="最长只有9个月"):
        briefs.issue_brief(brief_issuer, draft)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PdfUnavailable("没有 Pango，请执行 apt-get install libpango-1.0-0"), "apt-get install"),
        (FontMissing("Noto Sans CJK"), "fonts-noto-cjk"),
        (evidence.EvidenceError("磁盘满了"), "磁盘满了"),
    ],
)
def test_where_one_file_cannot_be_made_nothing_is_issued(
    draft, brief_issuer, monkeypatch, error, words
) -> None:
    def fail(*args, **options):
        raise error

    if isinstance(error, evidence.EvidenceError):
        monkeypatch.setattr(pdf, "write", lambda *args: b"%PDF")
        monkeypatch.setattr(evidence, "store", fail)
    else:
        monkeypatch.setattr(pdf, "write", fail)
    with pytest.raises(RankingError, match="没有签发") as refused:
        briefs.issue_brief(brief_issuer, draft)
    assert words in str(refused.value)
    draft.refresh_from_db()
    assert draft.status == BriefStatus.DRAFT and draft.number is None
    assert not BriefFile.objects.exists() and actions() == ["rankings.brief.make"]


def test_numbers_follow_each_other_in_the_beijing_year(
    fifteen_months, brief_maker, brief_issuer, quick, time_machine
) -> None:
    moments = [
        dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 31, 15, 59, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC),  # new year in Beijing
        dt.datetime(2027, 3, 1, tzinfo=dt.UTC),
    ]
    numbers = []
    for back, moment in enumerate(moments):
        time_machine.move_to(moment, tick=False)
        made = briefs.make_brief(
            brief_maker, fifteen_months.board, fifteen_months.ours, LAST + -back
        )
        numbers.append(briefs.issue_brief(brief_issuer, made).number)
    assert numbers == ["JB-2026-001", "JB-2026-002", "JB-2027-001", "JB-2027-002"]


def test_a_number_that_was_taken_meanwhile_is_followed_by_the_next(
    fifteen_months, draft, brief_maker, brief_issuer, quick, monkeypatch
) -> None:
    """As when another machine issues between the files and the transaction."""
    other = briefs.make_brief(brief_maker, draft.board, draft.account, LAST + -1)
    files, raced = briefs._files, []

    def slow(*args):
        made = files(*args)
        if not raced:
            raced.append(True)
            briefs.issue_brief(brief_issuer, other)
        return made

    monkeypatch.setattr(briefs, "_files", slow)
    brief = briefs.issue_brief(brief_issuer, draft)
    other.refresh_from_db()
    assert sorted([brief.number[-3:], other.number[-3:]]) == ["001", "002"]
    assert brief.document["number"] == brief.number


def test_the_archived_bytes_are_checked_before_they_are_handed_out(issued) -> None:
    kept, data = briefs.file_of(issued, "xlsx")
    with pytest.raises(LookupError):
        briefs.file_of(issued, "odt")
    path = Path(evidence.storage().path(kept.capture.path))
    path.chmod(0o640)
    path.write_bytes(gzip.compress(data[:-1] + b"x"))
    with pytest.raises(evidence.EvidenceDamaged):
        briefs.file_of(issued, "xlsx")
    path.unlink()
    with pytest.raises(evidence.EvidenceMissing):
        briefs.file_of(issued, "xlsx")


# --- afterwards -------------------------------------------------------------------------------


def test_a_correction_marks_the_brief_and_says_what_changed(fifteen_months, issued) -> None:
    frozen = dict(issued.document)
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST + -3, [second, ours, *others])
    issued.refresh_from_db()
    assert issued.needs_review and issued.situation == "需复核"
    assert issued.document == frozen
    said = [item["text"] for item in issued.findings]
    assert "2019年5月：名次由“第1名，已核实第一”改为“第2名，已核实不是第一”。" in said
    assert rules.months_of(issued.findings) == "2019年8月、2019年5月"
    assert actions()[-1] == "rankings.brief.review"


def test_superseding_and_restoring_leaves_no_mark(fifteen_months, issued) -> None:
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [second, ours, *others])
    fifteen_months.correct(LAST, fifteen_months.accounts)
    issued.refresh_from_db()
    assert not issued.needs_review and issued.findings == []
    assert actions()[-2:] == ["rankings.brief.review", "rankings.brief.restore"]


def test_later_months_other_boards_and_new_names_touch_no_brief(
    fifteen_months, issued, django_assert_num_queries
) -> None:
    record_month(fifteen_months.board, LAST + 1, fifteen_months.accounts)
    record_month(BoardFactory(), LAST, fifteen_months.accounts[:3])
    Watch.objects.create(board=fifteen_months.board, account=fifteen_months.accounts[-1])
    with django_assert_num_queries(1):
        assert brief_checks.recheck_briefs([fifteen_months.board.pk], [(LAST + 1).index]) == 0
    with django_assert_num_queries(0):
        assert brief_checks.recheck_briefs([fifteen_months.board.pk], []) == 0
    assert brief_checks.recheck_board(fifteen_months.board) == 0
    issued.refresh_from_db()
    assert not issued.needs_review and issued.findings == []


def test_a_proposal_changes_nothing_until_it_is_confirmed(
    fifteen_months, issued, recorder, checker
) -> None:
    row = Observation.objects.get(account=fifteen_months.ours, month=LAST.index)
    new = correct_observation(recorder, row, "看错了", {"rank": 2})
    issued.refresh_from_db()
    assert not issued.needs_review
    confirm_observations(checker, [new])
    issued.refresh_from_db()
    assert issued.needs_review


def test_the_office_may_leave_it_as_it_is_with_a_reason(
    fifteen_months, issued, brief_issuer, brief_maker
) -> None:
    with pytest.raises(RankingError, match="没有要复核"):
        brief_checks.settle_brief(brief_issuer, issued, "无妨")
    ours, second, third, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [ours, third, second, *others])
    with pytest.raises(PermissionDenied):
        brief_checks.settle_brief(brief_maker, issued, "无妨")
    with pytest.raises(RankingError, match="为什么不必更正"):
        brief_checks.settle_brief(brief_issuer, issued, " ")
    settled = brief_checks.settle_brief(brief_issuer, issued, "第三名与本账号无关")
    assert not settled.needs_review and settled.findings
    # The same findings do not come back; others do.
    brief_checks.recheck_briefs([issued.board_id], [LAST.index])
    issued.refresh_from_db()
    assert not issued.needs_review
    fifteen_months.correct(LAST, [second, third, ours, *others])
    issued.refresh_from_db()
    assert issued.needs_review


def test_the_brief_says_which_statements_it_leans_on(fifteen_months, issued) -> None:
    row = Observation.objects.get(account=fifteen_months.ours, month=(LAST + -3).index)
    [group] = [group for group in dependents_of([row]) if group.key == "briefs"]
    assert [(item.label, item.status) for item in group.items] == [(str(issued), "已签发")]
    other = Observation.objects.filter(
        account=fifteen_months.accounts[-1], month=(LAST + -5).index
    ).first()
    assert not [group for group in dependents_of([other]) if group.key == "briefs"]


def test_a_corrected_brief_says_what_differs_and_takes_its_place(
    fifteen_months, issued, brief_maker, brief_issuer
) -> None:
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [second, ours, *others])
    with pytest.raises(RankingError, match="更正理由"):
        briefs.correct_brief(brief_maker, issued, "")
    new = briefs.correct_brief(brief_maker, issued, "出版方更正了名次")
    with pytest.raises(RankingError, match="已经有更正版"):
        briefs.correct_brief(brief_maker, issued, "再来一份")
    told = new.document["correction"]
    assert (told["of"], told["ordinal"], told["reason"]) == (issued.number, 1, "出版方更正了名次")
    assert any("改为“第2名" in item["text"] for item in told["differences"])
    second_brief = briefs.issue_brief(brief_issuer, new)
    text = "\n".join(
        each.text
        for each in docx.Document(io.BytesIO(briefs.file_of(second_brief, "docx")[1])).paragraphs
    )
    assert f"更正第1号（更正{issued.number}）" in text and "出版方更正了名次" in text
    issued = Brief.objects.get(pk=issued.pk)
    assert not issued.needs_review and issued.situation == f"已由 {second_brief.number} 更正"
    # What is replaced is looked at no more; the next correction is the second.
    fifteen_months.correct(LAST, fifteen_months.accounts, reason="又改回来")
    issued.refresh_from_db()
    second_brief.refresh_from_db()
    assert not issued.needs_review and second_brief.needs_review
    third = briefs.correct_brief(brief_maker, second_brief, "改回")
    assert third.document["correction"]["ordinal"] == 2


def test_a_month_whose_record_is_gone_is_a_finding(issued, monkeypatch) -> None:
    def gone(*args, **options):
        raise briefs.NothingToBrief("还没有2019年8月的名次记录。")

    monkeypatch.setattr(briefs.content, "compose", gone)
    assert brief_checks.recheck_board(issued.board) == 1
    issued.refresh_from_db()
    assert issued.findings == [{"month": "2019-08", "text": "还没有2019年8月的名次记录。"}]


# --- templates --------------------------------------------------------------------------------


def own_template(heading: str = "荷塘区融媒体中心") -> bytes:
    document = docx.Document(io.BytesIO(word.default()))
    document.paragraphs[0].runs[0].text = heading
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_an_edited_template_makes_the_next_briefs(draft, brief_maker, brief_issuer, quick) -> None:
    edited = own_template()
    template = brief_templates.add_template(brief_maker, "红头版", edited)
    assert template.is_active and brief_templates.template_bytes(template) == edited
    brief = briefs.issue_brief(brief_issuer, draft)
    assert brief.template == template
    assert brief.document["template"]["name"] == "红头版"
    opened = docx.Document(io.BytesIO(briefs.file_of(brief, "docx")[1]))
    assert opened.paragraphs[0].text == "荷塘区融媒体中心"


def test_one_template_is_in_use_and_all_are_kept(brief_maker) -> None:
    first = brief_templates.add_template(brief_maker, "一", own_template("一"))
    second = brief_templates.add_template(brief_maker, " ", own_template("二"))
    assert str(second) == "简报模板"
    assert list(BriefTemplate.objects.filter(is_active=True)) == [second]
    brief_templates.use_template(brief_maker, first)
    assert list(BriefTemplate.objects.filter(is_active=True)) == [first]
    brief_templates.use_template(brief_maker, None)
    assert BriefTemplate.objects.count() == 2
    assert not BriefTemplate.objects.filter(is_active=True).exists()
    assert brief_templates.template_bytes(None) == word.default()
    assert actions()[-1] == "rankings.brief.template.use"


def test_a_bad_template_changes_nothing(brief_maker, person) -> None:
    with pytest.raises(RankingError, match="模板没有收下"):
        brief_templates.add_template(brief_maker, "坏", b"not a document")
    with pytest.raises(PermissionDenied):
        brief_templates.add_template(person("读者", "view_report"), "好", own_template())
    with pytest.raises(PermissionDenied):
        brief_templates.use_template(person("读者二", "view_report"), None)
    assert not BriefTemplate.objects.exists()


def test_a_brief_of_an_earlier_month_can_be_made_at_any_time(fifteen_months, brief_maker) -> None:
    brief = briefs.make_brief(
        brief_maker, fifteen_months.board, fifteen_months.ours, Month(2018, 9)
    )
    assert brief.document["history"][-1]["month"] == "2018-09"
