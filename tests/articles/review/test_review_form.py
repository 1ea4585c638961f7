"""The reviewer's form over HTTP: what is asked, what is refused, what survives."""

from functools import partial

import pytest
from django.urls import reverse

from articles.models import ArticlePage, ChecklistQuestion, ReviewTaskState
from articles.review import services
from articles.review.passages import facts_in
from articles.review.services import ReviewRefused
from tests import scenes
from tests.factories.articles import (
    ArticleFactory,
    approve_by,
    body,
    filled_form,
    running_step,
    under_review,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

TEXT = body(
    ("paragraph", "<p>11月20日，全区新建12个社区食堂。</p>"),
    ("quotation", {"text": "吃得好。", "speaker": "王芳", "role": "居民"}),
    (
        "figure",
        {"label": "就餐老人", "value": "3.2", "unit": "万人", "source": "区民政局", "date": None},
    ),
)


scene = scenes.fixture(partial(under_review, title="食堂开了", body=TEXT))


@pytest.fixture
def reviewer(people, client):
    client.force_login(people.reviewer_credible)
    return client


def act(client, article, form):
    return client.post(reverse("articles_desk", args=[article.pk]), form, follow=True)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def stored(step) -> ReviewTaskState:
    return ReviewTaskState.objects.get(pk=step.pk)


def test_the_form_lists_the_facts_with_nothing_ticked(article, reviewer):
    html = reviewer.get(reverse("articles_desk", args=[article.pk])).content.decode()
    for words in ("11月20日", "12个", "吃得好。", "王芳（居民）", "3.2万人"):
        assert f"<mark>{words}</mark>" in html
    assert 'value="区民政局"' in html
    assert " checked" not in html.partition("data-review-form")[2].partition("</form>")[0]


def test_a_filled_form_is_an_approval_with_its_answers(people, article, reviewer):
    step = running_step(article)
    form = filled_form(step, slips="2", comment="好")
    form["answer-credible-links"] = "na"
    form["note-credible-links"] = "没有链接"
    assert "已通过可信审核" in said(act(reviewer, article, form))
    given = stored(step)
    assert given.slips == 2 and given.comment == "好" and given.deputation is None
    by_code = {entry["code"]: entry for entry in given.answers}
    question = ChecklistQuestion.objects.get(code="credible-links")
    assert by_code["credible-links"] == {
        "code": "credible-links",
        "text": question.text,
        "answer": "na",
        "note": "没有链接",
    }
    assert {f["text"]: f["source"] for f in given.facts}["3.2万人"] == "区民政局"
    assert all(f["checked"] and not f["false_find"] for f in given.facts)


def test_a_refused_form_comes_back_as_typed(article, reviewer):
    step = running_step(article)
    form = filled_form(step, slips="3", comment="还要看看")
    form["answer-credible-names"] = "no"
    form["note-credible-names"] = "王芳是不是王方"
    response = act(reviewer, article, form)
    html = response.content.decode()
    assert "清单第 2 题答了“否”，本稿不能通过" in html
    assert "王芳是不是王方" in html and "还要看看" in html and 'value="3"' in html
    assert stored(step).status == "in_progress" and stored(step).answers == []


def test_a_half_filled_form_can_be_kept_and_is_only_its_keeper_s(people, article, reviewer, client):
    step = running_step(article)
    form = filled_form(step, action="keep_answers", comment="看到一半", slips="")
    del form["answer-credible-sources"]
    assert "已暂存" in said(act(reviewer, article, form))
    assert stored(step).claimed_by == people.reviewer_credible
    html = reviewer.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert "看到一半" in html and html.count("checked>") > 10
    colleague = UserFactory(roles=["reviewer_credible"])
    client.force_login(colleague)
    html = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert "看到一半" not in html and f"{people.reviewer_credible}已认领" in html
    response = act(client, article, filled_form(step, action="keep_answers"))
    assert "认领" in said(response) and stored(step).comment == "看到一半"


def test_a_question_reworded_meanwhile_is_asked_again(article, reviewer):
    step = running_step(article)
    form = filled_form(step, comment="都看过了")
    ChecklistQuestion.objects.filter(code="credible-names").update(text="姓名都对吗？")
    html = act(reviewer, article, form).content.decode()
    assert "清单在您填写时有改动" in html and "都看过了" in html and "姓名都对吗？" in html
    assert stored(step).status == "in_progress"


def test_a_question_added_meanwhile_is_asked_too(article, reviewer):
    form = filled_form(running_step(article))
    ChecklistQuestion.objects.create(dimension="credible", code="own-1", text="图呢？", order=200)
    assert "清单第 9 题还没有回答" in act(reviewer, article, form).content.decode()


def test_a_question_put_out_of_use_meanwhile_is_told(article, reviewer):
    form = filled_form(running_step(article))
    ChecklistQuestion.objects.filter(code="credible-links").update(is_active=False)
    assert "清单在您填写时有改动" in act(reviewer, article, form).content.decode()


@pytest.mark.parametrize("slips", ["", "三处", "-1", "1.5"])
def test_the_slips_are_a_whole_number(article, reviewer, slips):
    html = act(reviewer, article, filled_form(running_step(article), slips=slips)).content.decode()
    assert "没有发现就填 0" in html


def test_posting_the_form_twice_does_no_harm(people, article, reviewer):
    form = filled_form(running_step(article))
    act(reviewer, article, form)
    assert "您已经处理过这一步了" in said(act(reviewer, article, form))
    assert running_step(article).task.name == "可读审核"


def test_hostile_text_in_the_form_is_text(article, reviewer):
    form = filled_form(running_step(article), comment="<script>alert(1)</script>\x00", slips="")
    html = act(reviewer, article, form).content.decode()
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html


def test_a_return_says_its_kind_and_keeps_the_answers(article, reviewer):
    step = running_step(article)
    form = filled_form(step, action="send_back", comment="12个对不上", kind="facts", slips="4")
    assert "已退回修改" in said(act(reviewer, article, form))
    given = stored(step)
    assert (given.status, given.return_kind, given.slips) == ("rejected", "facts", 4)
    assert len(given.answers) == 8


def test_who_left_the_group_meanwhile_is_refused(people, article):
    person = people.reviewer_credible
    step = running_step(article)
    assert step.task.specific.admits(person)  # remembered on the object, as in a long request
    person.groups.clear()
    with pytest.raises(ReviewRefused, match="不在“可信审核”"):
        approve_by(article, person)


def test_a_deactivated_step_stops_the_reviews_in_words(people, article):
    approve_by(article, people.reviewer_credible)
    step = running_step(article)
    credible = step.workflow_state.workflow.tasks.get(name="可信审核")
    credible.active = False
    credible.save()
    with pytest.raises(ReviewRefused, match="没有启用可信审核"):
        approve_by(article, people.reviewer_readable)


def test_a_workflow_deactivated_under_the_form_is_told(people, article):
    step = running_step(article)
    form = filled_form(step)
    step.workflow_state.workflow.deactivate()
    with pytest.raises(ReviewRefused, match="撤回或停用"):
        services.send_back(people.reviewer_credible, step, form["comment"] or "改")
    with pytest.raises(ReviewRefused, match="三审不全"):
        services.submit(people.editor, article)


def test_a_deleted_step_is_told(people, article):
    step = running_step(article)
    type(step).objects.filter(pk=step.pk).delete()
    with pytest.raises(ReviewRefused, match="已从三审流程里删除"):
        services.send_back(people.reviewer_credible, step, "改")


def test_wagtail_s_own_buttons_lead_to_the_desk(people, article, reviewer):
    step = running_step(article)
    assert step.task.specific.get_actions(ArticlePage.objects.get(), people.reviewer_credible) == []
    for action in ("approve", "reject"):
        with pytest.raises(ReviewRefused, match="清单"):
            step.task.specific.on_action(step, people.reviewer_credible, action)
        address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, action, step.pk])
        assert reviewer.post(address, {"comment": "好"}).status_code == 302
    assert stored(step).status == "in_progress"


