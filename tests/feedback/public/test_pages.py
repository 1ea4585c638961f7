"""Public answers on the mirror: only what was approved, each page where it belongs."""

import datetime as dt

import pytest
from django.conf import settings as project

from articles.public.listings import SIZE
from cms.mirror import registry
from cms.mirror.models import MirrorJob
from cms.mirror.rendering import render
from cms.mirror.worker import render_pending, store
from feedback.models import FeedbackSettings, Message, State
from feedback.public import lists
from feedback.services import handling, publishing, receiving
from tests.articles.public_scene import SHANGHAI
from tests.factories.feedback import message_in, public_message, receive

from .resident import HOSTILE

pytestmark = pytest.mark.django_db
SECRET = {"name": "王小明", "contact": "13912345678"}


def at(*moment: int) -> dt.datetime:
    return dt.datetime(*moment, tzinfo=SHANGHAI)


def html(address: str) -> str:
    made = render(address)
    assert made.status == 200, address
    return made.body.decode()


@pytest.fixture
def public(people, time_machine) -> Message:
    time_machine.move_to(at(2026, 11, 24, 9), tick=False)
    words = "我是王小明，电话13912345678，住在3栋502室，小区的路灯不亮。"
    return public_message(people, text=words, **SECRET)


def test_question_and_answer_stand_with_dates_and_nobodys_name(public):
    page = html(f"/feedback/{public.pk}/")
    assert "路灯不亮" in page and "路灯已经修好。" in page
    assert "2026年11月24日收到" in page and "2026年11月24日答复" in page
    for secret in ("王小明", "13912345678", "502", public.number, public.secret_hash):
        assert secret not in page
    assert '<meta name="ColumnName" content="互动交流">' in page
    assert '<meta name="ColumnType" content="咨询投诉">' in page
    assert f'<link rel="canonical" href="{project.SITE_URL}/feedback/{public.pk}/">' in page
    receiving.rate(public, "satisfied", "很好，我是王小明")
    page = html(f"/feedback/{public.pk}/")
    assert "留言人评价：满意" in page and "王小明" not in page


def test_only_approved_texts_are_shown(people):
    """Every other text of the message is another one."""
    message = message_in(State.ANSWERED, people, title="原标题", text="原文", **SECRET)
    publishing.prepare(people.office, message, "公开题", "公开问", "公开答")
    assert render(f"/feedback/{message.pk}/").status == 404
    assert "公开题" not in html("/feedback/")
    message.refresh_from_db()
    publishing.publish(people.boss, message)
    for address in (f"/feedback/{message.pk}/", "/feedback/"):
        page = html(address)
        assert "公开题" in page and "原标题" not in page and "原文" not in page


@pytest.mark.parametrize("state", list(State))
def test_what_is_not_public_is_not_there(people, state):
    message = message_in(state, people)
    assert render(f"/feedback/{message.pk}/").status == 404
    assert f"/feedback/{message.pk}/" not in set(registry.all_addresses())
    assert "路灯" not in html("/feedback/")


def test_what_was_withdrawn_is_gone_and_says_nothing(public, people):
    month = "/feedback/2026-11/"
    assert "路灯不亮" in html(month)
    publishing.unpublish(people.boss, public, "留言人反悔")
    made = render(f"/feedback/{public.pk}/")
    page = made.body.decode()
    assert made.status == 410 and "已经撤下" in page
    assert "路灯" not in page and "反悔" not in page
    assert render(month).status == 404 and "路灯不亮" not in html("/feedback/")
    found = set(registry.all_addresses())
    assert f"/feedback/{public.pk}/" in found and month not in found
    public.refresh_from_db()
    texts = publishing.suggestion(public)
    again = publishing.publish(people.boss, publishing.prepare(people.office, public, **texts))
    assert render(lists.address_of(again)).status == 200


def test_hostile_texts_are_texts(people):
    message = message_in(State.ANSWERED, people)
    publishing.prepare(people.office, message, HOSTILE[:60], HOSTILE, HOSTILE)
    message.refresh_from_db()
    publishing.publish(people.boss, message)
    for address in lists.addresses():
        page = html(address)
        assert "<script>alert" not in page and "<img src=x" not in page and "49" not in page


