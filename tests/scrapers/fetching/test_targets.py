"""Which addresses are asked for at all."""

import pytest
from django.core.exceptions import ValidationError

from scrapers.fetch_errors import AddressRefused
from scrapers.fetching import check_address, is_public
from scrapers.fetching.targets import check_target, origin_of, secure_twin
from scrapers.models import Source


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://127.0.0.1/x", "不是 http"),
        ("file:///etc/passwd", "不是 http"),
        ("javascript:alert(1)", "不是 http"),
        ("榜单", "不是 http"),
        ("http://", "不是 http"),
        ("http://[::1/x", "写法有误"),
        ("http://user:secret@www.example.gov.cn/", "用户名或密码"),
        ("http://other.example.gov.cn/", "允许名单"),
        ("http://www.example.gov.cn.evil.example/", "允许名单"),
        ("http://www.example.gov.cn:6379/", "允许名单"),
        ("http://evil.example\\@www.example.gov.cn/", "允许名单|写法有误"),
        ("http://www.example.gov.cn/" + "a" * 2000, "超过 2000"),
    ],
)
def test_addresses_refused_without_a_look_up(url: str, sentence: str) -> None:
    with pytest.raises(AddressRefused, match=sentence):
        check_address(url, ["www.example.gov.cn"])


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://www.example.gov.cn/a?b=c", "www.example.gov.cn"),
        ("https://WWW.example.gov.cn:443/", "www.example.gov.cn"),
        ("https://www.example.gov.cn:8443/", "www.example.gov.cn:8443"),
        ("http://127.0.0.1:9999/", "127.0.0.1"),
        ("https://榜单.中国/a", "榜单.中国"),
        ("https://榜单.中国:8443/a", "榜单.中国:8443"),
        ("https://xn--4kr513c.xn--fiqs8s/a", "榜单.中国"),
    ],
)
def test_allowed_addresses(url: str, allowed: str) -> None:
    check_address(url, [allowed])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
    ],
)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2400:3200::1", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


WECHAT = "https://mp.weixin.qq.com/s?__biz=MzA3&mid=265&idx=1&sn=a1b2"


@pytest.mark.parametrize(
    "extra",
    [
        "&key=7f3a&uin=MTIz",
        "&pass_ticket=Zk9%2B",
        "&PASS_TICKET=x",
        "&amp;pass_ticket=x",
        "&appmsg_token=1069_abc",
        "&wxtoken=777",
        "&exportkey=n_Ch",
        "&devicetype=Windows+10&version=62080079",
        "&pass%5Fticket=x",
    ],
)
def test_tickets_of_a_wechat_client_are_refused(extra: str) -> None:
    for check in (check_address, check_target):
        with pytest.raises(AddressRefused, match=r"个人票据.*复制链接"):
            check(WECHAT + extra, ["mp.weixin.qq.com"])


@pytest.mark.parametrize(
    "url",
    [
        WECHAT,
        WECHAT + "&chksm=84&scene=27#wechat_redirect",
        WECHAT + "&key=&uin=&pass_ticket=",
        "https://mp.weixin.qq.com/s/AbCdEf",
    ],
)
def test_the_plain_link_of_an_article_is_no_ticket(url: str) -> None:
    check_address(url, ["mp.weixin.qq.com"])


def test_the_author_of_a_source_is_told_at_once() -> None:
    source = Source(address=WECHAT + "&pass_ticket=x", allowed_hosts="mp.weixin.qq.com")
    with pytest.raises(ValidationError, match="个人票据"):
        source.clean()


def test_key_is_a_plain_word_elsewhere() -> None:
    check_address("https://www.example.gov.cn/s?key=8&ticket=a", ["www.example.gov.cn"])


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.gov.cn/a;jsessionid=9F2C?x=1",
        "https://www.example.gov.cn/a?PHPSESSID=9f2c",
        "https://www.example.gov.cn/a?sessionid=9f2c",
    ],
)
def test_a_session_is_refused_where_a_person_wrote_it(url: str) -> None:
    with pytest.raises(AddressRefused, match="会话编号"):
        check_address(url, ["www.example.gov.cn"])
    # A server without cookies may begin one of its own as it leads on.
    check_target(url, ["www.example.gov.cn"])


def test_a_sentence_about_an_address_can_be_stored() -> None:
    with pytest.raises(AddressRefused) as refused:
        check_target("gopher://x/\x00\x1b[31m" + "a" * 1500, [])
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://A.example/x", "http://a.example:80"),
        ("https://a.example/x?y", "https://a.example:443"),
        ("http://a.example:8080/", "http://a.example:8080"),
        ("http://[::1]/", "http://[::1]:80"),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("url", "allowed", "twin"),
    [
        ("http://a.example/x?y#z", "a.example", "https://a.example/x?y#z"),
        ("http://a.example/x", "a.example:443", "https://a.example/x"),
        ("http://a.example/x", "a.example:80", None),
        ("http://a.example:80/x", "a.example", None),
        ("http://a.example:8080/x", "a.example:8080", None),
        ("https://a.example/x", "a.example", None),
    ],
)
def test_https_twins(url: str, allowed: str, twin: str | None) -> None:
    assert secure_twin(url, [allowed]) == twin
