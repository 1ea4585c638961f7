"""The stand-in for WeChat after a draft: sendings, publications, readers and comments."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.demo.wechat_caller import Caller

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = dt.datetime(2026, 11, 23, 18, tzinfo=SHANGHAI)


@pytest.fixture
def call(call: Caller) -> Caller:
    """On the evening of 23 November 2026."""
    call.server.clock.freeze(EVENING)
    call.token = call.stable()["access_token"]
    return call


def at(call: Caller, day: int, hour: int = 9) -> None:
    call.server.clock.freeze(dt.datetime(2026, 11, day, hour, tzinfo=SHANGHAI))
    call.token = call.stable()["access_token"]


# --- 群发 ----------------------------------------------------------------------------------------


def test_a_sending_takes_the_draft_out_of_the_box(call: Caller) -> None:
    media_id = call.draft(call.news(), call.news(title="第二条"))
    answer = call.sendall(media_id)
    assert (answer["errcode"], answer["errmsg"]) == (0, "send job submission success")
    assert call("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007
    (sent,) = call.state.sent
    assert (sent.msg_id, sent.msg_data_id) == (answer["msg_id"], answer["msg_data_id"])
    marks = [f"&mid={sent.msg_data_id}&idx={number}&" for number in (1, 2)]
    assert [mark in url for mark, url in zip(marks, sent.urls, strict=True)] == [True, True]
    status = call("/cgi-bin/message/mass/get", {"msg_id": str(answer["msg_id"])})
    assert status == {"msg_id": answer["msg_id"], "msg_status": "SEND_SUCCESS"}
    assert call("/cgi-bin/message/mass/get", {"msg_id": 1})["errcode"] == 40059


def test_one_number_sends_once(call: Caller) -> None:
    media_id = call.draft()
    first = call.sendall(media_id)
    assert call.sendall(media_id)["errcode"] == 45066
    call.server.clock.advance(seconds=61)
    again = call.sendall(media_id)
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    assert "msg_data_id" not in again
    assert len(call.state.sent) == 1


@pytest.mark.parametrize("name", ["号" * 22, "a" * 65])
def test_a_number_may_be_too_long(call: Caller, name: str) -> None:
    assert call.sendall(call.draft(), name)["errcode"] == 45067


def test_the_days_sendings_are_counted_whoever_makes_them(call: Caller) -> None:
    call.act("send", media_id=call.draft())
    media_id = call.draft()
    assert call.sendall(media_id)["errcode"] == 45028
    assert "已经用完" in call.act("send", media_id=media_id)["error"]
    at(call, 24, 0)
    assert call.sendall(media_id, "push-2")["errcode"] == 0


def test_an_administrator_may_have_to_agree(call: Caller) -> None:
    call.state.settings.admin_confirms = True
    first = call.sendall(call.draft())

    def status(answer: dict) -> str:
        return call("/cgi-bin/message/mass/get", {"msg_id": answer["msg_id"]})["msg_status"]

    assert (status(first), call.state.sent) == ("SENDING", [])
    call.act("confirm", msg_data_id=first["msg_data_id"])
    assert (status(first), len(call.state.sent)) == ("SEND_SUCCESS", 1)
    at(call, 24)
    media_id = call.draft()
    second = call.sendall(media_id, "push-2")
    call.server.clock.advance(minutes=31)
    assert status(second) == "SEND_FAIL"
    assert call.act("confirm", msg_data_id=second["msg_data_id"]) == {"status": "failed"}
    assert call("/cgi-bin/draft/get", {"media_id": media_id})["news_item"]  # back in the box


def test_a_preview_leaves_the_draft(call: Caller) -> None:
    media_id = call.draft()
    call.state.settings.followers = ["liang"]
    data = {"mpnews": {"media_id": media_id}, "msgtype": "mpnews"}
    path = "/cgi-bin/message/mass/preview"
    assert call(path, {**data, "towxname": "liang"})["errcode"] == 0
    assert call(path, {**data, "towxname": "wang"})["errcode"] == 43004
    assert call(path, data)["errcode"] == 40035
    assert [each.reader for each in call.state.previews] == ["liang"]
    assert media_id in call.state.drafts


# --- 发布 ----------------------------------------------------------------------------------------


def test_a_publication_ends_when_it_is_looked_at(call: Caller) -> None:
    media_id = call.draft(call.news(), call.news(title="第二条"))
    job = call("/cgi-bin/freepublish/submit", {"media_id": media_id})
    assert call("/cgi-bin/freepublish/submit", {"media_id": media_id})["errcode"] == 40007
    looks = [call("/cgi-bin/freepublish/get", {"publish_id": job["publish_id"]}) for _ in range(4)]
    assert [look["publish_status"] for look in looks] == [1, 1, 0, 0]
    assert "article_id" not in looks[0]
    assert [item["idx"] for item in looks[2]["article_detail"]["item"]] == [1, 2]
    listed = call("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 10, "no_content": 1})
    assert listed["item"][0]["article_id"] == looks[2]["article_id"]
    assert call.state.sent == []  # followers were not told


def test_a_publication_may_fail_and_the_draft_comes_back(call: Caller) -> None:
    call.state.settings.publish_script = [1, 4]
    media_id = call.draft()
    job = call("/cgi-bin/freepublish/submit", {"media_id": media_id})["publish_id"]
    call("/cgi-bin/freepublish/get", {"publish_id": job})
    look = call("/cgi-bin/freepublish/get", {"publish_id": job})
    assert (look["publish_status"], look["fail_idx"]) == (4, [1])
    assert media_id in call.state.drafts
    assert call("/cgi-bin/freepublish/get", {"publish_id": "1"})["errcode"] == 53502


def test_what_was_sent_is_not_listed_as_published(call: Caller) -> None:
    call.sendall(call.draft())
    assert call("/cgi-bin/freepublish/batchget")["total_count"] == 0


def test_published_articles_can_be_deleted(call: Caller) -> None:
    call.state.settings.publish_script = [0]
    draft = call.draft(call.news(), call.news())
    job = call("/cgi-bin/freepublish/submit", {"media_id": draft})["publish_id"]
    article_id = call("/cgi-bin/freepublish/get", {"publish_id": job})["article_id"]

    def deleted() -> list[bool]:
        answer = call("/cgi-bin/freepublish/getarticle", {"article_id": article_id})
        return [item["is_deleted"] for item in answer["news_item"]]

    path = "/cgi-bin/freepublish/delete"
    assert call(path, {"article_id": article_id, "index": 2})["errcode"] == 0
    assert deleted() == [False, True]
    assert call(path, {"article_id": article_id})["errcode"] == 0
    assert deleted() == [True, True]
    assert call("/cgi-bin/freepublish/get", {"publish_id": job})["publish_status"] == 5
    assert call(path, {"article_id": "x"})["errcode"] == 53600


# --- statistics ----------------------------------------------------------------------------------


def totals(call: Caller, day: str) -> dict:
    return call("/datacube/getarticletotaldetail", {"begin_date": day, "end_date": day})


@pytest.mark.parametrize(
    ("path", "begin", "end", "code"),
    [
        ("getarticletotaldetail", "2026-11-22", "2026-11-22", None),
        ("getarticletotaldetail", "2026-11-21", "2026-11-22", 61501),
        ("getarticletotaldetail", "2026-11-23", "2026-11-23", 61501),
        ("getarticletotaldetail", "2025-10-31", "2025-10-31", 61501),
        ("getarticletotaldetail", "2025-11-01", "2025-11-01", None),
        ("getarticletotaldetail", "20261122", "20261122", 61500),
        ("getarticletotaldetail", "2026-11-31", "2026-11-31", 61500),
        ("getarticleread", "2026-11-22", "2026-11-22", None),
        ("getarticleshare", "2026-11-20", "2026-11-22", 61501),
        ("getbizsummary", "2026-10-24", "2026-11-22", None),
        ("getbizsummary", "2026-10-23", "2026-11-22", 61501),
        ("getusersummary", "2026-11-16", "2026-11-22", None),
        ("getusersummary", "2026-11-15", "2026-11-22", 61501),
        ("getusercumulate", "2026-11-22", "2026-11-20", 61501),
        ("getarticlesummary", "2026-11-22", "2026-11-22", 47009),
        ("getarticletotal", "2026-11-22", "2026-11-22", 47009),
        ("getuserread", "2026-11-22", "2026-11-22", 47009),
    ],
)
def test_what_may_be_asked(call: Caller, path: str, begin: str, end: str, code: int) -> None:
    answer = call(f"/datacube/{path}", {"begin_date": begin, "end_date": end})
    assert answer.get("errcode") == code
    assert ("list" in answer) == (code is None)


def test_figures_come_out_in_the_morning_and_grow(call: Caller) -> None:
    sent = call.sendall(call.draft(call.news(), call.news(title="第二条")))
    at(call, 24, 7)
    assert totals(call, "2026-11-23") == {"list": [], "is_delay": True}
    at(call, 24, 8)
    answer = totals(call, "2026-11-23")
    assert answer["is_delay"] is False
    assert [row["msgid"] for row in answer["list"]] == [
        f"{sent['msg_data_id']}_1",
        f"{sent['msg_data_id']}_2",
    ]
    first = answer["list"][0]
    assert (first["publish_type"], first["title"]) == (0, "荷塘")
    assert first["content_url"] == call.state.sent[0].urls[0]
    assert first["detail_list"][0]["read_user_source"][0]["scene_desc"] == "全部"
    assert totals(call, "2026-11-23") == answer  # the same each time
    at(call, 30, 7)
    late = totals(call, "2026-11-23")
    assert late["is_delay"] is True
    assert late["list"][0]["detail_list"][-1]["stat_date"] == "2026-11-28"
    call.server.clock.freeze(dt.datetime(2027, 1, 9, 9, tzinfo=SHANGHAI))
    call.token = call.stable()["access_token"]
    days = totals(call, "2026-11-23")["list"][0]["detail_list"]
    assert len(days) == 30
    assert days[-1]["stat_date"] == "2026-12-22"
    readers = [day["read_user"] for day in days]
    assert readers == sorted(readers)  # from the beginning to each day
    assert readers[0] > 100


def test_a_days_readers_are_what_the_totals_grow_by(call: Caller) -> None:
    call.sendall(call.draft())
    at(call, 26)
    totals_ = totals(call, "2026-11-23")["list"][0]["detail_list"]
    for path, name in (("getarticleread", "read_user"), ("getarticleshare", "share_user")):
        days = [
            call(f"/datacube/{path}", {"begin_date": day, "end_date": day})["list"]
            for day in ("2026-11-23", "2026-11-24")
        ]
        people = [rows[0]["detail"][name] if rows else 0 for rows in days]
        assert sum(people) == totals_[1][name]
    biz = call("/datacube/getbizsummary", {"begin_date": "2026-11-23", "end_date": "2026-11-25"})
    assert [row["detail"]["send_page_count"] for row in biz["list"]] == [1, 0, 0]


def test_figures_may_be_set_and_too_few_readers_are_not_told(call: Caller) -> None:
    msgid = f"{call.sendall(call.draft())['msg_data_id']}_1"
    call.act("figures", msgid=msgid, day="2026-11-23", figures={"read_user": 100_500})
    at(call, 24)
    assert totals(call, "2026-11-23")["list"][0]["detail_list"][0]["read_user"] == 100_500
    nobody = dict.fromkeys(("read_user", "share_user", "zaikan_user", "like_user"), 0)
    call.act("figures", msgid=msgid, day="2026-11-23", figures=nobody)
    assert totals(call, "2026-11-23")["list"] == []


def test_followers(call: Caller) -> None:
    span = {"begin_date": "2026-11-20", "end_date": "2026-11-22"}
    moved = call("/datacube/getusersummary", span)["list"]
    held = call("/datacube/getusercumulate", span)["list"]
    assert [row["ref_date"] for row in held] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    growth = sum(
        row["new_user"] - row["cancel_user"] for row in moved if row["ref_date"] > "2026-11-20"
    )
    assert held[-1]["cumulate_user"] - held[0]["cumulate_user"] == growth


# --- 留言 ----------------------------------------------------------------------------------------


def test_comments_of_an_article(call: Caller) -> None:
    draft = call.draft(call.news(), call.news(need_open_comment=1))
    number = call.sendall(draft)["msg_data_id"]
    article = {"msg_data_id": number, "index": 1}

    def listed(**more: int) -> dict:
        return call("/cgi-bin/comment/list", {**article, "begin": 0, "count": 49, **more})

    assert (listed()["errcode"], listed()["total"], listed()["comment"]) == (0, 0, [])  # not yet
    call.server.clock.advance(hours=5)
    call.token = call.stable()["access_token"]
    comments = listed()["comment"]
    assert listed()["total"] == len(comments) > 1
    assert listed(count=1)["comment"] == comments[:1]
    assert [listed(count=many).get("errcode") for many in (0, 50)] == [88010, 88010]
    assert listed(index=0)["total"] == 0  # the headline has none
    assert listed(index=2)["errcode"] == 88001
    one = {**article, "user_comment_id": comments[0]["user_comment_id"]}
    for action in ("markelect", "reply/add"):
        assert call(f"/cgi-bin/comment/{action}", {**one, "content": "谢谢"})["errcode"] == 0
    assert call("/cgi-bin/comment/reply/add", {**one, "content": "再谢"})["errcode"] == 88005
    (elected,) = listed(type=2)["comment"]
    assert (elected["comment_type"], elected["reply"]["content"]) == (1, "谢谢")
    for action in ("unmarkelect", "reply/delete", "delete"):
        assert call(f"/cgi-bin/comment/{action}", one)["errcode"] == 0
    assert listed()["total"] == len(comments) - 1
    assert call("/cgi-bin/comment/delete", one)["errcode"] == 88008


# --- the rest ------------------------------------------------------------------------------------


def test_the_check_of_structure(call: Caller) -> None:
    def check(content: str) -> dict:
        return call("/article-bin/verify_article_structure", {"content": content})

    assert check('<p style="line-height:1.75">甲</p>')["isValid"] is True
    wrong = check('<p style="font-family:SimSun;color:red!important">甲</p>')
    assert wrong["isValid"] is False
    assert wrong["inValidInfo"]["rule"]["violateRules"] == ["3", "4.5"]


def test_counts_can_be_cleared_ten_times_a_month(call: Caller) -> None:
    call.state.settings.quotas["/cgi-bin/draft/batchget"] = 1
    assert [call("/cgi-bin/draft/batchget").get("errcode") for _ in range(2)] == [None, 45009]
    clear = {"appid": call.state.settings.appid}
    assert call("/cgi-bin/clear_quota", clear)["errcode"] == 0
    assert "item" in call("/cgi-bin/draft/batchget")
    codes = [call("/cgi-bin/clear_quota", clear)["errcode"] for _ in range(10)]
    assert codes == [0] * 9 + [48006]