def test_the_front_page_shows_the_newest_twenty_and_leads_on(people, time_machine):
    time_machine.move_to(at(2026, 11, 2, 9), tick=False)
    first = public_message(people)
    copies(first, 22)
    page = html("/feedback/")
    shown = Message.objects.public()[:20]
    assert [page.count(f'href="/feedback/{each.pk}/"') for each in shown] == [1] * 20
    assert page.count("feedback-list") == 1 and f'"/feedback/{first.pk}/"' not in page
    assert 'href="/feedback/new/"' in page and 'href="/feedback/track/"' in page
    assert 'href="/feedback/2026-11/"' in page and "23条" in page
    assert "7 个工作日" in page and "15 个工作日" in page and "3 个工作日" in page


def copies(message: Message, count: int, step: dt.timedelta = dt.timedelta(minutes=1)) -> None:
    """More public messages like this one, each published a little later."""
    numbers = Message.objects.count()
    values = {
        field.attname: getattr(message, field.attname)
        for field in Message._meta.concrete_fields
        if not field.primary_key
    }
    Message.objects.bulk_create(
        Message(
            **{
                **values,
                "number": f"copy-{numbers + n}",
                "published_at": message.published_at + step * (n + 1),
            }
        )
        for n in range(count)
    )


def test_pages_of_a_month_are_counted_from_the_oldest(people, time_machine):
    time_machine.move_to(at(2026, 11, 2, 9), tick=False)
    first = public_message(people)
    copies(first, SIZE)
    base = "/feedback/2026-11/"
    oldest, newest = html(f"{base}1/"), html(base)
    assert f'"/feedback/{first.pk}/"' in oldest and oldest.count("item-meta") == SIZE
    assert newest.count("item-meta") == 1
    assert f'href="{base}"' in oldest and f'href="{base}1/"' in newest
    assert render(f"{base}2/").status == 404 and render("/feedback/2026-10/").status == 404
    assert set(lists.addresses()) >= {base, f"{base}1/", f"/feedback/{first.pk}/"}
    assert f"{base}1/" in set(lists.showing(first))


@pytest.mark.parametrize("count", [1, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE, 2 * SIZE + 1])
def test_what_one_more_changes_is_told(people, time_machine, count):
    """And what it leaves as it was when it goes again."""
    time_machine.move_to(at(2026, 11, 2, 9), tick=False)
    copies(public_message(people), count - 1)

    def pages() -> dict[str, bytes]:
        own = [each for each in lists.addresses() if "-11/" in each]
        return {address: render(address).body for address in own}

    before = pages()
    copies(Message.objects.order_by("published_at").last(), 1)
    newest = Message.objects.order_by("published_at").last()
    after = pages()
    changed = {each for each in before | after if before.get(each) != after.get(each)}
    told = set(lists.showing(newest))
    assert changed <= told
    assert len(told) <= 5


def test_the_month_is_the_one_here_not_the_one_in_london(people, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 30, 16, 30, tzinfo=dt.UTC), tick=False)
    message = public_message(people)
    assert "/feedback/2026-12/" in set(lists.showing(message))
    assert render("/feedback/2026-12/").status == 200
    assert render("/feedback/2026-11/").status == 404


def test_every_page_is_the_same_whenever_it_is_rendered(public, people, time_machine):
    receive(text="没有公开的")
    before = {address: render(address) for address in lists.addresses()}
    assert len(before) == 3 and all(made.status == 200 for made in before.values())
    time_machine.move_to(at(2027, 3, 1, 9), tick=False)
    assert {address: render(address) for address in lists.addresses()} == before


