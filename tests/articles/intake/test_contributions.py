"""投稿箱: what contributors send, who sees it, and what becomes of it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from PIL import Image

from articles.intake import contributions
from articles.intake.contributions import IntakeRefused
from articles.models import Contribution, ContributionStatus
from articles.review import services
from articles.review.approvals import authors_since_live
from articles.review.services import ReviewRefused
from cms.ops.models import AuditEntry
from media.sniffing import UploadRefused
from tests.factories.articles import ColumnFactory, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
TEXT = "　　社区食堂开了门。\n\n<script>alert(1)</script>老人先尝了一碗汤。"


@pytest.fixture
def sent(people):
    return contributions.send(people.contributor, "社区食堂开门", TEXT, "月塘街道办事处")


def word(name="稿件.docx"):
    document, file = Document(), io.BytesIO()
    document.add_paragraph("一段话")
    document.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def picture(name="现场.jpg"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "#2E6A50").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue())


def test_a_contributor_sees_only_their_own(people, sent, client):
    other = UserFactory(roles=["contributor"])
    client.force_login(other)
    assert "社区食堂" not in client.get(reverse("articles_contribution:index")).content.decode()
    assert client.get(reverse("articles_contribution:show", args=[sent.pk])).status_code == 404
    client.force_login(people.contributor)
    assert "社区食堂" in client.get(reverse("articles_contribution:index")).content.decode()
    html = client.get(reverse("articles_contribution:show", args=[sent.pk])).content.decode()
    assert "老人先尝了一碗汤" in html and "<script>alert(1)" not in html
    assert "撤回来稿" in html and "不采用" not in html


@pytest.mark.parametrize(
    "role", ["reviewer_credible", "publisher", "office", "auditor", "administrator"]
)
def test_others_have_nothing_to_do_with_the_box(people, sent, client, role):
    client.force_login(getattr(people, role))
    assert client.get(reverse("articles_contribution:show", args=[sent.pk])).status_code == 404
    with pytest.raises(IntakeRefused):
        contributions.take_over(getattr(people, role), sent, ColumnFactory())


def test_a_contributor_reaches_no_article(people, client):
    client.force_login(people.contributor)
    for name in ("articles:index", "articles_topic:index"):
        assert client.get(reverse(name)).status_code == 302
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "我的来稿" in home and "等我处理" not in home


def test_taking_over_makes_the_contributor_an_author(people, sent):
    sent.sent_by.groups.add(*people.reviewer_credible.groups.all())
    article = contributions.take_over(people.editor, sent, ColumnFactory(), "写得好")
    assert [block.value.source for block in article.body] == [
        "<p>社区食堂开了门。</p>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;老人先尝了一碗汤。</p>",
    ]
    assert article.sources.get().name == "月塘街道办事处"
    assert authors_since_live(article) == {people.contributor.pk, people.editor.pk}
    draft = article.get_latest_revision_as_object()
    draft.digest = "食堂开门了。"
    draft.save_revision(user=people.editor)
    services.submit(people.editor, article)
    step = running_step(article)
    assert people.contributor in step.task.specific.groups.get().user_set.all()
    with pytest.raises(ReviewRefused):
        services.send_back(people.contributor, step, "我自己来审")
    sent.refresh_from_db()
    assert (sent.status, sent.article_id, sent.handled_by) == (
        ContributionStatus.TAKEN,
        article.pk,
        people.editor,
    )


def test_handled_once(people, sent):
    contributions.decline(people.editor, sent, "上周发过了")
    for act in (
        lambda: contributions.decline(people.editor, sent, "再说一次"),
        lambda: contributions.take_over(people.editor, sent, ColumnFactory()),
        lambda: contributions.recall(people.contributor, sent),
    ):
        with pytest.raises(IntakeRefused, match="未采用"):
            act()


def test_declining_needs_an_answer(people, sent):
    with pytest.raises(IntakeRefused, match="答复"):
        contributions.decline(people.editor, sent, " ")


def test_only_one_s_own_is_recalled(people, sent):
    with pytest.raises(IntakeRefused, match="自己的"):
        contributions.recall(UserFactory(roles=["contributor"]), sent)
    contributions.recall(people.contributor, sent)
    assert Contribution.objects.get().status == ContributionStatus.RECALLED


def test_files_are_looked_at_and_kept_private(people, client):
    sent = contributions.send(people.contributor, "附稿", "", "", [word(), picture()])
    kept = {file.name: file for file in sent.files.all()}
    assert kept["现场.jpg"].is_picture and not kept["稿件.docx"].is_picture
    address = reverse("articles_contribution:file", args=[sent.pk, kept["稿件.docx"].pk])
    client.force_login(people.editor)
    response = client.get(address)
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content).startswith(b"PK")
    client.force_login(UserFactory(roles=["contributor"]))
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302
    assert client.get(f"/media/{kept['现场.jpg'].file.name}").status_code == 404


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: SimpleUploadedFile("稿件.doc", b"\xd0\xcf\x11\xe0"), "另存为 .docx"),
        (lambda: SimpleUploadedFile("稿件.docx", b"MZ not a zip"), "稿件.docx"),
        (lambda: SimpleUploadedFile("现场.jpg", picture().read()[:200]), "现场.jpg"),
        (lambda: SimpleUploadedFile("空.docx", b""), "空.docx"),
        (lambda: SimpleUploadedFile("程序.exe", b"MZ"), "不能上传"),
    ],
    ids=["doc", "renamed", "cut-off", "empty", "program"],
)
def test_files_that_are_not_taken(people, upload, words):
    with pytest.raises(UploadRefused, match=words):
        contributions.send(people.contributor, "附稿", "正文", "", [upload()])
    assert not Contribution.objects.exists()


def test_too_many_files(people):
    with pytest.raises(UploadRefused, match="最多带 9 个"):
        contributions.send(people.contributor, "图", "正文", "", [picture() for _ in range(10)])


def test_the_form_comes_back_as_it_was_typed(people, client):
    client.force_login(people.contributor)
    address = reverse("articles_contribution:send")
    html = client.post(address, {"title": "只有标题", "text": " "}).content.decode()
    assert "请写正文，或附上 Word 稿件" in html and 'value="只有标题"' in html
    response = client.post(
        address, {"title": "图文", "text": "正文", "source": "", "files": [picture(), word()]}
    )
    sent = Contribution.objects.get()
    assert response["Location"] == reverse("articles_contribution:show", args=[sent.pk])
    assert sent.files.count() == 2


def test_an_editor_handles_it_on_the_screen(people, sent, client):
    client.force_login(people.editor)
    address = reverse("articles_contribution:show", args=[sent.pk])
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "待处理的来稿" in home and address in home
    html = client.post(address, {"action": "decline", "answer": ""}).content.decode()
    assert "请写一句答复" in html
    column = ColumnFactory(title="身边")
    response = client.post(address, {"action": "take", "column": column.pk}, follow=True)
    assert "草稿《社区食堂开门》已建好" in response.content.decode()
    response = client.post(address, {"action": "take", "column": column.pk}, follow=True)
    assert "已采用，不能再处理" in response.content.decode()
    column.refresh_from_db()
    assert column.get_children().count() == 1


def test_every_step_is_audited(people, sent):
    contributions.take_over(people.editor, sent, ColumnFactory())
    other = contributions.send(people.contributor, "二", "正文")
    contributions.decline(people.editor, other, "不合适")
    contributions.recall(people.contributor, contributions.send(people.contributor, "三", "正文"))
    actions = AuditEntry.objects.filter(action__startswith="contribution.")
    assert sorted(actions.values_list("action", flat=True)) == [
        "contribution.decline",
        "contribution.recall",
        "contribution.send",
        "contribution.send",
        "contribution.send",
        "contribution.take",
    ]


def test_the_list_takes_the_same_queries_however_long(
    people, client, django_assert_max_num_queries
):
    client.force_login(people.editor)
    counts = []
    for number in (2, 12):
        for each in range(number):
            contributions.send(people.contributor, f"稿{each}", "正文")
        with django_assert_max_num_queries(40) as found:
            client.get(reverse("articles_contribution:index"))
        counts.append(len(found))
    assert counts[0] == counts[1]
