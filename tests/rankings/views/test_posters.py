"""The screens of posters."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rankings.evidence import service
from rankings.models import ClaimStatus, Poster
from rankings.services.claims import approve_claim, make_claim
from rankings.services.posters import make_poster
from tests.factories.rankings import AccountFactory, ObservationFactory

from .screens import READERS, refused, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.needs("fonts-noto-cjk")]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def claim(board, ours, person):
    for period in ("2019-07", "2019-08"):
        ObservationFactory(board=board, account=ours, period=period)
    proposed = make_claim(person("起草", "make_claim"), board, ours)
    return approve_claim(person("批准", "approve_claim"), proposed)


@pytest.fixture
def poster(claim, person):
    return make_poster(person("制作", "make_poster"), claim, "cover")


def page(claim):
    return reverse("rankings:claim_posters", args=[claim.pk])


def turn(claim, status):
    claim.status = status
    claim.save(update_fields=["status"])


def test_the_office_makes_a_poster(client, as_role, claim) -> None:
    user = as_role("office")
    text = text_of(client.get(page(claim)))
    for layout in ("cover", "square", "long"):
        assert reverse("rankings:poster_preview", args=[claim.pk, layout]) in text
    response = client.post(page(claim), {"layout": "square"}, follow=True)
    poster = Poster.objects.get()
    assert (poster.layout, poster.made_by) == ("square", user)
    assert response.redirect_chain == [(reverse("rankings:poster", args=[poster.pk]), 302)]
    assert "海报已做好" in text_of(response)
    assert reverse("rankings:poster_download", args=[poster.pk]) in text_of(response)


def test_a_preview_is_a_picture_and_keeps_nothing(client, as_role, claim) -> None:
    as_role("office")
    response = client.get(reverse("rankings:poster_preview", args=[claim.pk, "cover"]))
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(PNG)
    assert not Poster.objects.exists()


def test_a_layout_that_is_none(client, as_role, claim) -> None:
    as_role("office")
    response = client.post(page(claim), {"layout": "<script>"})
    assert response.status_code == 409
    assert "封面、方图、长图" in text_of(response)
    preview = client.get(reverse("rankings:poster_preview", args=[claim.pk, "round"]))
    assert preview.status_code == 409


@pytest.mark.parametrize("role", [*READERS, "auditor"])
def test_who_sees_and_who_makes(client, as_role, claim, poster, role) -> None:
    as_role(role)
    response = client.get(page(claim))
    assert refused(response) == (role == "auditor")
    preview = client.get(reverse("rankings:poster_preview", args=[claim.pk, "cover"]))
    assert refused(preview) == (role != "office")
    if role not in ("office", "auditor"):
        assert "做海报由宣传部操作" in text_of(response)
        assert client.post(page(claim), {"layout": "long"}).status_code != 200
    assert Poster.objects.count() == 1
    for name in ("poster", "poster_picture", "poster_download"):
        response = client.get(reverse(f"rankings:{name}", args=[poster.pk]))
        assert refused(response) == (role == "auditor")


def test_a_claim_that_waits_says_what_is_missing(client, as_role, claim) -> None:
    as_role("office")
    turn(claim, ClaimStatus.PROPOSED)
    text = text_of(client.get(page(claim)))
    assert "还没有批准" in text
    assert "做方图" not in text
    response = client.post(page(claim), {"layout": "cover"})
    assert response.status_code == 409
    assert text_of(response).count("还没有批准") == 1


def test_a_poster_is_downloaded_as_a_file(client, as_role, poster) -> None:
    as_role("editor")
    response = client.get(reverse("rankings:poster_download", args=[poster.pk]))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.content.startswith(PNG)
    shown = client.get(reverse("rankings:poster_picture", args=[poster.pk]))
    assert shown.content == response.content
    assert shown["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize("status", [ClaimStatus.REVIEW, ClaimStatus.WITHDRAWN])
def test_a_void_poster_is_struck_out_everywhere(client, as_role, claim, poster, status) -> None:
    as_role("office")
    picture = reverse("rankings:poster_picture", args=[poster.pk])
    plain = client.get(picture).content
    turn(claim, status)
    listed = text_of(client.get(page(claim)))
    assert "rk-poster--void" in listed
    assert "已失效" in listed
    shown = text_of(client.get(reverse("rankings:poster", args=[poster.pk])))
    assert "这张海报已失效" in shown
    assert "已失效的海报：" in shown
    assert reverse("rankings:poster_download", args=[poster.pk]) not in shown
    marked = client.get(picture)
    assert marked.content.startswith(PNG)
    assert marked.content != plain
    refused_download = client.get(reverse("rankings:poster_download", args=[poster.pk]))
    assert refused_download.status_code == 409
    assert "已经发出去的请撤下" in text_of(refused_download)


def test_a_lost_file_says_so(client, as_role, poster, monkeypatch) -> None:
    def lost(capture):
        raise service.EvidenceMissing("存证文件不见了，请从备份恢复。")

    as_role("office")
    monkeypatch.setattr(service, "read", lost)
    response = client.get(reverse("rankings:poster_picture", args=[poster.pk]))
    assert (response.status_code, text_of(response)) == (503, "存证文件不见了，请从备份恢复。")
    response = client.get(reverse("rankings:poster_download", args=[poster.pk]))
    assert "请从备份恢复" in text_of(response)


def test_a_hostile_name_stays_text(client, as_role, person, board) -> None:
    account = AccountFactory(name="<script>alert(1)</script>")
    ObservationFactory(board=board, account=account)
    claim = make_claim(person("起草", "make_claim"), board, account)
    claim = approve_claim(person("批准", "approve_claim"), claim)
    poster = make_poster(None, claim, "long")
    as_role("office")
    for url in (page(claim), reverse("rankings:poster", args=[poster.pk])):
        text = text_of(client.get(url))
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert(1)" not in text


def test_the_list_asks_the_same_number_of_queries(
    client, as_role, claim, poster, django_assert_num_queries
) -> None:
    as_role("editor")
    client.get(page(claim))
    with CaptureQueriesContext(connection) as few:
        client.get(page(claim))
    for layout in ("square", "long"):
        make_poster(None, claim, layout)
    with django_assert_num_queries(len(few)):
        client.get(page(claim))


def test_the_section_on_the_claims_own_page(client, as_role, claim, poster) -> None:
    as_role("office")
    text = text_of(client.get(reverse("rankings:claim", args=[claim.pk])))
    assert page(claim) in text
    assert reverse("rankings:poster", args=[poster.pk]) in text


def test_the_administrator_sets_the_colour(client, as_role, ours) -> None:
    as_role("administrator")
    url = reverse("wagtailsnippets_rankings_account:edit", args=[ours.pk])
    assert 'name="colour"' in text_of(client.get(url))
    fields = {"name": ours.name, "key": ours.key, "is_ours": "on", "confirmed": "on"}
    wrong = client.post(url, {**fields, "colour": "green"})
    assert "#2E6A50" in text_of(wrong)
    assert "六位十六进制数的颜色" in text_of(wrong)
    client.post(url, {**fields, "colour": "#123456"})
    ours.refresh_from_db()
    assert ours.colour == "#123456"
