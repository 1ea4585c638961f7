"""What WeChat's messages say, in the shapes that were seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.wechat.callback.messages import Event, NoMessage, read_envelope, read_event

# As in WeChat's document, the addresses shortened.
MASS = """<xml><ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName>
<FromUserName><![CDATA[oV5CrjpxgaGXNHIQigzNlgLTnwic]]></FromUserName>
<CreateTime>1481013459</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[MASSSENDJOBFINISH]]></Event><MsgID>1000001625</MsgID>
<Status><![CDATA[{status}]]></Status><TotalCount>2</TotalCount><FilterCount>2</FilterCount>
<SentCount>2</SentCount><ErrorCount>0</ErrorCount>
<CopyrightCheckResult><Count>0</Count><ResultList></ResultList><CheckState>0</CheckState>
</CopyrightCheckResult>{urls}</xml>"""
TWO = """<ArticleUrlResult><Count>2</Count><ResultList>
<item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[http://mp.weixin.qq.com/s/a]]></ArticleUrl></item>
<item><ArticleIdx>2</ArticleIdx><ArticleUrl><![CDATA[http://mp.weixin.qq.com/s/b]]></ArticleUrl></item>
</ResultList></ArticleUrlResult>"""
PUBLISHED = """<xml><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1481013459</CreateTime>
<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[PUBLISHJOBFINISH]]></Event>
<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>{status}</publish_status>
{more}</PublishEventInfo></xml>"""
DETAIL = """<article_id><![CDATA[b5O2]]></article_id><article_detail><count>1</count>
<item><idx>1</idx><article_url><![CDATA[http://mp.weixin.qq.com/s/a]]></article_url></item>
</article_detail>"""


def mass(status: str = "send success", urls: str = "") -> Event:
    return read_event(MASS.format(status=status, urls=urls).encode())


def test_a_sending_that_ended() -> None:
    event = mass(urls=TWO)
    assert (event.name, event.job, event.status) == (
        "MASSSENDJOBFINISH",
        "1000001625",
        "send success",
    )
    assert (event.key, event.created) == ("MASSSENDJOBFINISH:1000001625", 1481013459)
    assert event.urls == {1: "http://mp.weixin.qq.com/s/a", 2: "http://mp.weixin.qq.com/s/b"}


@pytest.mark.parametrize(
    "urls",
    [
        "",
        "<ArticleUrlResult></ArticleUrlResult>",
        "<ArticleUrlResult>\n  \n</ArticleUrlResult>",
        "<ArticleUrlResult><Count>0</Count><ResultList>\n</ResultList></ArticleUrlResult>",
        "<ArticleUrlResult><Count>1</Count><ResultList><item> </item></ResultList>"
        "</ArticleUrlResult>",
        "<ArticleUrlResult><ResultList><item><ArticleIdx>x</ArticleIdx><ArticleUrl>u</ArticleUrl>"
        "</item></ResultList></ArticleUrlResult>",
        "<ArticleUrlResult><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl> </ArticleUrl>"
        "</item></ResultList></ArticleUrlResult>",
    ],
)
def test_a_list_of_addresses_may_say_nothing(urls: str) -> None:
    assert mass(urls=urls).urls == {}


def test_a_publication_that_ended() -> None:
    event = read_event(PUBLISHED.format(status="0", more=DETAIL).encode())
    assert (event.key, event.status) == ("PUBLISHJOBFINISH:2247503051", "0")
    assert event.urls == {1: "http://mp.weixin.qq.com/s/a"}
    failed = PUBLISHED.format(status="2", more="<fail_idx>1</fail_idx><fail_idx>2</fail_idx>")
    assert (read_event(failed.encode()).status, read_event(failed.encode()).urls) == ("2", {})


def test_without_a_number_sender_and_second_make_an_event_one() -> None:
    text = MASS.format(status="x", urls="").replace("<MsgID>1000001625</MsgID>", "")
    wanted = "MASSSENDJOBFINISH:oV5CrjpxgaGXNHIQigzNlgLTnwic 1481013459"
    assert read_event(text.encode()).key == wanted
    text = text.replace("oV5", "x" * 500)
    assert len(read_event(text.encode()).key) == 160


@pytest.mark.parametrize(
    ("kind", "event"), [("text", ""), ("event", "subscribe"), ("event", "CLICK"), ("", "")]
)
def test_what_readers_do_does_not_concern_us(kind: str, event: str) -> None:
    text = f"<xml><MsgType>{kind}</MsgType><Event>{event}</Event><Content>私信</Content></xml>"
    assert read_event(text.encode()) is None


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"{}",
        b"<xml>",
        b"\xff\xfe",
        b'<?xml version="1.0" encoding="nonsense"?><xml/>',
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
    ],
)
def test_what_is_no_message(xml: bytes) -> None:
    with pytest.raises(NoMessage):
        read_event(xml)
    with pytest.raises(NoMessage):
        read_envelope(xml)


def test_an_envelope_needs_something_encrypted() -> None:
    assert read_envelope(b"<xml><Encrypt> abc= </Encrypt></xml>") == "abc="
    with pytest.raises(NoMessage):
        read_envelope(b"<xml><Content>open</Content></xml>")


@given(st.binary(max_size=120))
def test_garbage_is_no_message(data: bytes) -> None:
    with pytest.raises(NoMessage):
        read_envelope(data)
