"""The public honours page and its data, and who may make it."""

import datetime as dt
import json
import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from wagtail.models import Page

from articles.models import HomePage
from rankings.models import HonouredBoard, HonoursPage
from rankings.services.claims import approve_claim, make_claim, withdraw_claim
from tests.factories.articles import ArticleFactory, ColumnFactory
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert(1)</script>"'


def soup(client, address="/honours/"):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


@pytest.fixture
def proved(board, ours):
    ObservationFactory(
        board=board, account=ours, period="2018-01", source_url="https://board.example.org/1"
    )


class TestPage:
    def test_each_petal_leads_to_its_row(self, client, page, reported, proved):
        html = soup(client)
        links = html.select(".flower svg a")
        assert [link["href"] for link in links] == [
            "#county-2017-11",
            "#county-2017-12",
            "#county-2018-01",
            "#county-2018-02",
        ]
        for link in links:
            row = html.find(id=link["href"][1:])
            assert row.name == "tr"
            month, words = link["aria-label"].split("：")
            assert row.th.text == month
            assert words in row.text
            assert link.find("title").text == link["aria-label"]
        assert len(html.select(".flower")) == 2
        assert [len(flower.select(".petal")) for flower in html.select(".flower")] == [12, 12]

    def test_no_reported_month_looks_proved(self, client, page, reported, proved):
        html = soup(client)
        filled = [link for link in html.select(".flower a") if link.select(".petal--first")]
        assert [link["href"] for link in filled] == ["#county-2018-01"]
        assert not html.select(".petal--tied")
        assert len(html.select(".flower .petal--reported")) == 3
        reported_row = html.find(id="county-2017-11").text
        assert "据报道第一，未核实" in reported_row
        assert "没有存证" in reported_row

    def test_who_reported_it_is_named_first(self, client, page, reported):
        text = soup(client).find(class_="honours-board").text
        assert "据株洲当地报纸2019年9月17日报道" in text
        assert "本系统未逐月核实" in text
        assert "还没有核实到榜单原件" in text
        assert "若补齐证据，最多" in text

    def test_nothing_of_the_office_leaks(self, client, page, reported, person):
        text = (
            client.get("/honours/").content.decode()
            + client.get("/honours/data.json").content.decode()
        )
        assert "内部备注" not in text

    def test_links_leave_without_endorsement(self, client, page, reported):
        html = soup(client)
        links = html.main.select("a[href^=http]")
        assert links
        for link in links:
            assert link["rel"] == ["noopener", "nofollow"]
            # What is no government site is reached by way of its notice only.
            assert link.find_parent(class_="leave")
        for link in html.main.select("a[href^='#leave-']"):
            assert html.find(id=link["href"][1:])

    def test_an_address_that_is_none_is_no_link(self, client, page, board, ours):
        ObservationFactory(
            board=board, account=ours, period="2018-01", source_url="javascript:alert(1)"
        )
        assert "javascript:" not in client.get("/honours/").content.decode()

    def test_hostile_words_stay_words(self, client, make_page):
        account = AccountFactory(name=HOSTILE)
        board = BoardFactory(name=HOSTILE, publisher=HOSTILE)
        ObservationFactory(
            board=board, account=account, source_name=HOSTILE, method=HOSTILE[:50], tied=True
        )
        make_page(board, account=account, title="荣誉", intro=HOSTILE)
        html = client.get("/honours/").content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html

    def test_an_example_is_marked(self, client, make_page, ours):
        board = BoardFactory(is_example=True)
        ObservationFactory(board=board, account=ours)
        make_page(board)
        html = soup(client)
        assert html.find(class_="example-mark").text == "示例"
        assert "虚构" in html.text

    def test_a_board_without_records_says_so(self, client, page):
        assert "这个榜单还没有名次记录。" in soup(client).text

    def test_a_page_without_monthly_boards_says_so(self, client, make_page):
        make_page(BoardFactory(period_kind="week"))
        assert "还没有可以列出的榜单。" in soup(client).text

    def test_claims_and_notes(self, client, page, board, ours, proved, person):
        first, second = person("甲", "make_claim"), person("乙", "approve_claim")
        claim = approve_claim(second, make_claim(first, board, ours))
        html = soup(client)
        assert claim.number in html.find(class_="honours-claims").text
        assert html.find(class_="honours-claim--proved")
        withdraw_claim(first, claim, "内部", "名次更正了。")
        notes = soup(client).find(class_="honours-notes")
        assert "这一结论已撤回：名次更正了。" in notes.text
        assert notes.find("s").text == claim.text

    def test_reading_by_headings_and_landmarks(self, client, page, reported):
        html = soup(client)
        assert len(html.find_all("h1")) == 1
        shown = html.main.select(":not(.leave) > :is(h2, h3)")  # notices come when asked for
        assert [h.name for h in shown] == ["h2", "h3"]
        table = html.find("table")
        assert table.caption.text
        assert all(th["scope"] for th in table.find_all("th"))
        for svg in html.select(".flower > svg"):
            assert (svg["role"], bool(svg["aria-label"])) == ("group", True)
        assert not html.main.find_all("script")

    def test_the_data_is_found_beside_it(self, client, page, reported):
        link = soup(client).find("link", rel="alternate")
        assert (link["type"], link["href"]) == ("application/json", "/honours/data.json")
        assert client.get(link["href"]).status_code == 200

    def test_every_public_page_leads_to_it(self, client, page, proved):
        column = ColumnFactory()
        article = ArticleFactory(
            live=True,
            column=column,
            first_published_at=dt.datetime(2019, 9, 17, tzinfo=dt.UTC),
        )
        for address in ("/", column.url, article.url, "/honours/"):
            nav = soup(client, address).find("nav", class_="columns-nav")
            assert [a["href"] for a in nav.find_all("a")] == ["/honours/", column.url]
        assert nav.find("a", {"aria-current": "page"})["href"] == "/honours/"

    def test_nothing_leads_to_a_draft(self, client, board, make_page):
        make_page(board, live=False)
        ColumnFactory()
        assert "/honours/" not in client.get("/").content.decode()
        assert client.get("/honours/").status_code == 404
        assert client.get("/honours/data.json").status_code == 404


