"""``manage.py scrape``."""

import json

import pytest
import time_machine
from django.core.management import CommandError, call_command

from rankings.periods import Month
from scrapers import services
from scrapers.models import Run, Trigger

from .conftest import AUGUST, DOUBTFUL, SEPTEMBER_1, fetching, make_source, page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page"),
]


@pytest.fixture(autouse=True)
def first_of_september():
    with time_machine.travel(SEPTEMBER_1, tick=False):
        yield


@pytest.fixture
def found(monkeypatch):
    """Make the command find this content."""

    def find(content) -> None:
        fetch = fetching(content)
        run_source = services.run_source
        monkeypatch.setattr(
            services, "run_source", lambda *args, **kw: run_source(*args, fetch=fetch, **kw)
        )

    return find


def scrape(*arguments: str) -> int:
    """The exit code."""
    try:
        call_command("scrape", *arguments)
    except SystemExit as stop:
        return int(stop.code)
    except CommandError as error:
        return error.returncode
    return 0


@pytest.mark.parametrize(
    ("content", "code", "state"),
    [
        (page(), 0, "recorded"),
        (page(month=Month(2019, 7)), 1, "failed"),
        (page(**DOUBTFUL), 3, "review"),
    ],
)
def test_exit_codes_and_json(source, found, capsys, content, code, state) -> None:
    found(content)
    assert scrape("--source", "institute", "--month", "2019-08", "--json") == code
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert (result["state"], result["source"], result["month"]) == (state, "institute", "2019-08")
    assert len(result["sha256"]) == 64
    assert printed.err.splitlines()[:2] == ["抓取…", "存证…"]


def test_unchanged_is_success_and_names_work_too(source, found, capsys) -> None:
    found(page())
    assert scrape("--source", "示例研究院月榜", "--month", "2019年8月") == 0
    assert scrape("--source", "institute", "--month", "201908") == 0
    assert "无变化" in capsys.readouterr().out
    assert Run.objects.filter(trigger=Trigger.COMMAND).count() == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--source", "nobody", "--month", "2019-08"), "现有来源：institute、second"),
        (("--source", "示例研究院月榜", "--month", "2019-08"), "请改用编号：institute、second"),
        (("--source", "institute", "--month", "八月"), "看不懂"),
        (("--source", "institute", "--month", "2019-13"), "不是有效的月份"),
        (("--source", "institute", "--month", "2019-09"), "还没有结束"),
    ],
)
def test_usage(source, board, arguments, sentence) -> None:
    make_source(board, key="second")
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("scrape", *arguments)
    assert refused.value.returncode == 2
    assert not Run.objects.exists()


def test_missing_arguments_are_usage() -> None:
    with pytest.raises(CommandError):
        call_command("scrape", "--source", "institute")


def test_a_source_that_is_busy(source) -> None:
    services.request_run(None, source, AUGUST, Trigger.BUTTON)
    with pytest.raises(CommandError, match="正在抓取") as refused:
        call_command("scrape", "--source", "institute", "--month", "2019-08")
    assert refused.value.returncode == 2
