"""The timeline: one sentence for every action, read from what is recorded anyway."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.log_actions import log

from articles import publishing, timeline
from articles.models import ArticlePage
from articles.review import services
from articles.timeline.sentences import TABLE, Event, Part, line, written
from cms.ops import audit
from cms.ops.registry import action_labels
from tests.factories.articles import ArticleFactory, approve_by, running_step

from .timeline_sentences import SENTENCES


@pytest.mark.parametrize(
    ("action", "actor", "detail", "words"),
    SENTENCES,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(SENTENCES)],
)
def test_the_sentence_of_an_action(action, actor, detail, words):
    assert line(Event(action, actor, detail)).plain == words


def test_every_action_of_articles_has_a_sentence():
    registered = {action for action in action_labels() if action.startswith("article.")}
    assert len(registered) > 10
    assert registered <= set(TABLE)


def test_every_sentence_is_in_the_table_above():
    ours = {action for action in TABLE if not action.startswith("wagtail.")}
    assert ours == {case[0] for case in SENTENCES}


def test_an_unknown_action_is_told_by_its_label_with_its_reason():
    told = line(Event("article.new_thing", "林编辑", {"reason": "试用"}, label="新做法"))
    assert told.plain == "林编辑：新做法：“试用”"


VALUES = st.one_of(
    st.none(), st.text(), st.integers(), st.booleans(), st.lists(st.text(), max_size=3)
)
KEYS = st.sampled_from(sorted({key for _, _, detail, _ in SENTENCES for key in detail}))


@given(st.sampled_from(sorted(TABLE)), st.dictionaries(KEYS, VALUES))
def test_no_detail_however_odd_leaves_an_action_untold(action, detail):
    assert line(Event(action, "林编辑", detail)).text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(1, 1, "林编辑写了第1稿"), (3, 3, "林编辑改了第3稿"), (2, 5, "林编辑改了稿（第2至5稿）")],
)
def test_saved_drafts_are_told_by_their_numbers(first, last, words):
    assert written("林编辑", first, last).text == words


# --- from the record ---------------------------------------------------------------------------


@pytest.fixture
def article(people):
    return ArticleFactory(writer=people.editor, title="楼道灯亮了")


def save(article, person, **changes):
    fresh = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(fresh, name, value)
    return fresh.save_revision(user=person)


def told(article, part=None):
    return [entry.line.plain for entry in timeline.entries(article, part)]


@pytest.mark.django_db
def test_the_story_of_an_article(people, article, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    save(article, people.editor, title="楼道灯又亮了")
    services.submit(people.editor, article)
    time_machine.move_to(timezone.now() + timedelta(minutes=5), tick=False)
    approve_by(article, people.reviewer_credible)
    time_machine.move_to(timezone.now() + timedelta(minutes=5), tick=False)
    services.send_back(people.reviewer_readable, running_step(article), "标题太长", kind="headline")
    time_machine.move_to(timezone.now() + timedelta(minutes=5), tick=False)
    save(article, people.editor, title="灯亮了")
    story = told(article)
    # How many slips were found depends on the form and is told in the table above.
    assert re.sub(r"，(没有)?校出差错\d*处?", "", "|".join(story)).split("|") == [
        f"{people.editor}改了第3稿",
        f"{people.reviewer_readable}在“可读审核”退回修改，类别：标题或导语：“标题太长”",
        f"{people.reviewer_credible}通过可信审核：“同意”",
        f"{people.editor}提交审核",
        f"{people.editor}改了稿（第1至2稿）",
    ]
    assert told(article, Part.REVIEW) == story[1:4]
    assert told(article, Part.RELEASE) == []


@pytest.mark.django_db
def test_saves_of_two_people_or_two_days_are_told_apart(people, article, time_machine):
    noon = timezone.localtime().replace(hour=12) + timedelta(days=1)
    time_machine.move_to(noon, tick=False)
    save(article, people.editor, title="二")
    save(article, people.administrator, title="三")
    time_machine.move_to(noon + timedelta(days=1), tick=False)
    save(article, people.administrator, title="四")
    days = timeline.by_day(timeline.entries(article))
    assert [[entry.line.text for entry in day.entries] for day in days] == [
        [f"{people.administrator}改了第4稿"],
        [f"{people.administrator}改了第3稿", f"{people.editor}改了第2稿"],
        [f"{people.editor}写了第1稿"],
    ]
    assert [day.day for day in days] == sorted((day.day for day in days), reverse=True)


@pytest.mark.django_db
def test_a_change_of_the_text_knows_the_drafts_around_it(people, article):
    first = article.get_latest_revision()
    second = save(article, people.administrator, title="二")
    newest, oldest = timeline.entries(article)
    assert newest.revisions == (first.pk, second.pk)
    assert oldest.revisions is None


@pytest.mark.django_db
def test_what_only_wagtail_logs_is_told_and_nothing_is_told_twice(people, article, time_machine):
    services.submit(people.editor, article)
    log(instance=article, action="wagtail.move", user=people.editor)
    assert not any("移动" in words for words in told(article))  # within seconds of our own entry
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    log(instance=article, action="wagtail.move", user=people.administrator)
    assert told(article)[0] == f"{people.administrator}移动了文章的位置"


@pytest.mark.django_db
def test_other_articles_stay_out(people, article):
    other = ArticleFactory(writer=people.editor)
    services.submit(people.editor, other)
    audit.record(people.editor, "rankings.record", people.editor, {"reason": "别的"})
    assert told(article) == [f"{people.editor}写了第1稿"]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(people, article, django_assert_num_queries):
    for number in range(12):
        save(article, [people.editor, people.administrator][number % 2], title=f"第{number}次")
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible, people.reviewer_readable)
    fresh = ArticlePage.objects.get(pk=article.pk)
    timeline.entries(fresh)
    with django_assert_num_queries(4):
        assert len(timeline.entries(fresh)) > 12


def page(article) -> str:
    return reverse("articles_timeline", args=[article.pk])


@pytest.mark.django_db
def test_the_page_narrows_down_and_escapes(people, article, client):
    services.submit(people.editor, article)
    services.send_back(people.reviewer_credible, running_step(article), "<script>alert(1)</script>")
    client.force_login(people.editor)
    html = client.get(page(article)).content.decode()
    assert "写了第1稿" in html and "提交审核" in html
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html
    html = client.get(page(article), {"part": "review"}).content.decode()
    assert "写了第1稿" not in html and "提交审核" in html
    html = client.get(page(article), {"part": "release"}).content.decode()
    assert "还没有这一类的记录" in html
    assert "写了第1稿" in client.get(page(article), {"part": "nonsense"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("reviewer_readable", 200), ("office", 302)])
def test_who_may_read_it(people, article, client, role, status):
    client.force_login(getattr(people, role))
    assert client.get(page(article)).status_code == status


@pytest.mark.django_db
def test_the_desk_shows_the_newest_and_the_latest_return(people, article, client):
    services.submit(people.editor, article)
    services.send_back(people.reviewer_credible, running_step(article), "出处不明")
    client.force_login(people.editor)
    html = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert html.count("出处不明") == 2  # above, and in the story
    assert page(article) in html


@pytest.mark.django_db
def test_a_time_that_came_is_told_as_the_system_s(people, article, time_machine):
    services.submit(people.editor, article)
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    at = timezone.now() + timedelta(hours=1)
    publishing.schedule(people.publisher, ArticlePage.objects.get(pk=article.pk), at)
    time_machine.move_to(at, tick=False)
    publishing.publish_due()
    assert told(article, Part.RELEASE)[0] == "到了定好的时间，文章自动发布"
