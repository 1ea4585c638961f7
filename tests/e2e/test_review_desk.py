"""A journey in a browser: a list is typed beside its picture, and a colleague lets it count."""

import io
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from media.fonts import cjk_font
from rankings.evidence import service as evidence
from rankings.models import Observation
from rankings.periods import Month
from scrapers.models import Run, RunPicture, RunState, Source, SourceBoard
from tests.factories.rankings import AccountFactory, BoardFactory

from .browser import JOURNEY

pytestmark = JOURNEY
BOARD, OURS = "示例县级榜", "听荷发布"
ROWS = [
    ("1", OURS, "31万+"),
    ("2", "映月融媒", "88096"),
    ("3", "拂霞在线", "70000"),
    ("4", "倚荷之声", "6.5万"),
]
LINE = 90


def picture() -> bytes:
    """The list as the publisher drew it."""
    image = Image.new("RGB", (1080, 140 + LINE * len(ROWS)), "white")
    pen = ImageDraw.Draw(image)
    font = cjk_font(36)
    pen.text((40, 20), f"{BOARD} 2026年10月 TOP4", font=font, fill="black")
    for n, row in enumerate(ROWS):
        for x, text in zip((40, 200, 700), row, strict=True):
            pen.text((x, 140 + LINE * n), text, font=font, fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def read_row(n: int, *, without: str = "") -> dict[str, Any]:
    """What was read of the ``n``-th line, with where it stands in the picture."""
    rank, name, reads = ROWS[n]
    places = {"rank": (40, 40), "account": (200, 180), "reads": (700, 160)}
    values = {"reads": {"value": int(reads), "bound": "exact", "capped": False, "raw": reads}}
    return {
        "rank": int(rank),
        "tied": False,
        "account": name,
        "wechat_id": None,
        "unit": None,
        "values": {key: value for key, value in values.items() if key != without},
        "movement": None,
        "cells": {
            key: {"confidence": 0.98, "crop": [x, 140 + LINE * n, width, 44]}
            for key, (x, width) in places.items()
            if key != without
        },
    }


def extraction(*rows: dict[str, Any]) -> dict[str, Any]:
    board = {
        "name": f"{BOARD}TOP4",
        "subject": "account",
        "list_size": 4,
        "needs_transcription": True,
        "rows": list(rows),
    }
    return {
        "verdict": "needs_transcription",
        "period": {"kind": "month", "start": "2026-10-01", "end": "2026-10-31"},
        "published": "2026-11-01",
        "boards": [board],
        "flags": ["picture_only"],
        "note": "",
    }


def waiting_run() -> Run:
    board = BoardFactory(key="county-example", name=BOARD, publisher="示例研究院", is_example=True)
    AccountFactory(key="tinghe", name=OURS, is_ours=True)
    source = Source.objects.create(
        key="pictures",
        name="示例图片榜",
        source_kind="publisher",
        source_name="示例研究院",
        address="https://rank.example.gov.cn/{year}/{month:02d}.html",
        allowed_hosts="rank.example.gov.cn",
        active=False,
    )
    SourceBoard.objects.create(source=source, heading="", board=board)
    now = timezone.now()
    page = evidence.store(
        b"<meta charset=utf-8><h1>TOP4</h1>",
        kind="page",
        fetched_at=now,
        url="https://rank.example.gov.cn/2026/10.html",
        final_url="https://rank.example.gov.cn/2026/10.html",
        http_status=200,
        content_type="text/html",
    )
    run = Run.objects.create(
        source=source,
        month=Month(2026, 10).index,
        trigger="schedule",
        state=RunState.TRANSCRIPTION,
        step="check",
        reason="榜单是图片，请在下面对照图片录入或核对，再由另一位同事核对。",
        sighting=page,
        extraction=extraction(),
    )
    kept = evidence.store(picture(), kind="picture", fetched_at=now, content_type="image/png")
    RunPicture.objects.create(
        run=run,
        board=0,
        number=0,
        url="https://rank.example.gov.cn/10.png",
        sighting=kept,
        reading=extraction(read_row(1), read_row(2)),
        read_at=now,
    )
    return run


def cell(page: Page, row: str, label: str) -> Any:
    return page.get_by_role("textbox", name=f"{row} {label}", exact=True)


def test_from_the_picture_to_the_report(live_server, hire, signed_in) -> None:
    waiting_run()
    li = signed_in(hire("li", "李录入", "office"))
    page = li.page

    # --- the picture follows the rows
    li.menu("抓取", "抓取记录")
    expect(page.get_by_role("cell", name="待转录", exact=True)).to_be_visible()
    page.get_by_role("link", name="示例图片榜 2026年10月").click()
    image = page.get_by_role("img", name=f"{BOARD}TOP4　图 1")
    expect(image).to_be_visible()
    box = page.locator(".desk-box")
    expect(box).to_be_hidden()
    cell(page, "第2名 映月融媒", "总阅读数").click()
    expect(box).to_be_visible()
    shown, around = box.bounding_box(), image.bounding_box()
    assert around["y"] < shown["y"] < around["y"] + around["height"]
    assert abs((shown["x"] - around["x"]) / around["width"] - 700 / 1080) < 0.02
    narrow = around["width"]
    image.click()
    expect(page.locator(".desk-picture--large")).to_have_count(1)
    assert image.bounding_box()["width"] > narrow
    image.click()
    expect(page.get_by_text("前面缺第1名")).to_have_count(2)
    li.look("1-待转录", phone=True)

    # --- typed with the keyboard alone: what is missing is pasted, a cell mended and mended back
    first = page.locator("tr.desk-blank input.desk-cell").first
    first.focus()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const details = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", details));
        }""",
        "\n".join("\t".join(ROWS[n]) for n in (0, 3)),
    )
    expect(page.get_by_text("有 6 格改动还没有保存")).to_be_visible()
    reads = cell(page, "第2名 映月融媒", "总阅读数")
    reads.fill("88097")
    expect(page.get_by_text("有 7 格改动还没有保存")).to_be_visible()
    reads.press("Enter")
    expect(cell(page, "第3名 拂霞在线", "总阅读数")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(reads).to_be_focused()
    reads.fill("88096")
    expect(page.get_by_text("有 6 格改动还没有保存")).to_be_visible()
    li.look("2-已粘贴")
    page.get_by_role("button", name="保存草稿").click()
    li.says("已保存 6 处改动，还没有入库")
    expect(page.locator("tbody tr:not(.desk-blank) .desk-cell--account")).to_have_count(4)
    assert [each["key"] for each in Run.objects.get().edits] == ["rank", "account", "reads"] * 2
    page.get_by_label("理由").fill("对照图片逐格核对过")
    page.get_by_role("button", name="确认入库").click()
    li.says("等另一位同事对照核对后入库")
    expect(page.get_by_role("button", name="通过入库")).to_have_count(0)
    li.look("3-等第二人", phone=True)
    assert not Observation.objects.exists()

    # --- a colleague sees the same, with what was typed in colour
    wang = signed_in(hire("wang", "王复核", "office"))
    page = wang.page
    wang.menu("抓取", "抓取记录")
    page.get_by_role("link", name="示例图片榜 2026年10月").click()
    expect(page.locator("td.desk-typed")).to_have_count(6)
    expect(page.locator("input.desk-cell")).to_have_count(0)
    page.get_by_text("88096").click()
    expect(page.locator(".desk-box")).to_be_visible()
    wang.look("4-第二人", phone=True)
    page.get_by_role("button", name="通过入库").click()
    wang.says("新增 4 条")
    wang.look("5-已入库")
    assert Run.objects.get().state == RunState.RECORDED
    wang.menu("排名", "总览")
    expect(page.get_by_role("heading", name=OURS, exact=True)).to_be_visible()


def test_leaving_with_unsaved_cells_asks(live_server, hire, signed_in) -> None:
    run = waiting_run()
    li = signed_in(hire("li", "李录入", "office"))
    page = li.page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{live_server.url}/admin/scrapers/runs/{run.pk}/")
    cell(page, "第2名 映月融媒", "公众号").fill("映月")
    page.goto(f"{live_server.url}/admin/")
    assert asked == ["beforeunload"]
    assert Run.objects.get().edits == []


def test_without_scripts_a_list_can_be_typed_too(live_server, hire, browser, album) -> None:
    run = waiting_run()
    hire("li", "李录入", "office")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/scrapers/runs/{run.pk}/")
    page.locator("[name=username]").fill("li")
    page.locator("[name=password]").fill("三人审核才见报-2026")
    page.locator("[type=submit]").click()
    expect(page.locator(".desk-picture img")).to_be_visible()
    blank = page.locator("tr.desk-blank").first.locator("input.desk-cell")
    for n, text in enumerate(ROWS[0]):
        blank.nth(n).fill(text)
    page.get_by_role("button", name="加 10 行").click()
    expect(page.locator("tr.desk-blank")).to_have_count(13)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("已保存 3 处改动")).to_be_visible()
    page.screenshot(path=album / "6-没有脚本.png")
    context.close()
    assert [each["new"] for each in Run.objects.get().edits] == list(ROWS[0])
