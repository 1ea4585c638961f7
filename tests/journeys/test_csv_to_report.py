"""A story told over HTTP: a CSV of past months → preview → confirm → second person → report."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from rankings.models import Observation
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

HEAD = "榜单,统计期,公众号,名次,并列,状态,核实情况,来源种类,来源\n"
MONTHS = [f"2018-{month:02d}" for month in range(1, 13)]


def csv() -> bytes:
    """A year: March not issued, July shared; in the encoding of a Chinese desktop."""
    lines = []
    for month in MONTHS:
        if month == "2018-03":
            lines.append(f"县级榜,{month},,,,未发布,已核实,发布机构,某报社")
            continue
        tied = "是" if month == "2018-07" else ""
        lines.append(f"县级榜,{month},在荷塘,1,{tied},,已核实,发布机构,某报社")
        if tied:
            lines.append(f"县级榜,{month},掌上攸县,1,是,,已核实,发布机构,某报社")
    return (HEAD + "\n".join(lines) + "\n").encode("gb18030")


def person() -> Client:
    client = Client()
    client.force_login(UserFactory(roles=["office"]))
    return client


def report(client: Client) -> str:
    keys = Observation.objects.filter(account__name="在荷塘").values_list(
        "board__key", "account__key"
    )[0]
    url = reverse("rankings:overview")
    return client.get(url, dict(zip(("board", "account"), keys, strict=True))).content.decode()


def test_a_year_of_past_months(capsys):
    typist, checker = person(), person()
    upload = typist.post(
        reverse("rankings:import"), {"file": SimpleUploadedFile("2018.csv", csv())}
    )
    preview = typist.get(upload["Location"])
    assert len(preview.context["plan"].bad) == 13  # board and accounts are unknown
    assert not Observation.objects.exists()

    options = {"create": "on", "reason": ""}
    typist.post(upload["Location"], {**options, "action": "check"})
    done = typist.post(upload["Location"], {**options, "action": "confirm"}, follow=True)
    assert done.status_code == 200
    assert Observation.objects.count() == 13
    # Nothing counts on one person's word.
    assert set(Observation.objects.values_list("status", flat=True)) == {"proposed"}
    assert "暂无" in report(typist) or "没有" in report(typist)

    rows = list(Observation.objects.values_list("pk", flat=True))
    own = typist.post(reverse("rankings:review"), {"row": rows}, follow=True)
    assert "您自己录入" in " ".join(str(message) for message in own.context["messages"])
    checker.post(reverse("rankings:review"), {"row": rows})
    assert set(Observation.objects.values_list("status", flat=True)) == {"confirmed"}

    html = report(checker)
    assert "2018年1月至2018年12月" in html and "连续11个月" in html
    assert "其中并列1个月" in html

    call_command("streaks", board="县级榜", account="在荷塘")
    printed = capsys.readouterr().out
    assert "11 个月（2018-01 至 2018-12）" in printed

    keys = Observation.objects.filter(account__name="在荷塘").values_list(
        "board__key", "account__key"
    )[0]
    sheet = checker.get(
        reverse("rankings:overview"), {"board": keys[0], "account": keys[1], "export": "xlsx"}
    )
    workbook = load_workbook(io.BytesIO(sheet.getvalue()))
    cells = [str(c.value) for ws in workbook for row in ws.iter_rows() for c in row if c.value]
    assert any("2018" in cell for cell in cells) and any("停发" in cell for cell in cells)
