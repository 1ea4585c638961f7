"""站点标识: what is filled in stands on every page, what is not does not; nothing is made up."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.mirror import identity, registry
from cms.mirror.identity import SiteIdentity, findings, identity_of, missing
from cms.mirror.models import MirrorJob
from cms.ops.registry import Level, health_checks
from tests.factories.media import ImageFactory
from tests.factories.users import UserFactory, one_of_each

FILLED = {
    "site_code": "4302020001",
    "sponsor": "荷塘区人民政府",
    "organiser": "荷塘区融媒体中心",
    "phone": "0731-22220000",
    "address": "株洲市荷塘区示例路1号",
    "email": "office@hetang.example.gov.cn",
    "icp": "湘ICP备12345678号-1",
    "police": "湘公网安备 43020202000001号",
    "mark_url": "https://bszs.conac.cn/sitename?method=show&id=1",
    "mistakes_url": "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=4302020001",
    "description": "荷塘区的事，说给街坊听。",
    "keywords": "荷塘,株洲",
}
HOSTILE = """"><script>alert(1)</script>'"""


def foot(client: Client, address: str = "/") -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "lxml").find(class_="site-marks")


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (
            "site_code",
            ["4302020001", "bm12345678"],
            ["430202001", "43020200011", "BM12345678", "430202000a", "４３０２０２０００１"],
        ),
        (
            "icp",
            ["湘ICP备12345678号", "湘ICP备12345678号-1", "京ICP备2021123456号-12"],
            ["ICP备12345678号", "湘ICP12345678", "湘ICP备12345678", "湘ICP备12345678号-"],
        ),
        (
            "police",
            ["湘公网安备43020202000001号", "湘公网安备 43020202000001号"],
            ["湘公网安备4302020200001号", "公网安备43020202000001号", "43020202000001"],
        ),
        ("phone", ["0731-22220000", "12345、0731-22220000 转 8"], ["请拨打12345", "a"]),
        ("email", ["a@hetang.gov.cn"], ["a", "a@b"]),
        ("mark_url", ["https://bszs.conac.cn/a"], ["javascript:alert(1)", "bszs.conac.cn"]),
        ("mistakes_url", ["https://zfwzgl.www.gov.cn/"], ["data:text/html,x"]),
        (
            "government_domains",
            ["gov.cn", "gov.cn 12371.cn", " gov.cn "],
            ["", "https://gov.cn", "gov", "GOV.CN", "gov.cn,12371.cn"],
        ),
    ],
)
def test_what_a_field_takes(field: str, good: list[str], bad: list[str]) -> None:
    form_field = SiteIdentity._meta.get_field(field)
    for value in good:
        form_field.clean(value, None)
    for value in bad:
        with pytest.raises(ValidationError) as refusal:
            form_field.clean(value, None)
        assert re.search(r"[\u4e00-\u9fff]", " ".join(refusal.value.messages)), value


@pytest.mark.django_db
class TestPages:
    def test_everything_that_is_filled_in(self, client: Client) -> None:
        image = ImageFactory(alt_text="党政机关网站标识")
        SiteIdentity.objects.create(**FILLED, mark_image=image)
        marks = foot(client)
        for name in ("sponsor", "organiser", "phone", "address", "site_code"):
            label = SiteIdentity._meta.get_field(name).verbose_name
            assert f"{label}：{FILLED[name]}" in marks.text
        links = {a.text.strip(): a["href"] for a in marks.find_all("a")}
        assert links == {
            FILLED["email"]: f"mailto:{FILLED['email']}",
            FILLED["icp"]: "https://beian.miit.gov.cn/",
            FILLED["police"]: "https://beian.mps.gov.cn/#/query/webSearch?code=43020202000001",
            "": FILLED["mark_url"],
            "我为政府网站找错": FILLED["mistakes_url"],
        }
        assert marks.img["alt"] == "党政机关网站标识"
        # The official picture is the site's own file: nothing is loaded from outside.
        assert marks.img["src"].startswith("/media/") and marks.img["width"] and marks.img["height"]
        assert not marks.find_all(["script", "iframe", "object", "embed"])

    def test_nothing_is_made_up(self, client: Client) -> None:
        marks = foot(client)
        assert [(a.text, a["href"]) for a in marks.find_all("a")] == [
            ("我为政府网站找错", "/feedback/new/?category=error")
        ]
        assert not re.search(r"备案|ICP|公安|标识码|主办|承办|电话|地址", marks.text)
        assert not marks.img

    @pytest.mark.parametrize("field", [*FILLED])
    def test_each_field_by_itself(self, client: Client, field: str) -> None:
        empty = client.get("/").content.decode()
        assert FILLED[field] not in empty
        SiteIdentity.objects.create(**{field: FILLED[field]})
        page = BeautifulSoup(client.get("/").content, "lxml")
        assert FILLED[field] in str(page).replace("&amp;", "&")
        others = [value for name, value in FILLED.items() if name != field]
        assert not [value for value in others if value in str(page) and value not in FILLED[field]]

    def test_without_a_picture_the_mark_is_a_word(self, client: Client) -> None:
        SiteIdentity.objects.create(mark_url=FILLED["mark_url"])
        assert foot(client).find("a", class_="site-mark").text == "党政机关网站标识"

    def test_hostile_words_stay_words(self, client: Client) -> None:
        words = ("sponsor", "organiser", "phone", "address", "icp", "police")
        SiteIdentity.objects.create(**dict.fromkeys((*words, "keywords"), HOSTILE))
        marks = foot(client)
        assert not marks.find("script") and marks.text.count(HOSTILE) == len(words)

    def test_every_frame_bears_them(self, client: Client) -> None:
        SiteIdentity.objects.create(**FILLED)
        for address in ("/", "/404.html", "/sitemap/", "/no/such/page/"):
            assert "主办单位：荷塘区人民政府" in foot(client, address).text

    def test_it_is_read_once_a_request(self, client: Client) -> None:
        SiteIdentity.objects.create(**FILLED, mark_image=ImageFactory())
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        asked = [q for q in captured.captured_queries if "mirror_siteidentity" in q["sql"]]
        assert len(asked) == 1

    def test_reading_writes_nothing(self, client: Client) -> None:
        client.get("/")
        assert not SiteIdentity.objects.exists()


