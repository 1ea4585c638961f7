"""A resident who writes and follows messages over HTTP, and takes no cookie."""

import re
import time
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from feedback.models import FeedbackSettings
from feedback.public import tokens

NEW, TRACK = "/feedback/new/", "/feedback/track/"
HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(1)>'{{ 7*7 }}{% load x %}"""


def token(age: float = 60.0, consent: str | None = None) -> str:
    """A form's token as it was handed out ``age`` seconds ago."""
    consent = FeedbackSettings.load().consent if consent is None else consent
    made = tokens.issue(consent)
    return tokens.Token(time.time() - age, made.nonce, made.consent).signed()


def filled(**changes: Any) -> dict[str, Any]:
    """What a resident posts; a field set to None is left out."""
    fields = {
        "token": token(),
        "category": "help",
        "title": "路灯不亮",
        "text": "小区门口的路灯三天没有亮了，老人晚上出门不方便。",
        "consent": "on",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def main(response: HttpResponse) -> str:
    """The HTML of the page's own part."""
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def words(response: HttpResponse) -> str:
    """What is read on the page."""
    return " ".join(unescape(strip_tags(main(response))).split())


def errors(response: HttpResponse) -> list[tuple[str, str]]:
    """The summary: where each error leads, and what it says."""
    if 'role="alert"' not in main(response):
        return []
    summary = main(response).split('role="alert"')[1].split("</div>")[0]
    found = re.findall(r'<li>(?:<a href="#([^"]*)">)?(.*?)(?:</a>)?</li>', summary)
    return [(where, unescape(said)) for where, said in found]


def value(response: HttpResponse, name: str) -> str:
    """What stands in the field ``name``."""
    page = main(response)
    if area := re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.S):
        return unescape(area[1])
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    found = re.search(r' value="([^"]*)"', tag[0]) if tag else None
    return unescape(found[1]) if found else ""


class Resident:
    """One browser at one address on the network."""

    def __init__(self, address: str = "203.0.113.7", **headers: str) -> None:
        self.client = Client(REMOTE_ADDR=address, headers={"Sec-Fetch-Site": "same-origin"})
        self.headers = headers

    def open(self, query: str = "") -> HttpResponse:
        return self.client.get(f"{NEW}{query}")

    def send(self, **changes: Any) -> HttpResponse:
        """Post the filled form."""
        response = self.client.post(NEW, filled(**changes), headers=self.headers or None)
        assert not response.cookies and not self.client.cookies
        return response

    def track(self, number: str, code: str, **more: str) -> HttpResponse:
        response = self.client.post(TRACK, {"number": number, "code": code, **more})
        assert not response.cookies
        return response


def receipt(response: HttpResponse) -> tuple[str, str]:
    """Number and code of the page that thanks."""
    assert response.status_code == 200, words(response)
    number = re.search(r"编号</dt><dd>(\d{8}-\d{4})</dd>", main(response))
    code = re.search(r"查询码</dt><dd>([A-Z0-9-]{14})</dd>", main(response))
    assert number and code, words(response)
    return number[1], code[1]
