"""The stand-in for WeChat: tokens, pictures and drafts, as the official documents have them."""

import base64
import datetime as dt
import json
from typing import Any

import pytest
import requests

from demo.fake_wechat.filtering import stored
from tests.demo.wechat_caller import JPG, Caller

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
GIF = b"GIF89a" + b"0" * 100


def test_a_stable_token_stays_until_it_is_about_to_end(call: Caller) -> None:
    call.server.clock.freeze(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC))
    call.state.forget_tokens()
    first = call.stable()
    assert (first["expires_in"], len(first["access_token"])) == (7200, 192)
    assert call.stable() == first
    call.server.clock.advance(seconds=6899)
    assert call.stable() == {"access_token": first["access_token"], "expires_in": 301}
    call.server.clock.advance(seconds=1)
    second = call.stable()
    assert second["access_token"] != first["access_token"]
    for answer in (first, second):  # both work for the last five minutes
        call.token = answer["access_token"]
        assert call("/cgi-bin/draft/batchget")["total_count"] == 0
    call.server.clock.advance(seconds=300)
    call.token = first["access_token"]
    assert call("/cgi-bin/draft/batchget")["errcode"] == 42001


def test_a_forced_token_kills_the_last_and_is_rare(call: Caller) -> None:
    forced = call.stable(force_refresh=True)["access_token"]
    assert call("/cgi-bin/draft/batchget")["errcode"] == 42001
    call.token = forced
    assert call("/cgi-bin/draft/batchget")["total_count"] == 0
    assert call.stable(force_refresh=True)["errcode"] == 45011
    for _ in range(19):
        call.server.clock.advance(seconds=31)
        assert "access_token" in call.stable(force_refresh=True)
    call.server.clock.advance(seconds=31)
    assert call.stable(force_refresh=True)["errcode"] == 45009


def test_plain_tokens_retire_each_other_but_not_the_stable_one(call: Caller) -> None:
    def plain() -> str:
        address = call.server.base + "/cgi-bin/token"
        return requests.get(address, params=call.account, timeout=5).json()["access_token"]

    stable, first, second = call.token, plain(), plain()
    for token, wanted in ((stable, None), (second, None), (first, 42001), ("x", 40001)):
        call.token = token
        assert call("/cgi-bin/draft/batchget").get("errcode") == wanted
    call.state.settings.token_overlap = 60
    third = plain()
    for token in (second, third):
        call.token = token
        assert call("/cgi-bin/draft/batchget")["total_count"] == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [({"appid": "wx1"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": ""}, 40002)],
)
def test_a_wrong_account_gets_no_token(call: Caller, change: dict, code: int) -> None:
    assert call.stable(**change)["errcode"] == code


def test_an_account_without_verification_has_no_permission(call: Caller) -> None:
    call.state.settings.verified = False
    assert call("/cgi-bin/draft/batchget")["errcode"] == 48001
    requests.get(call.server.base + "/cgi-bin/draft/count", timeout=5)
    assert call.state.calls[-1].errcode == 41001


def test_a_days_calls_can_be_used_up(call: Caller) -> None:
    call.state.settings.quotas["/cgi-bin/draft/batchget"] = 2
    codes = [call("/cgi-bin/draft/batchget").get("errcode") for _ in range(3)]
    assert codes == [None, None, 45009]
    call.state.settings.verified = True
    call.server.clock.advance(days=1)
    call.token = call.stable()["access_token"]
    assert "item" in call("/cgi-bin/draft/batchget")


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PNG, None),
        (JPG, None),
        (GIF, 40005),
        (b"RIFF0000WEBP", 40005),
        (JPG + b"0" * (1024 * 1024), 40009),
        (b"", 41005),
    ],
)
def test_body_pictures(call: Caller, data: bytes, code: int | None) -> None:
    answer = call.upload("/cgi-bin/media/uploadimg", data)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.json().get("errcode") == code
    assert len(call.state.uploads) == (code is None)
    if code is None:
        assert answer.json()["url"].startswith("http://mmbiz.qpic.cn/")
        assert call.state.read_file(call.state.uploads[0].sha256) == data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GIF, None),
        (b"BM" + b"0" * 9, None),
        (JPG + b"0" * (1024 * 1024), None),
        (b"<svg/>", 40005),
        (JPG + b"0" * (10 * 1024 * 1024), 45001),
    ],
)
def test_permanent_pictures(call: Caller, data: bytes, code: int | None) -> None:
    answer = call.upload("/cgi-bin/material/add_material", data, type="image")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.json().get("errcode") == code
    assert bool(answer.json().get("media_id")) == (code is None)


