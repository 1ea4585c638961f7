"""Pictures beside the rows: shown dead, read with doubt, typed from and checked by two."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from rankings.models import Observation
from rankings.periods import Month
from scrapers import services
from scrapers.models import Run, RunState
from scrapers.services import CellEdit
from tests.factories.rankings import ObservationFactory

from .conftest import DOUBTFUL, listing, page, person, row, run
from .screens import CHECKER, PICTURE, fields, full_form, picture_of, png, screen, show

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]


@pytest.fixture
def officer(client):
    user = person(*CHECKER)
    client.force_login(user)
    return user


@pytest.fixture
def pictured(source) -> Run:
    blank = page(listing(needs_transcription=True, list_size=3, name="县级榜TOP3"), **PICTURE)
    return run(source, blank)


def test_a_picture_is_shown_dead_and_only_to_those_who_may(client, pictured) -> None:
    kept = picture_of(pictured)
    address = reverse("scrapers_run:picture", args=[pictured.pk, kept.pk])
    assert client.get(address).status_code == 302
    client.force_login(person())
    assert client.get(address).status_code in (302, 403)
    client.force_login(person("scrapers.view_run"))
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response.content == png()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    other = reverse("scrapers_run:picture", args=[pictured.pk + 1, kept.pk])
    assert client.get(other).status_code == 404


@pytest.mark.parametrize(
    "data", [b"<svg onload=alert(1)>", b"<html><script>alert(1)</script>", b"\x00\x01"]
)
def test_what_is_no_picture_is_not_served_as_one(client, pictured, officer, data) -> None:
    kept = picture_of(pictured, data=data)
    address = reverse("scrapers_run:picture", args=[pictured.pk, kept.pk])
    assert client.get(address).status_code == 404


def test_damaged_and_missing_pictures(client, pictured, officer, evidence_root) -> None:
    kept = picture_of(pictured)
    lost = picture_of(pictured, number=1, sighting=None, problem="这台主机不在允许名单里。")
    address = reverse("scrapers_run:picture", args=[pictured.pk, lost.pk])
    assert client.get(address).status_code == 404
    (evidence_root / kept.sighting.capture.path).write_bytes(b"broken")
    address = reverse("scrapers_run:picture", args=[pictured.pk, kept.pk])
    assert client.get(address).status_code == 503
    assert "这台主机不在允许名单里" in screen(client, pictured)


def test_rows_of_a_picture_carry_their_place_in_it(client, pictured, officer) -> None:
    cells = {"account": {"confidence": 0.8, "crop": [10.4, 20, 30, 40]}}
    picture_of(pictured, {**row(1, "在荷塘"), "cells": cells})
    text = screen(client, pictured)
    assert 'data-crop="10,20,30,40"' in text
    assert "识别把握 80%，请对照图片" in text
    assert "识别出 1 行，请逐格对照图片核对" in text


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({}, "正在识别文字"),
        ({"problem": "没有安装图片识别组件。"}, "没有安装图片识别组件。"),
        ({"sighting": None}, "正在取图片"),
        ({"reading": page(boards=[]), "read_at": timezone.now()}, "没有识别出名次"),
        (
            {"reading": page(month=Month(2019, 7)), "read_at": timezone.now()},
            "图片上写的是2019年7月，不是2019年8月",
        ),
    ],
)
def test_people_can_type_whatever_became_of_the_picture(
    client, pictured, board, officer, details, sentence
) -> None:
    if "reading" in details and not details["reading"]["boards"]:
        details = {**details, "reading": {**details["reading"], "boards": []}}
    picture_of(pictured, **details)
    text = screen(client, pictured)
    assert sentence in text
    empty = [name for name, value in fields(text).items() if not value]
    assert "c-0-n1-account" in empty


def test_as_many_empty_rows_as_the_list_says(client, pictured, officer) -> None:
    names = {name.split("-")[2] for name in fields(screen(client, pictured))}
    assert names == {"n1", "n2", "n3"}


def test_empty_rows_never_make_the_form_too_long(client, source, officer) -> None:
    boards = [listing(needs_transcription=True, list_size=400, name=f"榜{n}") for n in range(9)]
    text = screen(client, run(source, page(*boards, **PICTURE)))
    assert 1000 < text.count("<input") < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_the_columns_of_the_last_list_are_offered(client, pictured, board, officer) -> None:
    figures = row(1, "", likes=1, shares=2)["values"]
    ObservationFactory(board=board, period="2019-07", figures=figures)
    keys = {name.split("-")[3] for name in fields(screen(client, pictured))}
    assert keys == {"rank", "account", "likes", "shares"}


def test_a_list_typed_and_accepted_in_one_go(client, pictured, board, officer) -> None:
    picture_of(pictured)
    typed = {
        f"c-0-n{n}-{key}": text
        for n, name in enumerate(("在荷塘", "甲县", "乙县"), start=1)
        for key, text in (("rank", str(n)), ("account", name), ("reads", f"{9 - n}万+"))
    }
    form = full_form(screen(client, pictured), board, action="accept", **typed)
    client.post(show(pictured), form)
    pictured.refresh_from_db()
    assert pictured.state == RunState.CHECK, pictured.reason
    second = person(*CHECKER)
    client.force_login(second)
    text = screen(client, pictured)
    assert not fields(text)
    assert "desk-typed" in text
    assert "通过入库" in text
    response = client.post(show(pictured), {"action": "pass"}, follow=True)
    assert "新增 3 条" in response.content.decode()
    assert set(Observation.objects.values_list("status", "recorded_by", "confirmed_by")) == {
        ("confirmed", officer.pk, second.pk)
    }


def test_the_first_person_sees_that_another_is_awaited(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    form = full_form(screen(client, waiting), board, action="accept", **{"c-0-1-index": "901"})
    client.post(show(waiting), form)
    text = screen(client, waiting)
    assert "请另一位同事核对" in text
    assert "通过入库" not in text
    assert "收回" in text
    answer = client.post(show(waiting), {"action": "pass"}, follow=True).content.decode()
    assert "您确认的" in answer
    assert not Observation.objects.exists()
    client.post(show(waiting), {"action": "return", "reason": "我再看看"})
    assert fields(screen(client, waiting))["c-0-1-index"] == "901"


def test_rows_left_out_are_told_to_the_second_person(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    form = full_form(
        screen(client, waiting),
        board,
        action="accept",
        **{"c-0-1-index": "901", "rows-0": ["0", "1"]},
    )
    client.post(show(waiting), form)
    client.force_login(person(*CHECKER))
    text = screen(client, waiting)
    words = [word.strip() for word in re.findall(r'<td class="desk-word">([^<]+)</td>', text)]
    assert words == ["入库", "入库", "不入库"]


def test_late_readings_are_offered(client, pictured, board, officer, first_of_september) -> None:
    services.edit_cells(officer, pictured, [CellEdit(0, "n1", "account", "在荷塘")], "")
    first_of_september.shift(timedelta(minutes=5))
    picture_of(pictured, row(2, "甲县"))
    text = screen(client, pictured)
    assert "又识别出 1 张图片" in text
    assert "甲县" not in text
    response = client.post(show(pictured), full_form(text, board, action="late-0"))
    assert response.status_code == 302
    assert "甲县" in screen(client, pictured)


def test_pictures_are_asked_for_again(client, pictured, officer) -> None:
    assert "重新取图片" not in screen(client, pictured)
    lost = picture_of(pictured, sighting=None, problem="超时。")
    assert "重新取图片" in screen(client, pictured)
    response = client.post(show(pictured), {"action": "pictures"}, follow=True)
    assert "正在重新取 1 张图片" in response.content.decode()
    lost.refresh_from_db()
    assert lost.problem == ""
