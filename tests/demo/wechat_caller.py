"""A client of the stand-in in the smallest words, for the tests of the stand-in itself."""

import json
from typing import Any

import requests

from demo.fake_wechat import FakeWeChat

JPG = b"\xff\xd8\xff\xe0" + b"0" * 100


class Caller:
    """What a client does, in the smallest words."""

    def __init__(self, server: FakeWeChat) -> None:
        self.server, self.state = server, server.state
        self.account = {
            "grant_type": "client_credential",
            "appid": server.state.settings.appid,
            "secret": server.state.settings.secret,
        }
        self.token = self.stable()["access_token"]

    def stable(self, **more: Any) -> dict:
        body = {**self.account, **more}
        return self.raw("/cgi-bin/stable_token", json.dumps(body).encode()).json()

    def raw(self, path: str, body: Any, **more: Any) -> requests.Response:
        return requests.post(self.server.base + path, data=body, timeout=5, **more)

    def __call__(self, path: str, data: Any = None, **query: str) -> dict:
        body = json.dumps(data or {}, ensure_ascii=False).encode()
        return self.raw(path, body, params={"access_token": self.token, **query}).json()

    def upload(self, path: str, data: bytes, **query: str) -> requests.Response:
        return requests.post(
            self.server.base + path,
            params={"access_token": self.token, **query},
            files={"media": ("图.png", data)},
            timeout=5,
        )

    def cover(self) -> str:
        return self.upload("/cgi-bin/material/add_material", JPG, type="image").json()["media_id"]

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(self.server.base + path, params=query, timeout=5)

    def act(self, action: str, **data: Any) -> dict:
        """Order something at the control address."""
        return requests.post(f"{self.server.base}/_control/{action}", json=data, timeout=5).json()

    def sendall(self, media_id: str, name: str = "push-1") -> dict:
        data = {
            "filter": {"is_to_all": True},
            "mpnews": {"media_id": media_id},
            "msgtype": "mpnews",
            "send_ignore_reprint": 0,
            "clientmsgid": name,
        }
        return self("/cgi-bin/message/mass/sendall", data)

    def news(self, **more: Any) -> dict:
        if "thumb_media_id" not in more:
            more["thumb_media_id"] = self.cover()
        return {"title": "荷塘", "content": "<p>正文</p>", **more}

    def draft(self, *articles: dict) -> str:
        answer = self("/cgi-bin/draft/add", {"articles": list(articles) or [self.news()]})
        return answer["media_id"]