def test_a_body_without_a_length_is_refused(call: Caller) -> None:
    chunks = iter([b"--x\r\n", JPG, b"\r\n--x--"])
    answer = call.raw(
        "/cgi-bin/media/uploadimg",
        chunks,
        params={"access_token": call.token},
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 412


# --- drafts --------------------------------------------------------------------------------------


def test_a_draft_lives_until_it_is_deleted(call: Caller) -> None:
    cover = call.cover()
    answer = call(
        "/cgi-bin/draft/add", {"articles": [call.news(thumb_media_id=cover) for _ in range(3)]}
    )
    assert answer["item"] == [{"index": index, "ad_count": 0} for index in range(3)]
    media_id = answer["media_id"]
    changed = call.news(thumb_media_id=cover, title="改过的标题")
    data = {"media_id": media_id, "index": 2, "articles": changed}
    assert call("/cgi-bin/draft/update", data) == {"errcode": 0, "errmsg": "ok"}
    items = call("/cgi-bin/draft/get", {"media_id": media_id})["news_item"]
    assert [item["title"] for item in items] == ["荷塘", "荷塘", "改过的标题"]
    assert items[0]["url"].startswith("http://mp.weixin.qq.com/s?")
    assert items[0]["is_deleted"] is False
    listed = call("/cgi-bin/draft/batchget", {"offset": 0, "count": 20, "no_content": 1})
    assert (listed["total_count"], listed["item_count"]) == (1, 1)
    assert listed["item"][0]["media_id"] == media_id
    assert "content" not in listed["item"][0]["content"]["news_item"][0]
    count = call.server.base + "/cgi-bin/draft/count"
    query = {"access_token": call.token}
    assert requests.get(count, params=query, timeout=5).json() == {"total_count": 1}
    assert call("/cgi-bin/draft/delete", {"media_id": media_id})["errcode"] == 0
    for endpoint in ("get", "delete", "update"):
        again = call(f"/cgi-bin/draft/{endpoint}", data)
        assert again["errcode"] == 40007


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "字" * 32}, None),
        ({"title": "字" * 33}, 45003),
        ({"title": " "}, 44003),
        ({"author": "字" * 17}, 45110),
        ({"digest": "字" * 128}, None),
        ({"digest": "字" * 129}, 45004),
        ({"content": "字" * 19_999}, None),
        ({"content": "字" * 20_000}, 45002),
        ({"content": ""}, 44003),
        ({"content_source_url": "https://x/" + "a" * 1015}, 45005),
        ({"thumb_media_id": "unknown"}, 40007),
        ({"pic_crop_235_1": "0.166667_0_0.833333_1"}, None),
        ({"pic_crop_1_1": "0_0_1"}, 53402),
        ({"pic_crop_235_1": "0.5_0_0.2_1"}, 53402),
        ({"pic_crop_235_1": "0_0_1.2_1"}, 53402),
        ({"article_type": "video"}, 40035),
        ({"title": 3}, 47001),
    ],
)
def test_limits_of_an_article(call: Caller, change: dict, code: int | None) -> None:
    answer = call("/cgi-bin/draft/add", {"articles": [call.news(**change)]})
    assert answer.get("errcode") == code
    assert len(call.state.drafts) == (code is None)


def test_limits_of_a_draft(call: Caller) -> None:
    article = call.news()
    codes = [
        call("/cgi-bin/draft/add", {"articles": [article] * many}).get("errcode")
        for many in (0, 8, 9)
    ]
    assert codes == [44003, None, 45008]
    assert (
        call.raw("/cgi-bin/draft/add", b"{", params={"access_token": call.token}).json()["errcode"]
        == 47001
    )


def test_a_digest_is_only_kept_for_an_article_alone(call: Caller) -> None:
    article = call.news(digest="摘要", content="<p>" + "字" * 80 + "</p>")

    def digests(*articles: dict) -> list[str]:
        return [each["digest"] for each in call.state.drafts[call.draft(*articles)].articles]

    assert digests(article) == ["摘要"]
    assert digests({**article, "digest": ""}) == ["字" * 54]
    assert digests(article, article) == ["", ""]


