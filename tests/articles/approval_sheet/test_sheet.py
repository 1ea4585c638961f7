"""The 发布审批单 from the record: which approvals stand on it, on the page and in Word."""

import io
from datetime import timedelta
from urllib.parse import unquote

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.approval_sheet import word
from articles.approval_sheet.content import heading, rows
from articles.approval_sheet.reading import revision_of, sheet
from articles.importing import import_past_article
from articles.models import ArticlePage, ChecklistQuestion
from articles.release import corrections, urgent, withdrawal
from articles.review import services
from tests.factories.articles import ArticleFactory, ColumnFactory, approve_by

pytestmark = pytest.mark.django_db

REASON = "暴雨红色预警，须马上告诉居民"


def again(article) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


@pytest.fixture
def article(people):
    return ArticleFactory(writer=people.editor, title="楼道灯亮了", original_url="")


def reviewers(people):
    return people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable


def publish(people, article):
    services.submit(people.editor, article)
    approve_by(article, *reviewers(people))
    publishing.publish_now(people.publisher, again(article))
    return again(article)


def edit(article, person, **changes):
    text = again(article).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(text, name, value)
    return text.save_revision(user=person)


def of(article, revision=None):
    article = again(article)
    return sheet(article, revision or revision_of(article))


def test_a_published_article(people, article):
    article = publish(people, article)
    shown = of(article)
    assert shown.is_complete and shown.missing == []
    assert [(o.dimension, o.person) for o in shown.opinions] == [
        ("credible", str(people.reviewer_credible)),
        ("readable", str(people.reviewer_readable)),
        ("approachable", str(people.reviewer_approachable)),
    ]
    assert shown.digest == article.content_digest
    assert shown.published_by == str(people.publisher)
    assert shown.address.endswith(article.url) and shown.address.startswith("http")
    assert shown.writers == [str(people.editor)]
    assert not any(cell.is_open for row in rows(shown) for cell in row)


def test_secrecy_answers_stand_in_their_own_field(people, article):
    secret = ChecklistQuestion.objects.filter(is_secrecy=True, is_active=True).first()
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    field = next(c for row in rows(of(article)) for c in row if c.label == "保密审查")
    assert secret.text in "".join(field.lines)
    assert str(people.reviewer_credible) in "".join(field.lines)


def test_approvals_of_a_later_text_never_stand_on_an_older_one(people, article):
    old = article.get_latest_revision()
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    again(article).current_workflow_state.cancel(user=people.editor)
    new = edit(article, people.editor, title="楼道灯又亮了")
    publish(people, article)
    assert of(article, old).opinions == [] and of(article, old).newer == 2
    assert of(article, old).published_at is None
    assert len(of(article, new).opinions) == 3
    newest = edit(article, people.editor, title="第三个标题")
    assert of(article, newest).opinions == [] and of(article, newest).published_at is None
    assert len(of(article, new).opinions) == 3  # what is live keeps its sheet


def test_by_default_the_sheet_is_of_the_live_text_until_there_is_a_newer_one(people, article):
    article = publish(people, article)
    assert revision_of(article) == article.live_revision
    newest = edit(article, people.editor, title="新题")
    assert revision_of(again(article)) == newest


def test_a_set_time_stands_until_it_is_taken_back(people, article):
    services.submit(people.editor, article)
    approve_by(article, *reviewers(people))
    at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    publishing.schedule(people.publisher, again(article), at)
    assert of(article).scheduled_for == at
    publishing.unschedule(people.publisher, again(article), "改期")
    assert of(article).scheduled_for is None


def test_urgent_release(people, article):
    release = urgent.request_urgent(people.publisher, article, REASON)
    assert of(article).urgent is None  # nothing went out
    urgent.confirm_urgent(people.reviewer_approachable, release)
    shown = of(article)
    assert shown.urgent.reason == REASON
    assert (shown.urgent.requested_by, shown.urgent.decided_by) == (
        str(people.publisher),
        str(people.reviewer_approachable),
    )
    assert heading(shown)[0].startswith("特急发布，三审未补完")


def test_corrections_and_withdrawal_belong_to_the_text_that_was_live(people, article, time_machine):
    article = publish(people, article)
    first = article.live_revision
    note = corrections.propose_correction(people.editor, article, "楼道灯应为12盏。", "none")
    corrections.publish_correction(people.reviewer_readable, note)
    withdrawal.withdraw(people.publisher, again(article), "wrong", "数字有误，先撤下")
    shown = of(article, first)
    assert "楼道灯应为12盏。" in shown.corrections[0].text
    assert "数字有误" in shown.withdrawals[0].text
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    second = edit(article, people.editor, title="改好了")
    publish(people, article)
    assert of(article, second).corrections == [] and of(article, second).withdrawals == []
    assert of(article, first).withdrawals