def test_figures_of_the_last_complete_months(people, time_machine):
    assert lists.last_figures() == []
    time_machine.move_to(at(2026, 8, 3, 9), tick=False)
    receive(text="八月的")
    time_machine.move_to(at(2026, 10, 12, 9), tick=False)
    message = message_in(State.CLOSED, people, text="十月的")
    assert message.satisfaction == "satisfied"
    assert [label for label, _ in lists.last_figures()] == ["2026年9月", "2026年8月"]
    time_machine.move_to(at(2026, 11, 2, 9), tick=False)
    receive(text="十一月的")
    (label, row), *_ = lists.last_figures()
    assert label == "2026年10月"
    assert (row.received, row.answered, row.in_time_words) == (1, 1, "100%")
    page = html("/feedback/")
    assert "2026年10月</th><td>1</td><td>1</td><td>100%</td><td>100%</td>" in page
    assert len(lists.last_figures()) == 3
    # The clock alone completes no month.
    time_machine.move_to(at(2027, 2, 1, 9), tick=False)
    assert html("/feedback/") == page


def test_what_the_office_sets_is_rendered_anew():
    chosen = FeedbackSettings.load()
    MirrorJob.objects.all().delete()
    chosen.days_ordinary, chosen.is_open = 5, False
    chosen.save()
    assert "/feedback/" in set(MirrorJob.objects.values_list("address", flat=True))
    page = html("/feedback/")
    assert (
        "5 个工作日" in page
        and "暂停接收" in page
        and 'href="/feedback/new/"' not in (page.split("<main")[1].split("</main>")[0])
    )


# --- files ----------------------------------------------------------------------------------------


@pytest.fixture
def mirror(settings, tmp_path):
    settings.MIRROR_ROOT = tmp_path / "mirror"
    return settings.MIRROR_ROOT


def differing() -> list[str]:
    """Addresses whose file is another than a fresh rendering; and files of no address."""
    place = store()
    found = []
    for address in {*lists.addresses(), *MirrorJob.objects.values_list("address", flat=True)}:
        made = render(address)
        path = place.root / "pages" / (address[1:] + ("410.html" if made.status == 410 else ""))
        path = path / "index.html" if address.endswith("/") and made.status != 410 else path
        stands = path.read_bytes() if path.is_file() else b""
        if stands != made.body:
            found.append(address)
    return found


def test_files_follow_every_step(mirror, people, time_machine, django_capture_on_commit_callbacks):
    time_machine.move_to(at(2026, 10, 30, 9), tick=False)
    first = public_message(people)
    render_pending()
    assert differing() == []
    file = mirror / "live" / "feedback" / str(first.pk)
    assert "路灯已经修好" in (file / "index.html").read_text()
    time_machine.move_to(at(2026, 11, 3, 9), tick=False)
    second = public_message(people, text="别的事")
    receiving.rate(first, "fair")
    handling.accept(people.office, receive(text="还有一件"))
    render_pending()
    assert differing() == []
    assert "基本满意" in (file / "index.html").read_text()
    with django_capture_on_commit_callbacks(execute=True):
        publishing.unpublish(people.boss, first, "写错了")
    # At once, before the worker comes.
    assert not (file / "index.html").exists() and (file / "410.html").is_file()
    index = (mirror / "live" / "feedback" / "index.html").read_text()
    assert f'"/feedback/{first.pk}/"' not in index and f'"/feedback/{second.pk}/"' in index
    assert not (mirror / "live" / "feedback" / "2026-10" / "index.html").exists()
    render_pending()
    assert differing() == []
    second.refresh_from_db()
    assert (mirror / "live" / "feedback" / str(second.pk) / "index.html").is_file()


def test_writing_over_http_never_runs_a_page_of_the_mirror(client, settings, public):
    settings.MIRROR_LIVE = False
    MirrorJob.objects.all().delete()
    assert client.get("/feedback/").status_code == 404
    assert client.get(f"/feedback/{public.pk}/").status_code == 404
    assert client.get("/feedback/new/").status_code == 200
    assert client.get("/feedback/track/").status_code == 200


@pytest.mark.parametrize("address", ["/feedback/0/", "/feedback/2026-13/", "/feedback/999/"])
def test_addresses_of_nothing(address):
    assert render(address).status == 404


def test_article_and_foot_lead_here(client):
    from tests.articles.public_scene import live

    article = live()
    page = client.get(article.url).content.decode()
    assert f'href="/feedback/new/?article={article.pk}"' in page
    assert 'href="/feedback/"' in page.split('<footer class="site-footer"')[1]
    assert "/feedback/" in html("/sitemap-pages.xml")