def test_a_message_of_pictures(call: Caller) -> None:
    def answer(pictures: int, text: str = "说明") -> int | None:
        images = {"image_list": [{"image_media_id": cover}] * pictures}
        article = {"article_type": "newspic", "title": "图", "content": text, "image_info": images}
        return call("/cgi-bin/draft/add", {"articles": [article]}).get("errcode")

    cover = call.cover()
    assert [answer(many) for many in (0, 1, 20, 21)] == [40007, None, None, 40007]
    assert answer(1, "字" * 1001) == 45166


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p style='x'>甲&nbsp;&#20057;</p><br/>", "<p style='x'>甲&nbsp;&#20057;</p><br/>"),
        ("<p>甲</p><script>alert('<p>')</script>", "<p>甲</p>"),
        ('<img src="https://example.org/a.png">', ""),
        ('<img src="data:image/png;base64,AA">', ""),
        ("<img>", ""),
        (
            '<img src="http://mmbiz.qpic.cn/a/0"/><img data-src="https://mmbiz.qpic.cn/b">',
            '<img src="http://mmbiz.qpic.cn/a/0"/><img data-src="https://mmbiz.qpic.cn/b">',
        ),
        ('<img src="https://mmbiz.qpic.cn.example.org/a">', ""),
        ('<a href="javascript:x()" title="&quot;">甲</a>', '<a title="&quot;">甲</a>'),
    ],
)
def test_what_is_taken_out_without_a_word(sent: str, kept: str) -> None:
    assert stored(sent) == kept


def test_escaped_characters_are_stored_as_they_are_written(call: Caller) -> None:
    article = {**call.news(), "title": "荷塘"}
    body = json.dumps({"articles": [article]}).encode()
    answer = call.raw("/cgi-bin/draft/add", body, params={"access_token": call.token}).json()
    assert call.state.drafts[answer["media_id"]].articles[0]["title"] == r"\u8377\u5858"
    assert call.state.escaped == ["/cgi-bin/draft/add"]
    long = json.dumps({"articles": [{**article, "title": "荷塘荷塘荷塘"}]}).encode()
    answer = call.raw("/cgi-bin/draft/add", long, params={"access_token": call.token}).json()
    assert answer["errcode"] == 45003


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "works"),
    [
        (None, True),
        (-1, False),
        (45009, False),
        (503, False),
        ("drop_before", False),
        ("drop", True),
        ("gateway", True),
        ("garbage", True),
        ({"errcode": 0, "odd": []}, False),
    ],
)
def test_faults_come_before_or_after_the_work(call: Caller, fault: Any, works: bool) -> None:
    article = call.news()
    call.server.script("/cgi-bin/draft/add", fault)
    try:
        answer = call("/cgi-bin/draft/add", {"articles": [article]})
    except requests.ConnectionError:
        assert fault in ("drop", "drop_before")
    except requests.JSONDecodeError:
        assert fault in (503, "gateway", "garbage")
    else:
        assert answer.get("errcode") == (fault if isinstance(fault, int) else answer.get("errcode"))
    assert len(call.state.drafts) == works
    assert call.state.calls_of("/cgi-bin/draft/add")[0].fault == fault
    assert call("/cgi-bin/draft/add", {"articles": [article]})["media_id"]  # only once


def test_a_call_that_hangs_has_worked(call: Caller) -> None:
    article = call.news()
    call.server.script("/cgi-bin/draft/add", "hang")
    with pytest.raises(requests.Timeout):
        requests.post(
            call.server.base + "/cgi-bin/draft/add",
            params={"access_token": call.token},
            data=json.dumps({"articles": [article]}, ensure_ascii=False).encode(),
            timeout=0.2,
        )
    assert len(call.state.drafts) == 1


def test_an_unknown_fault_is_a_mistake_of_the_test(call: Caller) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        call.server.script("*", "explode")


def test_any_endpoint_and_scripted_sequences(call: Caller) -> None:
    call.server.script("/cgi-bin/draft/batchget", None, -1)
    call.server.script("*", 40001)
    codes = [call("/cgi-bin/draft/batchget").get("errcode") for _ in range(4)]
    assert codes == [None, -1, 40001, None]


def test_names_are_long_enough(call: Caller) -> None:
    media_id = call.draft()
    assert len(media_id) == 64
    assert base64.urlsafe_b64decode(media_id)
