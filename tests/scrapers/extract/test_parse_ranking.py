"""The command: JSON alone, exit codes, no database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scrapers.management.commands import parse_ranking
from tests.scrapers.extract.pages import FOLDER

ROOT = Path(__file__).parents[3]
PAGE = FOLDER / "12-county-120-two-columns.html"
OPTIONS = {
    "url": "http://www.xzlm.example/news/list.asp?newsid=926",
    "content_type": "text/html",
    "fetched_at": "2019-04-10T10:10:10+08:00",
}


def arguments(page: Path) -> list[str]:
    return [
        str(page),
        f"--url={OPTIONS['url']}",
        f"--content-type={OPTIONS['content_type']}",
        f"--fetched-at={OPTIONS['fetched_at']}",
    ]


def test_prints_json_alone_without_a_database(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "DATABASE_URL": f"sqlite:///{tmp_path}/none/there.sqlite3",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "parse_ranking", *arguments(PAGE)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert (answer["verdict"], len(answer["boards"][0]["rows"])) == ("ok", 120)
    assert "掌上浏阳".encode() in done.stdout


def test_explain_tells_the_place_of_every_cell(capsys):
    call_command("parse_ranking", *arguments(PAGE), "--explain")
    row = json.loads(capsys.readouterr().out)["boards"][0]["rows"][0]
    assert {"rank", "account", "reads", "index"} <= row["places"].keys()


def test_a_refused_page_is_the_verdict_failed(tmp_path, capsys, monkeypatch):
    deep = tmp_path / "deep.html"
    deep.write_text("<div>" * 10000, encoding="utf-8")
    call_command("parse_ranking", *arguments(deep))
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["flags"]) == ("failed", ["page_failed"])
    assert "拒绝解析" in answer["note"]
    monkeypatch.setattr(parse_ranking, "_MAX_BYTES", 10)
    call_command("parse_ranking", *arguments(PAGE))
    assert json.loads(capsys.readouterr().out)["verdict"] == "failed"


def test_an_unreadable_file_is_wrong_usage(tmp_path):
    with pytest.raises(CommandError, match="读不了文件") as caught:
        call_command("parse_ranking", *arguments(tmp_path / "none.html"))
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    "wrong", [["page.html"], ["page.html", "--url=u", "--content-type=c", "--fetched-at=gestern"]]
)
def test_missing_or_wrong_options_are_wrong_usage(wrong):
    command = [sys.executable, "manage.py", "parse_ranking", *wrong]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