class TestWithoutDatabase:
    """No mark for the database: a query would fail these tests."""

    @pytest.mark.parametrize("name", ["404.html", "410.html"])
    def test_error_pages_need_none(self, name: str) -> None:
        page = BeautifulSoup(render_to_string(name), "lxml")
        assert page.find("meta", attrs={"name": "SiteName"})["content"] == "在荷塘"
        assert page.find("a", string="我为政府网站找错")

    def test_a_request_that_finds_none_gets_an_empty_one(self, monkeypatch: Any) -> None:
        def down() -> None:
            raise OperationalError("down")

        monkeypatch.setattr(SiteIdentity, "base_queryset", down)
        found = identity_of(RequestFactory().get("/"))
        assert found.site_code == "" and found.domains == ("gov.cn",)


@pytest.mark.django_db
class TestChanging:
    @pytest.fixture(autouse=True)
    def site(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(registry, "_addresses", {"some": lambda: ["/", "/feed.atom"]})

    def requested(self) -> set[tuple[str, str]]:
        return set(MirrorJob.objects.values_list("address", "reason"))

    def test_every_page_is_made_anew(self) -> None:
        SiteIdentity.objects.create(sponsor="荷塘区人民政府")
        assert self.requested() == {("/", "站点标识"), ("/feed.atom", "站点标识")}

    def test_in_the_same_transaction(self) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            SiteIdentity.objects.create(sponsor="荷塘区人民政府")
            raise ZeroDivisionError
        assert self.requested() == set()

    def test_another_picture_of_the_mark(self) -> None:
        mark, other = ImageFactory(), ImageFactory()
        SiteIdentity.objects.create(mark_image=mark)
        MirrorJob.objects.all().delete()
        other.title = "别的图"
        other.save()
        assert not [row for row in self.requested() if row[1] == "站点标识"]
        mark.title = "新的标识"
        mark.save()
        assert ("/", "站点标识") in self.requested()

    def test_by_the_administrator_in_the_settings(self, client: Client) -> None:
        people = one_of_each()
        address = reverse("wagtailsettings:edit", args=["mirror", "siteidentity"])
        for role in ("editor", "publisher", "office", "auditor"):
            client.force_login(getattr(people, role))
            assert client.get(address, follow=True).redirect_chain
            assert not client.get(address).content
        client.force_login(people.administrator)
        where = client.get(address, follow=True).request["PATH_INFO"]
        typed = {**FILLED, "mark_image": "", "government_domains": "gov.cn"}
        page = client.post(where, {**typed, "site_code": "123"})
        assert "网站标识码是 10 位" in page.content.decode()
        assert not SiteIdentity.objects.filter(site_code="123").exists()
        MirrorJob.objects.all().delete()
        assert client.post(where, typed).status_code == 302
        assert SiteIdentity.objects.get().sponsor == FILLED["sponsor"]
        assert ("/", "站点标识") in self.requested()


@pytest.mark.django_db
class TestHealth:
    def test_it_names_what_is_missing(self) -> None:
        (result,) = findings()
        assert result.level == Level.WARNING
        assert result.message.startswith(
            "公开网页还缺网站标识码、主办单位、联系电话、ICP备案编号、公安机关备案号、"
            "党政机关网站标识链接、党政机关网站标识图片，"
        )
        assert result.url == reverse("wagtailsettings:edit", args=["mirror", "siteidentity"])

    def test_it_is_silent_when_all_is_there(self) -> None:
        SiteIdentity.objects.create(**FILLED, mark_image=ImageFactory())
        assert findings() == []
        SiteIdentity.objects.update(icp="")
        assert missing(SiteIdentity.objects.get()) == ["ICP备案编号"]

    def test_a_demo_has_no_marks_of_its_own(self, settings: Any) -> None:
        settings.DEMO = True
        assert findings() == []

    def test_the_administrator_sees_it(self) -> None:
        (check,) = [check for check in health_checks() if check.key == "site_identity"]
        assert check.check is identity.findings
        assert UserFactory(roles=["administrator"]).has_perm(check.permission)
        assert not UserFactory(roles=["editor"]).has_perm(check.permission)