class TestData:
    def test_the_same_facts(self, client, page, reported, proved, ours):
        response = client.get("/honours/data.json")
        assert response["Content-Type"] == "application/json"
        data = json.loads(response.content)
        assert data["format"] == 1
        assert data["page"].endswith("/honours/")
        assert data["account"] == {"key": "ours", "name": "在荷塘"}
        [board] = data["boards"]
        assert (board["key"], board["as_of"]) == ("county", "2018-02")
        assert board["longest"]["proved"] == 1
        assert board["longest"]["possible"] == 4
        assert board["reported_by"][0]["months"] == ["2017-11", "2017-12", "2018-02"]
        months = {month["month"]: month for month in board["months"]}
        assert [months[key]["state"] for key in sorted(months)] == ["R", "R", "F", "R"]
        assert [month["proved"] for month in months.values()] == [False, False, True, False]
        html = soup(client)
        for month in months.values():
            assert html.find(id=month["anchor"])
            for source in month["sources"]:
                assert source["name"] in html.find(id=month["anchor"]).text

    def test_every_key_is_documented(self, client, page, reported, board, ours, person):
        ObservationFactory(board=board, account=ours, period="2018-03")
        first, second = person("甲", "make_claim"), person("乙", "approve_claim")
        claim = approve_claim(second, make_claim(first, board, ours))
        other = approve_claim(second, make_claim(first, board, ours, proved_only=True))
        withdraw_claim(first, claim, "内部")
        assert other.holds
        told = set(
            re.findall(r"`([a-z_0-9]+)`", (settings.BASE_DIR / "docs" / "honours.md").read_text())
        )

        def keys(value):
            if isinstance(value, dict):
                return set(value).union(*map(keys, value.values()))
            return set().union(*map(keys, value)) if isinstance(value, list) else set()

        data = json.loads(client.get("/honours/data.json").content)
        assert keys(data) - told == set()

    @pytest.mark.parametrize("address", ["/data.json", "/column-x/data.json", "/honours/x.json"])
    def test_other_pages_have_none(self, client, page, address):
        ColumnFactory(slug="column-x")
        assert client.get(address).status_code == 404