def test_the_facts_of_every_kind_of_block(people):
    article = ArticleFactory(
        writer=people.editor,
        title="11月办好3件事",
        digest="每周五，到12号窗口。",
        body=body(
            ("subheading", "2026年的账"),
            ("items", {"ordered": True, "items": ["修路2公里", "种树300棵"]}),
            (
                "table",
                {"caption": "上半年", "header": ["项目", "户数"], "rows": [["煤气", "320户"]]},
            ),
            (
                "service_card",
                {
                    "title": "体检",
                    "time": "每周三8:00",
                    "place": "荷塘路5号",
                    "phone": "0731-28880000",
                    "materials": "2份复印件",
                },
            ),
        ),
    )
    found = [(f.text, f.where) for f in facts_in(article)]
    assert found == [
        ("11月", "标题"),
        ("3件", "标题"),
        ("每周五", "摘要"),
        ("12号", "摘要"),
        ("2026年", "第1块 小标题"),
        ("2公里", "第2块 清单（“2026年的账”下）"),
        ("300棵", "第2块 清单（“2026年的账”下）"),
        ("上半年", "第3块 表格（“2026年的账”下）"),
        ("320户", "第3块 表格（“2026年的账”下） 第1行"),
        ("每周三8:00", "第4块 服务卡片（“2026年的账”下）"),
        ("5号", "第4块 服务卡片（“2026年的账”下）"),
        ("0731-28880000", "第4块 服务卡片（“2026年的账”下）"),
        ("2份", "第4块 服务卡片（“2026年的账”下）"),
    ]
