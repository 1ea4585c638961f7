"""The import wizard: differences first, nothing written before the confirmation."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from rankings import uploads
from rankings.importing.columns import match
from rankings.importing.reading import open_table
from rankings.models import Account, Board, Observation
from rankings.views import importing
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

UPLOAD = reverse("rankings:import")
HEAD = "榜单,统计期,公众号,名次,总阅读数,核实情况,来源种类,来源\n"
GOOD = HEAD + "县级榜,2019-07,在荷塘,1,10万+,据报道,媒体报道,某日报\n"


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


@pytest.fixture
def board(ours):
    return BoardFactory(key="county", name="县级榜")


@pytest.fixture
def office(client):
    user = UserFactory(roles=["office"])
    client.force_login(user)
    return user


def text_of(response) -> str:
    return response.content.decode()


def upload(client, data: str | bytes, name: str = "a.csv", **fields):
    data = data.encode() if isinstance(data, str) else data
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data), **fields})


def sheet(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def stored() -> list[str]:
    storage = uploads._storage()
    return storage.listdir("")[1] if storage.exists("") else []


# --- step one ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"  \n ", "文件是空的"),
        (b"\xd0\xcf\x11\xe0old", "另存为 .xlsx 或 CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "CSV 或 XLSX"),
        (b"PK\x03\x04broken", "XLSX"),
        ("公众号,名次\n在荷塘,1\n".encode(), "缺少这些列"),
        ("榜单,统计期,公众号,名次,排名\n".encode(), "只留一列"),
    ],
)
def test_what_is_no_table_is_refused_with_one_sentence(client, office, data, sentence) -> None:
    response = upload(client, data)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert stored() == []


def test_a_missing_file_is_told(client, office) -> None:
    response = client.post(UPLOAD, {})
    assert response.status_code == 422
    assert "请选择要导入的文件" in text_of(response)


def test_a_file_over_ten_megabytes_is_refused(client, office) -> None:
    response = upload(client, GOOD.encode() + b" " * (10 * 1024 * 1024))
    assert response.status_code == 422
    assert "文件超过 10 MB" in text_of(response)


def test_the_blank_template_has_headings_the_importer_knows(client, office) -> None:
    response = client.get(reverse("rankings:import_template"))
    columns = match(open_table(response.content))
    assert set(columns.positions) == set(importing.TEMPLATE_COLUMNS)
    assert columns.ignored == []
    assert load_workbook(io.BytesIO(response.content)).active.max_row == 1


# --- step two ----------------------------------------------------------------------------------


def test_differences_are_shown_and_nothing_is_written(client, office, board, ours) -> None:
    ObservationFactory(
        board=board,
        account=ours,
        period="2019-06",
        rank=2,
        status="reported",
        source_kind="media",
        source_name="某日报",
    )
    data = (
        GOOD
        + "县级榜,2019-06,在荷塘,1,,据报道,媒体报道,某日报\n"
        + "县级榜,2019-05,在荷塘,1,,已核实,发布机构,某报社\n"
        + "县级榜,2019-13,在荷塘,零,,,,\n"
        + "县级榜,2019-04,没见过,1,,,,\n"
    )
    response = upload(client, data)
    assert response.status_code == 302
    page = client.get(response.url)
    text = text_of(page)
    plan = page.context["plan"]
    assert (plan.new, plan.changed, plan.unchanged, len(plan.bad)) == (2, 1, 0, 2)
    assert "<del>2</del> → <ins>1</ins>" in text and "需要更正理由" in text
    assert "第 5 行" in text and "名次“零”不是" in text
    assert "没有叫“没见过”的公众号" in text
    assert "其中 1 条标为“已核实”" in text
    assert 'value="confirm"' not in text
    assert Observation.objects.count() == 1
    assert Account.objects.count() == 1


def test_a_board_can_be_chosen_for_a_table_without_one(client, office, board, ours) -> None:
    data = sheet([["统计期", "公众号", "名次"], ["2019-07", "在荷塘", 1]])
    assert upload(client, data, "a.xlsx").status_code == 422
    page = client.get(upload(client, data, "a.xlsx", board=board.pk).url)
    assert page.context["plan"].new == 1
    assert "《县级榜》2019年7月 在荷塘 第1名" in text_of(page)


def test_a_hostile_table_is_escaped(client, office, board) -> None:
    hostile = "<script>alert(1)</script>"
    data = HEAD + f"县级榜,2019-07,{hostile},1,,,,{hostile}\n"
    page = client.get(upload(client, data, f"{hostile}.csv").url)
    assert hostile not in text_of(page)


# --- step three --------------------------------------------------------------------------------


def confirm(client, url, **fields):
    return client.post(url, {"action": "confirm", **fields}, follow=True)


def test_confirming_writes_and_tells_the_result(client, office, board, ours) -> None:
    url = upload(client, GOOD).url
    client.get(url)
    response = confirm(client, url)
    assert response.redirect_chain[-1][0] == reverse("rankings:import_done")
    assert "<strong>1</strong> 条新增" in text_of(response)
    row = Observation.objects.get()
    assert (row.status, row.recorded_by, row.origin) == ("reported", office, "import")
    assert row.figures["reads"]["value"] == 100000
    assert stored() == []
    # Sent once more: the file is gone, nothing is written twice.
    assert "已过期或已处理" in text_of(confirm(client, url))
    assert Observation.objects.count() == 1


def test_confirmed_rows_wait_for_the_second_person(client, office, board, ours) -> None:
    url = upload(client, HEAD + "县级榜,2019-07,在荷塘,1,,已核实,发布机构,某报社\n").url
    client.get(url)
    assert "等另一位同事在“排名 › 待复核”里复核" in text_of(confirm(client, url))
    assert Observation.objects.get().status == "proposed"


def test_the_same_file_twice_changes_nothing(client, office, board, ours) -> None:
    for _ in range(2):
        url = upload(client, GOOD).url
        client.get(url)
        confirm(client, url)
    assert Observation.objects.count() == 1
    assert "不需要导入" in text_of(client.get(upload(client, GOOD).url))


def test_options_are_shown_at_work_before_anything_is_written(client, office, board) -> None:
    data = (
        HEAD + "县级榜,2019-07,新来的,1,,据报道,媒体报道,某日报\n" + "县级榜,2019-99,新来的,1,,,,\n"
    )
    url = upload(client, data).url
    client.get(url)
    # Ticking and confirming at once: the plan was never seen, so it is shown first.
    options = {"create": "on", "skip_bad_rows": "on"}
    response = confirm(client, url, **options)
    assert response.status_code == 409
    assert "差异已经重新计算" in text_of(response)
    assert "新来的" in text_of(response)
    assert not Observation.objects.exists()
    assert "<strong>1</strong> 行跳过" in text_of(confirm(client, url, **options))
    assert Account.objects.get(name="新来的").confirmed
    assert Observation.objects.count() == 1


def test_bad_rows_hold_back_the_whole_table(client, office, board, ours) -> None:
    url = upload(client, GOOD + "县级榜,2019-13,在荷塘,1,,,,\n").url
    client.get(url)
    response = confirm(client, url)
    assert response.status_code == 422
    assert "没有写入任何内容" in text_of(response)
    assert not Observation.objects.exists()


def test_what_changed_meanwhile_is_shown_again(client, office, board, ours) -> None:
    url = upload(client, GOOD).url
    client.get(url)
    ObservationFactory(
        board=board,
        account=ours,
        period="2019-07",
        rank=3,
        status="reported",
        source_kind="media",
        source_name="某日报",
    )
    response = confirm(client, url)
    assert response.status_code == 409
    assert "<del>3</del> → <ins>1</ins>" in text_of(response)
    assert Observation.objects.count() == 1


def test_a_correction_needs_a_reason(client, office, board, ours) -> None:
    ObservationFactory(
        board=board,
        account=ours,
        period="2019-07",
        rank=3,
        status="reported",
        source_kind="media",
        source_name="某日报",
    )
    url = upload(client, GOOD).url
    client.get(url)
    assert confirm(client, url).status_code == 422
    checked = client.post(url, {"action": "check", "reason": "核对原报"})
    assert 'value="confirm"' in text_of(checked)
    confirm(client, url, reason="核对原报")
    assert Observation.objects.get(version=2).reason == "核对原报"


def test_giving_up_forgets_the_file(client, office, board, ours) -> None:
    url = upload(client, GOOD).url
    assert len(stored()) == 1
    response = client.post(url, {"action": "cancel"}, follow=True)
    assert "没有写入任何内容" in text_of(response)
    assert stored() == []


# --- the file between the steps ----------------------------------------------------------------


def test_another_person_cannot_use_the_address(client, office, board, ours) -> None:
    url = upload(client, GOOD).url
    client.force_login(UserFactory(roles=["office"]))
    assert "已过期或已处理" in text_of(client.get(url, follow=True))
    confirm(client, url)
    assert not Observation.objects.exists()


def test_a_file_changed_on_the_server_is_refused(client, office, board, ours) -> None:
    url = upload(client, GOOD).url
    client.get(url)
    storage = uploads._storage()
    [name] = stored()
    storage.delete(name)
    storage.save(name, SimpleUploadedFile(name, GOOD.replace(",1,", ",2,").encode()))
    response = confirm(client, url)
    assert "与预览时不一致" in text_of(response)
    assert not Observation.objects.exists()


def test_a_file_that_is_gone_is_told(client, office, board, ours) -> None:
    url = upload(client, GOOD).url
    [name] = stored()
    uploads._storage().delete(name)
    assert "请重新上传" in text_of(client.get(url, follow=True))


def test_old_uploads_are_cleared_away(client, office, board, ours) -> None:
    upload(client, GOOD)
    [old] = stored()
    with time_machine.travel("2099-01-01"):
        uploads.keep(b"new")
    assert old not in stored()


def test_only_the_last_five_uploads_of_a_person_wait(client, office, board, ours) -> None:
    first = upload(client, GOOD).url
    for _ in range(5):
        upload(client, GOOD)
    assert len(stored()) == 5
    assert client.get(first).status_code == 302


@pytest.mark.parametrize("token", ["x", "../../etc/passwd", "0" * 31, "Z" * 32])
def test_a_token_is_never_a_path(token) -> None:
    with pytest.raises(uploads.UploadGone):
        uploads.read(uploads.Upload(token, ""))


def test_uploads_are_private(client, office, board, ours, settings) -> None:
    upload(client, GOOD)
    [name] = stored()
    path = uploads._storage().path(name)
    assert not path.startswith(str(settings.MEDIA_ROOT))
    assert settings.VAR_DIR.joinpath("imports", name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("role", ["editor", "publisher", "auditor"])
def test_only_importers_upload(client, role) -> None:
    client.force_login(UserFactory(roles=[role]))
    response = upload(client, GOOD)
    assert response.status_code == 302 and response.url == reverse("wagtailadmin_home")
    assert stored() == []


def test_an_administrator_imports_too(client, board, ours) -> None:
    client.force_login(UserFactory(roles=["administrator"]))
    url = upload(client, GOOD).url
    client.get(url)
    confirm(client, url)
    assert Observation.objects.count() == 1


def test_new_boards_are_made_only_when_asked(client, office, ours) -> None:
    url = upload(client, GOOD).url
    assert "没有叫“县级榜”的榜单" in text_of(client.get(url))
    client.post(url, {"action": "check", "create": "on"})
    confirm(client, url, create="on")
    assert Board.objects.get().name == "县级榜"


@pytest.fixture(autouse=True)
def _no_uploads_left():
    for name in stored():
        uploads._storage().delete(name)