class TestMaking:
    def add_url(self):
        home = HomePage.objects.get()
        return reverse("wagtailadmin_pages:add", args=["rankings", "honourspage", home.pk])

    def form(self, ours, board, **extra):
        return {
            "title": "荣誉",
            "slug": "honours",
            "account": ours.pk,
            "intro": "",
            "honoured_boards-TOTAL_FORMS": 1,
            "honoured_boards-INITIAL_FORMS": 0,
            "honoured_boards-MIN_NUM_FORMS": 1,
            "honoured_boards-MAX_NUM_FORMS": 1000,
            "honoured_boards-0-board": board.pk,
            "honoured_boards-0-ORDER": 1,
            "honoured_boards-0-id": "",
            **extra,
        }

    def test_one_makes_it_and_another_publishes_it(self, client, ours, board, proved):
        maker = UserFactory(roles=["administrator"])
        client.force_login(maker)
        assert client.get(self.add_url()).status_code == 200
        form = self.form(ours, board, **{"action-publish": "1"})
        assert client.post(self.add_url(), form, follow=True).status_code == 200
        page = HonoursPage.objects.get()
        assert not page.live  # a draft: nobody lets out their own words
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        form |= {
            "honoured_boards-INITIAL_FORMS": 1,
            "honoured_boards-0-id": page.honoured_boards.get().pk,
        }
        assert "另一位有发布权限的同事" in client.get(edit).content.decode()
        client.post(edit, form)
        assert client.get("/honours/").status_code == 404

        client.force_login(UserFactory(roles=["publisher"]))
        assert 'name="action-publish"' in client.get(edit).content.decode()
        client.post(edit, form)
        page.refresh_from_db()
        assert page.live
        assert [row.board for row in page.honoured_boards.all()] == [board]
        assert client.get("/honours/").status_code == 200

    def test_there_is_only_one_and_it_hangs_below_the_home_page(self, page):
        home = HomePage.objects.get()
        assert not HonoursPage.can_create_at(home)
        page.delete()
        assert HonoursPage.can_create_at(HomePage.objects.get())
        assert not HonoursPage.can_create_at(Page.get_first_root_node())
        assert not HonoursPage.can_create_at(ColumnFactory())

    @pytest.mark.parametrize("role", ["editor", "reviewer_credible", "publisher", "office"])
    def test_others_do_not_begin_it(self, client, ours, board, role):
        client.force_login(UserFactory(roles=[role]))
        for response in (
            client.get(self.add_url()),
            client.post(self.add_url(), self.form(ours, board)),
        ):
            assert response.status_code in (302, 403)
        assert not HonoursPage.objects.exists()

    def test_who_may_do_what(self, page):
        def may(role):
            tester = page.permissions_for_user(UserFactory(roles=[role]))
            return (tester.can_edit(), tester.can_publish(), tester.can_unpublish())

        # There is no draft of somebody else's to publish.
        assert may("administrator") == (True, False, True)
        assert may("editor") == (False, False, False)
        # A publisher takes it down at once, and reads the form before publishing.
        assert may("publisher") == (True, False, True)
        tester = page.permissions_for_user(UserFactory(roles=["administrator"]))
        assert not (tester.can_copy() or tester.can_move() or tester.can_set_view_restrictions())

    def test_it_has_no_reviews(self, page):
        assert not page.has_workflow
        assert page.get_workflow() is None
        tester = page.permissions_for_user(UserFactory(roles=["administrator"]))
        assert not tester.can_submit_for_moderation()

    def test_a_preview_shows_what_the_form_holds(self, ours, board, proved):
        draft = HonoursPage(title="草稿", account=ours)
        draft.honoured_boards.add(HonouredBoard(board=board))
        html = draft.make_preview_request().content.decode()
        assert "《县级榜》" in html
        assert "2018年1月" in html

    def test_the_editors_screen_warns_of_ranks_in_the_words(self, client, page):
        client.force_login(UserFactory(roles=["administrator"]))
        text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert "不经三审" in text
        assert "提交至三审" not in text
