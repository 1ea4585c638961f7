"""Corrections: typed, seen as a difference, saved."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rankings import dependents, uploads
from rankings.dependents import Dependent
from rankings.evidence import service as evidence
from rankings.models import Observation
from tests.factories.rankings import AccountFactory, ObservationFactory

from .pictures import picture
from .screens import READERS, refused, text_of

pytestmark = pytest.mark.django_db


def correction(row, **changes):
    data = {
        "state": row.state,
        "rank": row.rank or "",
        "status": row.status,
        "source_url": row.source_url,
        "published": row.published or "",
        "list_size": row.list_size or "",
        "method": row.method,
        "note": row.note,
        "reason": "看错一行",
    }
    return {**data, **{f"figure_{k}": f["raw"] for k, f in row.figures.items()}, **changes}


@pytest.fixture
def row(board, ours):
    figures = {"max_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"}}
    return ObservationFactory(board=board, account=ours, rank=2, figures=figures)


def save(client, row, **changes):
    """Preview, then confirm what the preview sends on."""
    url = reverse("rankings:correct", args=[row.pk])
    seen = client.post(url, correction(row, **changes))
    assert seen.status_code == 200 and "还没有保存" in text_of(seen)
    assert Observation.objects.filter(supersedes=row).count() == 0
    data = correction(row, **changes) | {"kept": seen.context["kept"], "action": "confirm"}
    data.pop("evidence", None)
    return client.post(url, data, follow=True)


def test_a_correction_is_a_new_version_that_waits(client, as_role, row) -> None:
    as_role("office")
    url = reverse("rankings:correct", args=[row.pk])
    assert "更正理由" in text_of(client.get(url))
    response = save(client, row, rank=1)
    assert "等另一位同事复核后生效" in text_of(response)
    new = Observation.objects.get(supersedes=row)
    assert (new.rank, new.version, new.status, new.reason) == (1, 2, "proposed", "看错一行")
    assert new.figures == row.figures
    row.refresh_from_db()
    assert row.is_current and row.rank == 2


def test_old_and_new_are_shown_before_anything_is_saved(client, as_role, row) -> None:
    as_role("office")
    url = reverse("rankings:correct", args=[row.pk])
    seen = client.post(url, correction(row, rank=1, figure_max_reads="9万", note="<b>注</b>"))
    text = text_of(seen)
    for expected in (
        "<del>2</del> → <ins>1</ins>",
        "<del>≥100001</del> → <ins>90000</ins>",
        "<ins>&lt;b&gt;注&lt;/b&gt;</ins>",
        "现在的版本",
        "更正之后",
        "确认更正",
        "看错一行",
    ):
        assert expected in text
    assert 'name="rank" value="1"' in text
    again = client.post(url, correction(row, rank=1) | {"action": "edit"})
    assert 'value="preview"' in text_of(again) and 'value="1"' in text_of(again)
    assert Observation.objects.count() == 1


@pytest.fixture
def leaning(monkeypatch):
    """One claim leans on every statement, under a hostile name."""

    def find(rows):
        return [Dependent(f"<i>{row.account}</i>连续", "已批准", "/claim/7/") for row in rows]

    monkeypatch.setattr(dependents, "_registered", {"claims": ("结论", find)})


def test_what_leans_on_it_is_told_before_and_after(client, as_role, row, leaning) -> None:
    as_role("office")
    url = reverse("rankings:correct", args=[row.pk])
    told = '<a href="/claim/7/">&lt;i&gt;在荷塘&lt;/i&gt;连续</a>'
    assert told in text_of(client.get(url))
    seen = text_of(client.post(url, correction(row, rank=1)))
    assert told in seen and "将转为需复核" in seen
    assert told in text_of(save(client, row, rank=1))


def test_evidence_goes_with_the_correction(client, as_role, row, board) -> None:
    as_role("office")
    file = SimpleUploadedFile("榜<单>.png", picture())
    url = reverse("rankings:correct", args=[row.pk])
    seen = client.post(url, {**correction(row), "evidence": file})
    assert "榜&lt;单&gt;.png" in text_of(seen)
    data = correction(row) | {"kept": seen.context["kept"], "action": "confirm"}
    client.post(url, data)
    new = Observation.objects.get(supersedes=row)
    assert evidence.read(new.capture) == picture()
    # The same evidence can be chosen for another statement of the month.
    other = ObservationFactory(board=board, account=AccountFactory(), rank=3)
    form = text_of(client.get(reverse("rankings:correct", args=[other.pk])))
    assert new.capture.sha256[:12] in form
    save(client, other, capture=str(new.capture.pk))
    assert Observation.objects.get(supersedes=other).capture == new.capture


def test_a_file_survives_going_back_to_the_form(client, as_role, row) -> None:
    as_role("office")
    url = reverse("rankings:correct", args=[row.pk])
    file = SimpleUploadedFile("a.png", picture())
    seen = client.post(url, {**correction(row), "evidence": file})
    kept = seen.context["kept"]
    again = client.post(url, correction(row) | {"kept": kept, "action": "edit"})
    assert kept in text_of(again) and "上一步选的文件还在" in text_of(again)


def test_a_file_that_is_no_evidence_or_gone_is_told(client, as_role, row, settings) -> None:
    as_role("office")
    url = reverse("rankings:correct", args=[row.pk])
    bad = client.post(
        url, {**correction(row), "evidence": SimpleUploadedFile("a.png", b"MZ\x00\x01")}
    )
    assert bad.status_code == 422 and "只收图片" in text_of(bad)
    forged = client.post(url, correction(row) | {"kept": "x:y:z", "action": "confirm"})
    assert forged.status_code == 422 and "已过期，请重新选择" in text_of(forged)
    good = client.post(url, {**correction(row), "evidence": SimpleUploadedFile("a", picture())})
    storage = uploads._storage()
    for name in storage.listdir("")[1]:
        storage.delete(name)
    data = correction(row) | {"kept": good.context["kept"], "action": "confirm"}
    assert "已过期，请重新选择" in text_of(client.post(url, data))
    other = correction(row) | {"capture": "999999"}
    assert "请在列出的存证里选择" in text_of(client.post(url, other))
    assert Observation.objects.count() == 1


def test_two_people_at_once(client, as_role, row) -> None:
    as_role("office")
    save(client, row, rank=1)
    url = reverse("rankings:correct", args=[row.pk])
    late = client.post(url, correction(row, rank=3) | {"action": "confirm"})
    assert late.status_code == 422 and "已经有了新的版本" in text_of(late)


def test_queries_of_the_form_do_not_grow(
    client, as_role, board, ours, row, leaning, django_assert_max_num_queries
) -> None:
    as_role("office")
    for number in range(15):
        capture = evidence.store(b"x%d" % number, kind="upload", fetched_at=row.recorded_at).capture
        ObservationFactory(board=board, account=AccountFactory(), rank=9, capture=capture)
    url = reverse("rankings:correct", args=[row.pk])
    client.get(url)
    with django_assert_max_num_queries(20):
        assert text_of(client.get(url)).count("<option value=") > 15


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "  "}, "请写明更正理由"),
        ({}, "内容没有变化，不需要更正"),
        ({"rank": ""}, "请填写名次"),
        ({"state": "absent"}, "请清空名次和并列"),
        ({"figure_reads": "很多"}, "看不懂总阅读数“很多”"),
        ({"source_url": "javascript:alert(1)"}, "网址"),
    ],
)
def test_an_unfit_correction_is_refused_with_a_sentence(
    client, as_role, row, changes, sentence
) -> None:
    as_role("office")
    response = client.post(reverse("rankings:correct", args=[row.pk]), correction(row, **changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Observation.objects.count() == 1


def test_figures_are_corrected_as_they_are_printed(client, as_role, row) -> None:
    as_role("office")
    save(client, row, figure_reads="3.6万", figure_max_reads="")
    new = Observation.objects.get(supersedes=row)
    assert new.figures["reads"]["value"] == 36000
    assert "max_reads" not in new.figures


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_only_the_office_corrects(client, as_role, row, role) -> None:
    as_role(role)
    url = reverse("rankings:correct", args=[row.pk])
    assert refused(client.get(url))
    assert refused(client.post(url, correction(row, rank=1) | {"action": "confirm"}))
    assert refused(client.get(reverse("rankings:corrected", args=[row.pk])))
    assert Observation.objects.count() == 1
