"""What is done when, what is different, and what follows: plain values in, plain values out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.wechat.delivery import marks, plan, rules
from articles.wechat.delivery.differences import between, picture_paths
from articles.wechat.delivery.plan import Deed, Entry, Wanted
from articles.wechat.errors import MEANINGS, ErrorKind, ReplyLost, Unreachable, WeChatError

LATE = datetime(2026, 12, 8, 23, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
ADDRESS = "https://hetang.gov.cn/a/1/"


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "attempts", "is_sending", "expected"),
    [
        (ErrorKind.BUSY, 1, False, timedelta(seconds=10)),
        (ErrorKind.BUSY, 3, False, timedelta(minutes=1)),
        (ErrorKind.BUSY, 100, False, timedelta(minutes=10)),
        (ErrorKind.BUSY, 200, False, None),
        (ErrorKind.BUSY, 5, True, timedelta(minutes=5)),
        (ErrorKind.BUSY, 6, True, None),
        (ErrorKind.RATE, 9, False, timedelta(minutes=1)),
        (ErrorKind.QUOTA, 1, False, timedelta(minutes=15)),  # to five past midnight
        (ErrorKind.QUOTA, 1, True, None),
        (ErrorKind.REFUSED, 1, False, None),
    ],
)
def test_after_an_error(kind, attempts, is_sending, expected):
    at = rules.after_error(kind, attempts, LATE, is_sending=is_sending)
    assert (at and at - LATE) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0.5, timedelta(minutes=30)), (2, timedelta(hours=3)), (14, None)],
)
def test_a_draft_is_looked_at_ever_more_seldom(days, expected):
    at = rules.next_look(LATE - timedelta(days=days), LATE)
    assert (at and at - LATE) == expected


def test_a_lease_runs_out():
    assert [rules.is_busy(LATE + each * rules.LEASE, LATE) for each in (-1, 0, 1)] == [0, 0, 1]
    assert not rules.is_busy(None, LATE)


def test_what_stopped_promises_nothing():
    errors = [*map(WeChatError, MEANINGS), ReplyLost("x"), Unreachable("x")]
    for error in errors:
        said = rules.given_up(error.sentence)
        assert "会自动" not in said and "。" in error.sentence[-1:], said
        assert error.kind is ErrorKind.REFUSED or "自动" in error.sentence


def test_a_refused_name_is_not_used_again():
    names = [""]
    for _ in range(3):
        names.append(rules.client_message_id(7, "ab" * 32, names[-1]))
    assert len(set(names)) == 4 and all(len(name) <= 64 for name in names)
    assert rules.client_message_id(7, "cd" * 32, names[-1]) == f"push-7-{'cd' * 8}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"typed": " 《灯亮了》 "}, ""),
        ({"is_allowed": False}, "没有开放"),
        ({"obstacles": ["没到时间。"]}, "没到时间"),
        ({"typed": "群发吧"}, "请在框里输入"),
        ({"typed": ""}, "请在框里输入"),
    ],
)
def test_a_mass_sending_is_confirmed(changes, words):
    given = {"is_allowed": True, "typed": "群发", "title": "《灯亮了》", "obstacles": ()} | changes
    refusal = rules.why_not_send(**given)
    assert words in refusal and bool(refusal) == bool(words)


# --- marks ----------------------------------------------------------------------------------------


@given(st.integers(1, 10**9), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_mark_is_found_and_taken_off(push, content_hash):
    mark = marks.mark(push, content_hash)
    assert marks.mark_of(ADDRESS + mark) == mark
    assert marks.without_mark(ADDRESS + mark) == ADDRESS
    assert marks.without_mark(f"{ADDRESS}#p{push}") == f"{ADDRESS}#p{push}"  # somebody else's


# --- differences ----------------------------------------------------------------------------------

PICTURE = '<img src="http://mmbiz.qpic.cn/a/0?wx_fmt=png">'
OTHER = PICTURE.replace("/a/", "/b/")


def article(content: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "title": "灯亮了",
        "author": "荷塘",
        "content": content,
        "thumb_media_id": "c",
    } | changes


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (article(), article(title="灯灭了"), ["标题由“灯亮了”改成了“灯灭了”。"]),
        (article(), article(thumb_media_id="d"), ["换了封面。"]),
        (article(need_open_comment=1), article(need_open_comment=0), ["改了“是否开留言”。"]),
        (article(), article(url="x", is_deleted=False), []),
        (article("<p>一。二。</p>"), article("<section>一。\n <b>二</b>。</section>"), []),
        (article("<p>一。二。</p>"), article("<p>一。三。</p>"), ["“二。”改成了“三。”。"]),
        (article("<p>一。</p>"), article("<p>一。</p><p>二。</p>"), ["加了“二。”。"]),
        (article("<p>一。二。</p>"), article("<p>一。</p>"), ["删了“二。”。"]),
        (
            article(PICTURE),
            article('<img data-src="https://mmbiz.qpic.cn/a/0?x=1">'),
            [],
        ),
        (article(PICTURE + OTHER), article(PICTURE), ["图片少了1张。"]),
        (article(PICTURE + OTHER), article(OTHER + PICTURE), ["图片的次序有变化。"]),
        (article(""), article("<mpvoice></mpvoice>"), ["加了音频。"]),
        (
            article(content_source_url=f"{ADDRESS}#p1-0123456789ab"),
            article(content_source_url=ADDRESS),
            [],
        ),
        (
            article(content_source_url=ADDRESS),
            article(content_source_url="https://x.cn"),
            ["改了“阅读原文”的地址。"],
        ),
        (
            {"image_info": {"image_list": [{"image_media_id": "1"}]}},
            {"image_info": {"image_list": [{"image_media_id": "2"}]}},
            ["图片消息的图片或次序有变化。"],
        ),
    ],
)
def test_what_a_reader_would_see(before, after, words):
    assert between(before, after) == words
    assert bool(between(after, before)) == bool(words)
    assert between(before, before) == []


def test_many_differences_are_counted():
    before = article("".join(f"<p>第{n}句。同{n}。</p>" for n in range(9)))
    after = article("".join(f"<p>新{n}句。同{n}。</p>" for n in range(9)))
    told = between(before, after)
    assert len(told) == 5 and told[-1] == "正文还有5处不同。"
    assert picture_paths(PICTURE) == ["/a/0"]


# --- the plan -------------------------------------------------------------------------------------


def want(pk: int, words: str = "一。", push: int = 1) -> Wanted:
    fields = article(f"<p>{words}</p>", title=f"题{pk}", content_source_url=f"{ADDRESS}{pk}")
    return Wanted.marked(push, pk, "news", fields)


def there(*wanted: Wanted) -> list[dict[str, Any]]:
    return [dict(each.fields) for each in wanted]


def known(*wanted: Wanted) -> list[Entry]:
    return [Entry(w.article_id, w.form, w.content_hash, dict(w.fields)) for w in wanted]


A, B, C = want(1), want(2), want(3)
NEW = want(2, "新的。")
HAND = dict(B.fields) | {"content": "<p>手改的。</p>"}


@pytest.mark.parametrize(
    ("entries", "got", "wanted", "deed", "places"),
    [
        (plan.first_entries([A, B]), there(A, B), [A, B], Deed.NOTHING, ()),
        (plan.first_entries([A, B]), [there(A)[0], HAND], [A, B], Deed.SPOILT, ()),
        (known(A, B), there(A, B), [A, B], Deed.NOTHING, ()),
        (known(A, B), [there(A)[0], HAND], [A, B], Deed.NOTHING, ()),  # and is told of
        (known(A, B), there(A, B), [A, NEW], Deed.UPDATE, (1,)),
        (known(A, B), [there(A)[0], HAND], [A, NEW], Deed.ASK, ()),
        (known(A, B), there(A, B), [B, A], Deed.RENEW, ()),
        (known(A, B), there(A, B), [A, B, C], Deed.RENEW, ()),
        (known(A, B), there(A), [A, B], Deed.ASK, ()),
        (known(A, B), there(A, B, C), [A, B], Deed.ASK, ()),
        # A call of draft/update whose reply is lost: not done, done, and touched by hand since.
        (plan.pending(known(A, B), 1, NEW), there(A, B), [A, NEW], Deed.UPDATE, (1,)),
        (plan.pending(known(A, B), 1, NEW), there(A, NEW), [A, NEW], Deed.UPDATE, (1,)),
        (
            plan.pending(known(A, B), 1, NEW),
            [there(A)[0], dict(HAND) | {"content_source_url": ""}],
            [A, NEW],
            Deed.ASK,
            (),
        ),
    ],
)
def test_what_the_draft_needs(entries, got, wanted, deed, places):
    decision = plan.decide(entries, got, wanted)
    assert (decision.deed, decision.places) == (deed, places)
    assert bool(decision.sentences) == (deed in (Deed.ASK, Deed.SPOILT))
    if deed is Deed.ASK:
        overwritten = plan.decide(plan.overwritable(decision.entries), got, wanted)
        assert overwritten.deed in (Deed.UPDATE, Deed.RENEW)
        asked = plan.decide(plan.left_alone(decision.entries), got, wanted)
        assert asked.deed is Deed.ASK


def test_what_was_spoilt_is_written_again():
    decision = plan.decide(plan.first_entries([A, B]), [there(A)[0], HAND], [A, B])
    assert decision.sentences == ("第2篇《题2》：“一。”改成了“手改的。”。",)
    once_more = plan.decide(decision.entries, [there(A)[0], HAND], [A, B])
    assert (once_more.deed, once_more.places) == (Deed.UPDATE, (1,))


def test_changes_by_hand_are_told_whoever_wants_what():
    told = plan.changes_by_hand(known(A, B), [there(A)[0], HAND])
    assert told == ["第2篇《题2》：“一。”改成了“手改的。”。"]
    assert plan.changes_by_hand(known(A, B), there(A)) == ["草稿里原来有2篇，现在有1篇。"]


def test_our_own_draft_is_known_again():
    assert plan.is_ours(there(A, B), [A, B])
    assert not plan.is_ours(there(B, A), [A, B]) and not plan.is_ours(there(A), [A, B])
    assert not plan.is_ours(there(A, B), [A, NEW])
    plain = [{k: v for k, v in each.items() if k != "content"} for each in there(A, B)]
    bare = [each | {"content_source_url": ADDRESS} for each in plain]
    assert plan.is_ours(plain, [A, B]) and not plan.is_ours(bare, [A, B])
    assert plan.is_of_push(plain, 1) and not plan.is_of_push(plain, 11)
    assert not plan.is_of_push(bare, 1)


def test_entries_are_kept_as_json():
    entry = replace(known(A)[0], pending="x", seen=HAND)
    assert Entry(**entry.as_json()) == entry
