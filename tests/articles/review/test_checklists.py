"""Who words the checklists, and what they may not lose."""

import pytest
from django.urls import reverse

from articles.models import ChecklistQuestion
from articles.review import checklists
from articles.review.checklists import DEFAULTS, ChecklistRefused
from articles.review.stages import Dimension
from cms.ops.models import AuditEntry

pytestmark = pytest.mark.django_db


def one(code: str) -> ChecklistQuestion:
    return ChecklistQuestion.objects.get(code=code)


def test_the_defaults_ask_each_review_five_to_eight_questions(people):
    for dimension in Dimension:
        questions = checklists.asked(dimension)
        assert [q.code for q in questions] == [d.code for d in DEFAULTS[dimension]]
        assert 5 <= len(questions) <= 8
        assert all(len(q.text) <= 120 and q.help_text for q in questions)
    assert ChecklistQuestion.objects.get(is_secrecy=True).dimension == Dimension.CREDIBLE


def test_syncing_again_keeps_the_administrator_s_wording(people):
    ChecklistQuestion.objects.filter(code="readable-title").update(text="标题好吗？")
    ChecklistQuestion.objects.filter(code="readable-lead").delete()
    checklists.sync()
    assert one("readable-title").text == "标题好吗？"
    assert one("readable-lead").is_active


@pytest.fixture
def signed_in(people, client):
    client.force_login(people.administrator)
    return client


def post(client, question=None, **changes):
    about = question or ChecklistQuestion(dimension="credible", order=5, is_active=True)
    form = {
        "dimension": about.dimension,
        "text": about.text,
        "help_text": about.help_text,
        "order": about.order,
        "is_active": "on" if about.is_active else "",
        "is_secrecy": "on" if about.is_secrecy else "",
    }
    name = "edit" if question else "add"
    return client.post(
        reverse(f"articles_checklist:{name}", args=[question.pk] if question else []),
        {key: value for key, value in (form | changes).items() if value != ""},
        follow=True,
    )


def test_a_question_is_added_and_reworded_on_record(people, signed_in):
    post(signed_in, text="图上的字也核对了吗？")
    question = ChecklistQuestion.objects.get(text="图上的字也核对了吗？")
    assert question in checklists.asked("credible")
    post(signed_in, question, text="图上的字都核对了吗？")
    entries = AuditEntry.objects.filter(action="article.checklist_change").order_by("pk")
    assert [(e.actor, e.object_id) for e in entries] == [
        (people.administrator, str(question.pk))
    ] * 2
    assert entries[1].detail["to"] == "图上的字都核对了吗？"
    assert question.code == one(question.code).code


def test_a_review_keeps_at_least_one_question(signed_in):
    ChecklistQuestion.objects.filter(dimension="readable").exclude(code="readable-title").update(
        is_active=False
    )
    response = post(signed_in, one("readable-title"), is_active="")
    assert "可读审核至少要留一个" in response.content.decode()
    assert one("readable-title").is_active


@pytest.mark.parametrize(
    "change", [{"is_active": ""}, {"is_secrecy": ""}, {"dimension": "readable"}]
)
def test_the_secrecy_review_stays(signed_in, change):
    response = post(signed_in, one("credible-secrecy"), **change)
    assert "属于保密审查" in response.content.decode()
    question = one("credible-secrecy")
    assert question.is_active and question.is_secrecy and question.dimension == "credible"


@pytest.mark.parametrize("role", ["editor", "reviewer_credible", "publisher"])
def test_nobody_else_words_questions(people, client, role):
    person = getattr(people, role)
    client.force_login(person)
    assert client.get(reverse("articles_checklist:index")).status_code == 302
    with pytest.raises(ChecklistRefused, match="管理员"):
        checklists.save_question(person, one("credible-names"))


def test_nobody_deletes_a_question(people, client, django_user_model):
    root = django_user_model.objects.create_superuser("root", password=None, display_name="超级")
    client.force_login(root)
    address = reverse("articles_checklist:delete", args=[one("credible-names").pk])
    assert client.post(address).status_code == 302
    assert one("credible-names").is_active
