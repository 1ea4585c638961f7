"""The stand-in's own pages, its control address and its life as a process."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from articles.importing.wechat_page import PageRefused, read_page
from demo import fake_wechat
from demo.fake_wechat import FakeWeChat
from demo.fake_wechat.__main__ import start
from tests.demo.wechat_caller import JPG, Caller

ROOT = Path(fake_wechat.__file__).parents[2]


def press(call: Caller, action: str, page: str = "/", **fields: str) -> requests.Response:
    """What a browser does with a button."""
    base = call.server.base
    headers = {"Origin": base, "Referer": base + page}
    return requests.post(f"{base}/_page/{action}", data=fields, headers=headers, timeout=5)


def test_a_person_sends_a_draft(call: Caller) -> None:
    assert "草稿箱是空的" in call.get("/").text
    media_id = call.draft(
        call.news(title="荷<塘>", pic_crop_235_1="0.1_0_0.9_0.5"), call.news(title="第二条")
    )
    page = call.get("/").text
    assert "模拟，非微信官方" in page
    assert "荷&lt;塘&gt;" in page
    assert "第二条" in page
    assert "width:125.0000%;height:200.0000%;left:-12.5000%;top:-0.0000%" in page
    press(call, "retitle", f"/draft/{media_id}", media_id=media_id, index="1", title="手改的")
    assert call("/cgi-bin/draft/get", {"media_id": media_id})["news_item"][1]["title"] == "手改的"
    assert "手改的" in call.get(f"/draft/{media_id}").text
    assert "已群发" in press(call, "send", media_id=media_id).text
    assert call("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007
    (sent,) = call.state.sent
    assert sent.by == "person"
    published = call.get("/published").text
    assert sent.urls[0].replace("&", "&amp;") in published
    assert str(sent.msg_data_id) in published
    refused = press(call, "send", media_id=call.draft()).text
    assert "今天的群发次数已经用完" in refused
    assert "404" not in refused


def test_a_text_is_shown_with_its_own_pictures(call: Caller) -> None:
    url = call.upload("/cgi-bin/media/uploadimg", JPG).json()["url"]
    media_id = call.draft(call.news(content=f'<p>甲</p><img src="{url}"/>'))
    answer = call.get(f"/text/{media_id}/0")
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    (source,) = re.findall(r'<img src="([^"]+)"', answer.text)
    picture = call.get(source.partition("?")[0])
    assert (picture.content, picture.headers["Content-Type"]) == (JPG, "image/jpeg")
    assert "sandbox" in call.get(f"/draft/{media_id}").text
    assert "mmbiz.qpic.cn" not in answer.text


def test_an_article_has_the_shape_of_wechats_pages(call: Caller) -> None:
    url = call.upload("/cgi-bin/media/uploadimg", JPG).json()["url"]
    content = f'<p>荷塘里的“荷”</p><img src="{url}"/>'
    draft = call.draft(call.news(title="荷'塘\"", author="李荷", content=content))
    call.sendall(draft)
    (sent,) = call.state.sent
    address = sent.urls[0].replace("http://mp.weixin.qq.com", "")
    page = call.get(address)
    saved = read_page(page.content)
    assert (saved.title, saved.author, saved.account) == ("荷'塘\"", "李荷", "在荷塘（示例）")
    assert saved.url == sent.urls[0].replace("http:", "https:").replace("==", "%3D%3D")
    assert saved.published_at is not None
    assert int(saved.published_at.timestamp()) == int(sent.at)
    assert f'<img data-src="{url}"' in saved.body
    assert 'id="js_content" style="visibility: hidden; opacity: 0;"' in page.text
    call.act("retract", msg_data_id=sent.msg_data_id, number=1)
    with pytest.raises(PageRefused, match="内容已删除"):
        read_page(call.get(address).content)
    assert call.get("/s", mid="1", idx="1").status_code == 404


@pytest.mark.parametrize(
    "path", ["/x", "/draft/none", "/text/none/0", "/mmbiz/none", "/mmbiz/../server.py", "/s"]
)
def test_anything_else_is_missing(call: Caller, path: str) -> None:
    assert call.get(path).status_code == 404


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://example.org"}, {"Host": "example.org"}, {"Origin": "null"}]
)
@pytest.mark.parametrize("path", ["/_page/send", "/_control/reset"])
def test_other_sites_cannot_press_buttons(call: Caller, headers: dict, path: str) -> None:
    media_id = call.draft()
    answer = requests.post(
        call.server.base + path, data={"media_id": media_id}, headers=headers, timeout=5
    )
    assert answer.status_code == 403
    assert media_id in call.state.drafts


def test_a_running_process_takes_orders(call: Caller) -> None:
    assert call.act("script", endpoint="/cgi-bin/draft/batchget", faults=[-1, "drop_before"]) == {
        "left": {"/cgi-bin/draft/batchget": [-1, "drop_before"]}
    }
    assert call("/cgi-bin/draft/batchget")["errcode"] == -1
    assert call.act("calm") == {}
    assert "item" in call("/cgi-bin/draft/batchget")
    assert call.act("clock", set="2026-11-24T08:20")["now"].startswith("2026-11-24T08:20")
    assert call.act("clock", morning=True)["now"].startswith("2026-11-25T08:10")
    assert call.act("settings", sends_a_day=3, event_urls="blank")["settings"]["sends_a_day"] == 3
    call.token = call.stable()["access_token"]
    media_id = call.draft()
    found = call.act("overview")
    assert found["drafts"] == [{"media_id": media_id, "titles": ["荷塘"]}]
    assert found["calls"][-1]["endpoint"] == "/cgi-bin/draft/add"
    assert call.token not in json.dumps(found)
    call.act("forget_tokens")
    assert call("/cgi-bin/draft/batchget")["errcode"] == 40001
    call.act("reset")
    assert call.state.drafts == {}


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("script", {"endpoint": "*", "faults": ["explode"]}),
        ("settings", {"appid": "wx1"}),
        ("settings", {"callback_url": "http://example.org"}),
        ("settings", {"sends_a_day": "many"}),
        ("clock", {"set": "tomorrow"}),
        ("clock", {"hours": "many"}),
        ("retitle", {"media_id": "none", "index": 0, "title": "x"}),
        ("confirm", {"msg_data_id": 1}),
        ("retract", {}),
        ("figures", {"figures": 1}),
        ("unknown", {}),
    ],
)
def test_wrong_orders_are_refused(call: Caller, action: str, data: dict) -> None:
    answer = requests.post(f"{call.server.base}/_control/{action}", json=data, timeout=5)
    assert answer.status_code in (400, 404)


def test_what_was_kept_is_there_after_a_new_start(tmp_path: Path) -> None:
    with FakeWeChat(folder=tmp_path) as server:
        call = Caller(server)
        sent = call.sendall(call.draft(call.news(need_open_comment=1)))
        media_id = call.draft()
        call.act("clock", days=2)
    with FakeWeChat(folder=tmp_path) as server:
        again = Caller(server)
        assert list(server.state.drafts) == [media_id]
        (kept,) = server.state.sent
        assert kept.msg_data_id == sent["msg_data_id"]
        assert kept.comments[0].content
        assert server.clock.time() - kept.at > 2 * 86_400  # the moved clock, too
        upload = server.state.uploads[0]
        assert server.state.read_file(upload.sha256) == JPG
        assert again.draft() != media_id


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"number": 1}'])
def test_what_cannot_be_read_is_put_aside(tmp_path: Path, capsys: Any, kept: str) -> None:
    (tmp_path / "state.json").write_text(kept)
    with start(0, tmp_path) as server:
        assert Caller(server).draft()
    assert (tmp_path / "state.unreadable.json").read_text() == kept
    assert "从空的草稿箱开始" in capsys.readouterr().err


def test_it_runs_by_itself_and_says_when_the_port_is_taken(call: Caller, tmp_path: Path) -> None:
    """Outside Django, as the Procfile starts it."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environment |= {"WECHAT_APPID": "wx1", "WECHAT_SECRET": "s"}
    folder = tmp_path / "wechat"
    with FakeWeChat(folder=folder) as server:
        earlier = Caller(server)
        earlier.act("send", media_id=earlier.draft(earlier.news(need_open_comment=1)))
        media_id, sent = earlier.draft(earlier.news(), earlier.news()), server.state.sent[0]
    command = [sys.executable, "-m", "demo.fake_wechat", "--port"]
    options = {"cwd": ROOT, "env": environment, "text": True}
    taken = subprocess.run(
        [*command, str(call.server.server_port)], capture_output=True, timeout=30, **options
    )
    assert taken.returncode == 1
    assert "无法使用" in taken.stderr
    with subprocess.Popen(
        [*command, "0", "--state", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    ) as process:
        address = process.stdout.readline().strip().partition("：")[2]
        answer = requests.get(
            f"{address}cgi-bin/token",
            params={"grant_type": "client_credential", "appid": "wx1", "secret": "s"},
            timeout=5,
        )
        assert answer.json()["expires_in"] == 7200
        pages = ("", "published", f"draft/{media_id}", f"text/{media_id}/1", "favicon.ico")
        pages += (f"s?mid={sent.msg_data_id}&idx=1", "page.css")
        statuses = [requests.get(address + page, timeout=5).status_code for page in pages]
        assert statuses == [200, 200, 200, 200, 204, 200, 200]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        said = process.stderr.read()
    assert "GET /cgi-bin/token 200" in said
    assert "secret" not in said
    assert json.loads((folder / "state.json").read_text())["tokens"]