def test_sent_in_again_after_a_withdrawal_old_approvals_are_gone_at_once(
    people, article, time_machine
):
    article = publish(people, article)
    time_machine.move_to(timezone.now() + timedelta(days=1), tick=False)
    withdrawal.withdraw(people.publisher, again(article), "wrong", "数字有误，先撤下")
    assert len(of(article).opinions) == 3, "the record of what was public stays"
    time_machine.move_to(timezone.now() + timedelta(days=1), tick=False)
    services.submit(people.editor, again(article))
    shown = of(article)
    assert shown.opinions == [] and shown.missing == ["可信", "可读", "可亲"]
    assert shown.published_at is None and shown.withdrawals
    assert heading(shown)[0] == "未完成：还差可信、可读、可亲审核。"
    time_machine.move_to(timezone.now() + timedelta(days=1), tick=False)
    approve_by(article, *reviewers(people))
    shown = of(article)
    assert {o.at for o in shown.opinions} == {timezone.now()} and not shown.is_complete
    publishing.publish_now(people.publisher, again(article))
    shown = of(article)
    assert shown.is_complete and shown.published_at == timezone.now()


def test_after_a_withdrawal_the_same_words_need_new_reviews(people, article, time_machine):
    article = publish(people, article)
    first = article.live_revision
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    withdrawal.withdraw(people.publisher, again(article), "wrong", "数字有误，先撤下")
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    same = edit(article, people.editor)
    assert of(article, same).digest == of(article, first).digest
    assert of(article, same).opinions == [] and len(of(article, first).opinions) == 3
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    publish(people, article)
    assert len(of(article, same).opinions) == 3


def test_an_imported_article(people):
    at = timezone.now() - timedelta(days=900)
    article = ArticlePage(
        title="旧文",
        digest="旧",
        author="甲",
        editor_in_charge="乙",
        original_url="https://mp.weixin.qq.com/s/old",
    )
    import_past_article(people.administrator, ColumnFactory(), article, at)
    shown = of(article)
    assert shown.is_imported and shown.published_at == at and shown.opinions == []
    assert shown.original_address == "https://mp.weixin.qq.com/s/old"


def test_the_number_of_queries_does_not_grow(people, article, django_assert_max_num_queries):
    for number in range(8):
        edit(article, people.editor, title=f"题{number}")
    services.submit(people.editor, article)
    approve_by(article, *reviewers(people))
    with django_assert_max_num_queries(28):
        of(article)


# --- the page and the file --------------------------------------------------------------------


def address(article, name="articles_approval_sheet") -> str:
    return reverse(name, args=[article.pk])


def test_the_page_prints_every_field_escaped(people, client):
    article = ArticleFactory(writer=people.editor, title="<b>灯</b>亮了")
    client.force_login(people.reviewer_readable)
    html = client.get(address(article)).content.decode()
    assert "&lt;b&gt;灯&lt;/b&gt;亮了" in html and "<b>灯" not in html
    assert "未完成：还差可信、可读、可亲审核。" in html
    for row in rows(of(article)):
        for cell in row:
            assert f">{cell.label}</th>" in html


def test_the_word_file_says_what_the_page_says(people, article, client):
    article = publish(people, article)
    client.force_login(people.editor)
    response = client.get(address(article, "articles_approval_sheet_word"))
    assert response["Content-Type"] == word.CONTENT_TYPE
    today = timezone.localdate()
    assert f"发布审批单-楼道灯亮了-{today}.docx" in unquote(response["Content-Disposition"])
    document = docx.Document(io.BytesIO(response.content))
    assert [p.text for p in document.paragraphs[:2]] == ["发布审批单", "三审已完成，已发布。"]
    (table,) = document.tables
    printed = []
    for row in table.rows:
        cells = list(dict.fromkeys(cell._tc for cell in row.cells))
        texts = [docx.table._Cell(tc, table).text for tc in cells]
        printed.append(tuple(zip(texts[::2], texts[1::2], strict=True)))
    assert printed == [
        tuple(
            (cell.label, "\n".join([*cell.lines, *([cell.signed] if cell.signed else [])]))
            for cell in row
        )
        for row in rows(of(article))
    ]


def test_the_word_file_names_chinese_fonts_and_is_the_same_each_time(people, article):
    now = timezone.now()
    data = word.write(of(article), now)
    assert data == word.write(of(article), now)
    document = docx.Document(io.BytesIO(data))
    assert document.styles["Normal"].element.xml.count("仿宋_GB2312") == 1
    assert document.core_properties.author == ""
    assert round(document.sections[0].page_width.mm) == 210


def test_letters_that_word_cannot_hold_are_left_out(people, article):
    edit(article, people.editor, title="灯\x0b亮\x01了")
    data = word.write(of(article), timezone.now())
    table = docx.Document(io.BytesIO(data)).tables[0]
    assert table.rows[0].cells[1].text == "灯亮了"


@pytest.mark.parametrize("revision", ["0", "x", "²", "9" * 40], ids=["none", "x", "super", "long"])
def test_an_unknown_draft_is_not_found(people, article, client, revision):
    client.force_login(people.editor)
    assert client.get(address(article), {"revision": revision}).status_code == 404


def test_a_draft_of_another_article_is_not_found(people, article, client):
    other = ArticleFactory(writer=people.editor).get_latest_revision()
    client.force_login(people.editor)
    assert client.get(address(article), {"revision": other.pk}).status_code == 404


@pytest.mark.parametrize("name", ["articles_approval_sheet", "articles_approval_sheet_word"])
@pytest.mark.parametrize(("role", "status"), [("reviewer_credible", 200), ("office", 302)])
def test_who_may_see_it(people, article, client, name, role, status):
    client.force_login(getattr(people, role))
    assert client.get(address(article, name)).status_code == status
