"""The desk: cells in place of words, and nothing typed ever lost."""

import re
from typing import Any

import pytest
from django.conf import settings

from rankings.models import Observation
from scrapers import services
from scrapers.desk import making
from scrapers.models import Run, RunState
from scrapers.services import CellEdit
from tests.factories.rankings import AccountFactory, ObservationFactory

from .conftest import DOUBTFUL, REVIEWER, listing, page, person, row, run
from .screens import CHECKER, PICTURE, fields, full_form, picture_of, screen, show

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def officer(client):
    user = person(*CHECKER)
    client.force_login(user)
    return user


@pytest.fixture
def pictured(source) -> Run:
    blank = page(listing(needs_transcription=True, list_size=3, name="县级榜TOP3"), **PICTURE)
    return run(source, blank)


# --- cells --------------------------------------------------------------------------------------


def test_every_cell_can_be_typed_over(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    text = screen(client, waiting)
    assert fields(text) == {
        "c-0-0-rank": "1",
        "c-0-0-account": "在荷塘",
        "c-0-0-index": "1100.5",
        "c-0-1-rank": "2",
        "c-0-1-account": "甲县发布",
        "c-0-1-index": "900",
        "c-0-2-rank": "3",
        "c-0-2-account": "乙县发布",
        "c-0-2-index": "800",
    }
    form = full_form(text, board, action="save", **{"c-0-1-index": "901"})
    saved = client.post(show(waiting), form, follow=True).content.decode()
    assert "已保存 1 处改动，还没有入库" in saved
    assert "原为 <del>900</del>" in saved
    waiting.refresh_from_db()
    assert [each["new"] for each in waiting.edits] == ["901"]
    assert waiting.edits[0]["by"] == officer.pk
    assert not Observation.objects.exists()


def test_only_changed_cells_may_be_sent(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    form = {"action": "save", "seen": "0", "reason": "改", "c-0-2-account": "乙县融媒"}
    client.post(show(waiting), form)
    waiting.refresh_from_db()
    assert [(each["row"], each["key"]) for each in waiting.edits] == [("2", "account")]


def test_what_is_wrong_stands_at_its_cell_and_nothing_is_lost(
    client, source, board, officer
) -> None:
    waiting = run(source, page(**DOUBTFUL))
    form = full_form(
        screen(client, waiting),
        board,
        action="accept",
        reason="我写了很多字",
        **{"c-0-0-rank": "头一个", "c-0-1-index": "901", "c-0-n1-index": "没有"},
    )
    text = client.post(show(waiting), form).content.decode()
    assert "名次“头一个”不是" in text
    assert "看不懂指数“没有”" in text
    assert text.count('aria-invalid="true"') == 2
    kept = fields(text)
    assert (kept["c-0-0-rank"], kept["c-0-1-index"], kept["c-0-n1-index"]) == (
        "头一个",
        "901",
        "没有",
    )
    assert "我写了很多字" in text
    waiting.refresh_from_db()
    assert (waiting.edits, waiting.state) == ([], RunState.REVIEW)


def test_accepting_keeps_what_was_typed_first(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    form = full_form(screen(client, waiting), board, action="accept", **{"c-0-1-index": "901"})
    text = client.post(show(waiting), form, follow=True).content.decode()
    assert "等另一位同事对照核对后入库" in text
    waiting.refresh_from_db()
    assert waiting.state == RunState.CHECK
    assert waiting.decision["choices"] == [
        {"position": 0, "board": board.pk, "rows": ["0", "1", "2"]}
    ]


def test_rows_are_added_and_struck_out_without_scripts(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    more = full_form(screen(client, waiting), board, action="rows-0", **{"c-0-0-index": "7"})
    text = client.post(show(waiting), more).content.decode()
    assert {f"c-0-n{n}-account" for n in range(1, 11)} <= fields(text).keys()
    assert fields(text)["c-0-0-index"] == "7"
    text = client.post(show(waiting), full_form(text, board, action="rows-0")).content.decode()
    assert "c-0-n20-account" in fields(text)
    form = full_form(
        text,
        board,
        action="save",
        **{"c-0-n3-rank": "4", "c-0-n3-account": "丙县", "c-0-1-removed": "1"},
    )
    client.post(show(waiting), form)
    saved = services.effective_of(Run.objects.get())["boards"][0]
    assert [each["id"] for each in saved["rows"]] == ["0", "2", "n3"]
    text = screen(client, waiting)
    assert re.search(r'name="c-0-1-removed" value="1"[^>]* checked', text)
    # Taken back by sending the empty value that stands beside the box.
    client.post(show(waiting), full_form(text, board, action="save", **{"c-0-1-removed": ""}))
    assert len(services.effective_of(Run.objects.get())["boards"][0]["rows"]) == 4


def test_a_column_is_added(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    form = full_form(
        screen(client, waiting), board, action="column-0", **{"add-0": "likes", "columns-0": ""}
    )
    text = client.post(show(waiting), form).content.decode()
    assert "c-0-2-likes" in fields(text)
    assert '<option value="likes">' not in text


def test_a_table_is_pasted_and_looked_at_before_it_is_kept(
    client, pictured, board, officer
) -> None:
    picture_of(pictured, row(1, "在荷塘", reads=10), row(2, "甲县发市", reads=9))
    pasted = "名次\t公众号\t阅读数\n1\t在荷塘\t10\n2\t甲县发布\t9\n3\t乙县\t8.5万\n"
    form = full_form(screen(client, pictured), board, action="paste-0", **{"paste-0": pasted})
    text = client.post(show(pictured), form).content.decode()
    assert "已填入 3 行，还没有保存" in text
    assert fields(text)["c-0-g0-1-account"] == "甲县发布"
    added = [name for name, value in fields(text).items() if value == "乙县"]
    assert added == ["c-0-n1-account"]
    pictured.refresh_from_db()
    assert pictured.edits == []
    client.post(show(pictured), full_form(text, board, action="save"))
    rows = services.effective_of(Run.objects.get())["boards"][0]["rows"]
    assert [each["account"] for each in rows] == ["在荷塘", "甲县发布", "乙县"]
    assert rows[2]["values"]["reads"]["value"] == 85000


def test_what_was_pasted_and_is_no_table_stays(client, pictured, board, officer) -> None:
    form = full_form(screen(client, pictured), board, action="paste-0", **{"paste-0": "不是表"})
    text = client.post(show(pictured), form).content.decode()
    assert "看不出列" in text


def test_another_persons_edits_are_never_undone_unseen(client, source, board, officer) -> None:
    waiting = run(source, page(**DOUBTFUL))
    opened = full_form(screen(client, waiting), board, action="save", **{"c-0-0-index": "1200"})
    other = person(*REVIEWER)
    services.edit_cells(other, waiting, [CellEdit(0, "1", "account", "甲县融媒")], "改名了")
    text = client.post(show(waiting), opened).content.decode()
    assert f"{other}刚刚也改了这份榜单" in text
    assert fields(text)["c-0-0-index"] == "1200"
    waiting.refresh_from_db()
    assert len(waiting.edits) == 1
    # The other's word is overwritten only by somebody who has been shown it.
    assert 'data-saved="甲县融媒"' in text
    client.post(show(waiting), {**opened, "seen": "1", "c-0-1-account": "甲县融媒"})
    assert services.effective_of(Run.objects.get())["boards"][0]["rows"][1]["account"] == "甲县融媒"


def test_without_the_permission_nothing_can_be_typed(client, source) -> None:
    waiting = run(source, page(**DOUBTFUL))
    client.force_login(person("scrapers.view_run"))
    assert not fields(screen(client, waiting))
    form = {"action": "save", "reason": "改", "c-0-0-account": "我"}
    assert (
        "没有核对抓取结果的权限" in client.post(show(waiting), form, follow=True).content.decode()
    )
    waiting.refresh_from_db()
    assert waiting.edits == []


# --- what is odd, and what is on record ---------------------------------------------------------


def test_marks_stand_on_their_cells_and_are_listed_first(client, source, officer) -> None:
    odd = row(2, "甲", reads=5, average_reads=9, max_reads=7)
    waiting = run(source, page(listing(row(1, "在荷塘"), odd, row(4, "乙")), **DOUBTFUL))
    text = screen(client, waiting)
    for anchor, sentence in (
        ("c-0-1-average_reads", "大于最高阅读数"),
        ("c-0-1-max_reads", "大于总阅读数"),
        ("c-0-2-rank", "前面缺第3名"),
    ):
        assert f'href="#{anchor}"' in text
        assert f'id="{anchor}"' in text
        assert sentence in text


def test_differences_with_the_record_are_shown(client, source, board, officer) -> None:
    known = {
        name: AccountFactory(name=name) for name in ("在荷塘", "甲县发布", "乙县发布", "丙县发布")
    }
    for rank, name, index in (
        (1, "在荷塘", 1100.5),
        (3, "甲县发布", 900),
        (4, "丙县发布", 1),
    ):
        figures = row(1, "", index=index)["values"]
        ObservationFactory(
            board=board, account=known[name], rank=rank, figures=figures, source_name="示例研究院"
        )
    waiting = run(source, page(**DOUBTFUL))
    text = re.sub(r"\s+", "", screen(client, waiting))
    assert "与已入库的2019年8月相比：新1行，不同1行，相同1行；1个已入库的这里没有" in text
    assert "名次3→2" in text
    assert "这里没有：第4名丙县发布" in text
    assert "desk-board--different" in screen(client, waiting, "?only=different")


# --- hostile and huge ---------------------------------------------------------------------------


def test_hostile_cells_are_escaped_wherever_they_stand(client, pictured, board, officer) -> None:
    picture_of(
        pictured,
        {**row(1, HOSTILE), "unit": HOSTILE, "cells": {"account": {"confidence": 0.1}}},
        url=f"https://x/{HOSTILE}",
        problem=HOSTILE,
    )
    typed = {"c-0-n1-rank": HOSTILE, "c-0-n1-account": HOSTILE}
    form = full_form(screen(client, pictured), board, action="save", **typed)
    for text in (screen(client, pictured), client.post(show(pictured), form).content.decode()):
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text
        assert "onerror=" not in text


@pytest.mark.parametrize(
    "form",
    [
        {"c-0-0-rank": "1", "c-9999-0-rank": "5"},
        {"c-0-zz-rank": "1", "c-0-n1-password": "x", "c-0-n1-": "y", "c---": "z"},
        {"more-0": "9" * 5000, "seen": "x" * 50, "columns-0": "a,b,likes,<b>"},
        {"board-0": "9" * 4000},
        {"board-0": "-1", "rows-0": ["n1", "0"]},
        {"c-0-n99999-account": "甲", "c-0-n123456-account": "乙"},
        {"more-99999999999": "1", "paste-0": "x"},
    ],
)
def test_odd_forms_are_answered(client, source, officer, form) -> None:
    waiting = run(source, page(**DOUBTFUL))
    actions = ("save", "accept", "rows-0", "rows-7777", "paste-0", "column-9", "late-0", "late-9")
    for action in actions:
        response = client.post(show(waiting), {"action": action, "reason": "改", **form})
        assert response.status_code in (200, 302), action
    assert not Observation.objects.exists()


def long_list(count: int) -> dict[str, Any]:
    figures = ("articles", "reads", "max_reads", "likes", "looks", "index")
    rows = [
        row(n, f"账号{n}", **dict.fromkeys(figures, 2000 - n % 1900)) for n in range(1, count + 1)
    ]
    return page(listing(*rows), **DOUBTFUL)


def test_a_hundred_and_twenty_rows_go_to_and_fro_without_scripts(
    client, source, board, officer
) -> None:
    waiting = run(source, long_list(120))
    text = screen(client, waiting)
    assert len(fields(text)) == 120 * 8
    form = full_form(text, board, action="save", **{"c-0-119-account": "最后一个"})
    assert len(form) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    client.post(show(waiting), form)
    waiting.refresh_from_db()
    assert [each["row"] for each in waiting.edits] == ["119"]


def test_a_list_too_long_for_one_form_is_typed_in_parts(
    client, source, board, officer, monkeypatch
) -> None:
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS > making.MAX_INPUTS + making.MAX_TICKS
    monkeypatch.setattr(making, "MAX_INPUTS", 400)
    monkeypatch.setattr(making, "MAX_TICKS", 100)
    waiting = run(source, long_list(120))
    text = screen(client, waiting)
    assert text.count("<input") < 400 + 50
    assert "只能整个榜单一起入库" in text
    assert "c-0-39-account" in fields(text)
    assert "c-0-40-account" not in fields(text)
    assert "row=81" in text
    later = screen(client, waiting, "?board=0&row=81")
    assert fields(later)["c-0-119-account"] == "账号120"
    form = {"action": "accept", "seen": "0", "board-0": str(board.pk), "reason": "核对"}
    client.post(show(waiting), form)
    assert Observation.objects.count() == 120


def test_five_boards_on_a_page(client, source, officer) -> None:
    boards = [
        listing(*[row(n, f"{name}{n}") for n in range(1, 21)], name=f"榜{name}")
        for name in "甲乙丙丁戊"
    ]
    waiting = run(source, page(*boards, **DOUBTFUL))
    text = screen(client, waiting)
    assert len(fields(text)) == 5 * 20 * 2
    assert len({name.split("-")[1] for name in fields(text)}) == 5


def test_lists_of_articles_are_looked_at_only(client, source, officer) -> None:
    articles = listing(*[row(n, f"号{n}") for n in range(1, 81)], subject="article", name="爆文")
    waiting = run(source, page(listing(row(1, "在荷塘")), articles, **DOUBTFUL))
    text = screen(client, waiting)
    assert not any(name.startswith("c-1-") for name in fields(text))
    assert "文章榜单，不入库" in text
    assert "另有 30 行" in text
