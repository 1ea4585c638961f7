"""The evidence bundle: what is in it, and that its own script finds every change."""

import ast
import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rankings.claims import bundle, bundle_verifier
from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting
from rankings.services import RankingError, correct_observation
from rankings.services import claims as services
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 22, 4, 0, tzinfo=dt.UTC)
PAGE = "<html><script>alert(1)</script><table>榜单</table></html>".encode()
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def office(person):
    return person("甲", "make_claim", "record_observation", "view_report")


@pytest.fixture
def second(person):
    return person("乙", "make_claim", "approve_claim")


def keep(data):
    return evidence.store(
        data, kind=Sighting.Kind.PAGE, fetched_at=NOON, url="https://example.org/"
    ).capture


@pytest.fixture
def proposed(office):
    board = BoardFactory(key="county", name="影响力榜", publisher="某社")
    account = AccountFactory(key="zaihetang", name=HOSTILE)
    for month, data in (("2019-01", PAGE), ("2019-02", PNG), ("2019-03", b"plain,text\n")):
        ObservationFactory(
            board=board,
            account=account,
            period=month,
            capture=keep(data),
            recorded_by=office,
            source_url="javascript:alert(1)" if month == "2019-02" else "https://example.org/1",
        )
    ObservationFactory(board=board, account=account, period="2019-04", recorded_by=office)
    return services.make_claim(office, board, account)


@pytest.fixture
def claim(proposed, second):
    return services.approve_claim(second, proposed)


@pytest.fixture
def zipped(claim, office, tmp_path):
    path = tmp_path / "bundle.zip"
    with path.open("wb") as file:
        services.export_bundle(office, claim, file)
    return path


@pytest.fixture
def folder(zipped, tmp_path):
    target = tmp_path / "unpacked"
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(target)
    return target


def run(script, *arguments, cwd=None):
    """The script with nothing but the standard library; answers (code, text)."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={"LANG": "C.UTF-8"},
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def names_in(path):
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def rewrite(folder, name, change):
    """Change a JSON file and put the manifest right, as somebody with time would."""
    path = folder / name
    value = json.loads(path.read_text())
    change(value)
    path.write_bytes(bundle.canonical(value))
    refresh(folder, name)


def refresh(folder, name):
    manifest = json.loads((folder / "manifest.json").read_text())
    sha256, size = bundle_verifier.sha256_and_size(bundle_verifier.Folder(folder), name)
    for entry in manifest["files"]:
        if entry["path"] == name:
            entry.update(sha256=sha256, size=size)
    (folder / "manifest.json").write_text(json.dumps(manifest))


# --- what is in it ------------------------------------------------------------------------------


def test_files_and_their_harmless_names(zipped):
    names = names_in(zipped)
    assert {"index.html", "claim.json", "manifest.json", "verify.py", "README.txt"} <= set(names)
    endings = sorted(name.partition(".")[2] for name in names if name.startswith("captures/"))
    assert endings == ["html.txt", "png", "txt"]


def test_the_same_claim_makes_the_same_bytes(claim):
    one, two = io.BytesIO(), io.BytesIO()
    bundle.write(claim, one)
    bundle.write(claim, two)
    assert one.getvalue() == two.getvalue()


def test_the_page_escapes_everything_and_asks_nobody(folder):
    page = (folder / "index.html").read_text()
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "javascript:" not in page
    assert 'href="http' not in page
    assert "<script" not in page
    assert "src=" not in page
    assert 'href="captures/' in page


def test_names_of_staff_stay_in_the_office_but_for_the_approver(folder):
    claim = json.loads((folder / "claim.json").read_text())
    assert claim["approved_by"] == "乙"
    assert "people" not in claim["document"]
    for name in ("claim.json", "index.html", "README.txt"):
        assert "甲" not in (folder / name).read_text()


def test_only_what_was_approved_leaves_the_office(proposed, office):
    with pytest.raises(RankingError, match="还没有批准"):
        services.export_bundle(office, proposed, io.BytesIO())
    services.withdraw_claim(office, proposed, "不用了")
    assert not bundle.may_be_exported(proposed)


def test_a_withdrawn_claim_still_shows_its_approver_and_its_state(claim, office, tmp_path):
    withdrawn = services.withdraw_claim(office, claim, "有误", "名次有更正")
    path = tmp_path / "w.zip"
    with path.open("wb") as file:
        bundle.write(withdrawn, file)
    with zipfile.ZipFile(path) as archive:
        form = json.loads(archive.read("claim.json"))
        page = archive.read("index.html").decode()
    assert (form["status"], form["approved_by"]) == ("withdrawn", "乙")
    assert "已撤回：名次有更正。" in page


def test_missing_evidence_makes_no_bundle(claim, office):
    capture = claim.observations.exclude(capture=None).first().capture
    Path(evidence.storage().path(capture.path)).unlink()
    with pytest.raises(RankingError, match="证据不完整"):
        services.export_bundle(office, claim, io.BytesIO())


def test_an_example_is_marked_everywhere(person, second, tmp_path):
    office = person("丁", "make_claim", "view_report")
    board = BoardFactory(name="演示榜", is_example=True)
    account = AccountFactory()
    ObservationFactory(board=board, account=account)
    claim = services.approve_claim(second, services.make_claim(office, board, account))
    path = tmp_path / "e.zip"
    with path.open("wb") as file:
        bundle.write(claim, file)
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("claim.json"))["document"]["is_example"] is True
        for name in ("index.html", "README.txt"):
            assert "示例" in archive.read(name).decode()
        archive.extract("verify.py", tmp_path)
    code, text = run(tmp_path / "verify.py", path)
    assert (code, "不得引用" in text) == (0, True)


# --- the script ---------------------------------------------------------------------------------


def test_a_sound_bundle_passes_unpacked_and_zipped(folder, zipped, claim, tmp_path):
    code, text = run(folder / "verify.py")
    assert code == 0, text
    assert "核验通过" in text
    assert claim.frozen_sha256 in text
    assert "其中 1 个月只有记录，没有存证文件：2019-04" in text
    assert run(folder / "verify.py", zipped, cwd=tmp_path) == (code, text)
    assert run(folder / "verify.py", folder) == (code, text)


def test_a_reported_claim_passes_without_being_called_proved(folder):
    def reported(value):
        value["document"]["proof"] = "reported"
        rehash(value)

    rewrite(folder, "claim.json", reported)
    code, text = run(folder / "verify.py")
    assert code == 0, text
    assert "这一结论仅有报道，没有逐月核实" in text


def test_it_runs_on_old_pythons():
    source = Path(bundle_verifier.__file__).read_text()
    tree = ast.parse(source, feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    imported = {alias.name for node in imports for alias in node.names}
    assert imported <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def capture_in(folder):
    return sorted((folder / "captures").iterdir())[0]


def flip(folder):
    path = capture_in(folder)
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)


def flip_and_list(folder):
    flip(folder)
    refresh(folder, f"captures/{capture_in(folder).name}")


def lose(folder):
    capture_in(folder).unlink()


def lose_and_unlist(folder):
    name = f"captures/{capture_in(folder).name}"
    capture_in(folder).unlink()

    def unlist(manifest):
        manifest["files"] = [each for each in manifest["files"] if each["path"] != name]

    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    unlist(manifest)
    path.write_text(json.dumps(manifest))


def smuggle(folder):
    (folder / "captures" / "extra.png").write_bytes(b"x")


def edit_claim(folder):
    path = folder / "claim.json"
    path.write_bytes(path.read_bytes().replace(b'"length":4', b'"length":9'))


def edit_claim_and_list(folder):
    rewrite(folder, "claim.json", lambda value: value["document"].update(length=9))


def rewrite_state(value):
    value["document"]["months"][1]["state"] = "?"
    rehash(value)


def drop_month(value):
    del value["document"]["months"][1]
    rehash(value)


def longer(value):
    value["document"]["length"] = 5
    rehash(value)


def other_sentence(value):
    value["document"]["sentence"] = value["document"]["sentence"].replace("4个月", "24个月")
    rehash(value)


def unsupported(value):
    value["document"]["statements"][0]["status"] = "reported"
    rehash(value)


def foreign(value):
    value["document"]["statements"][0]["account"] = "other"
    rehash(value)


def rehash(value):
    value["frozen_sha256"] = hashlib.sha256(bundle.canonical(value["document"])).hexdigest()


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (flip, "文件内容与清单不符：captures/"),
        (flip_and_list, "内容与文件名中的哈希值不符"),
        (lose, "缺少文件：captures/"),
        (lose_and_unlist, "缺少存证"),
        (smuggle, "多出清单以外的文件：captures/extra.png"),
        (edit_claim, "文件内容与清单不符：claim.json"),
        (edit_claim_and_list, "证明材料与它的哈希值不符"),
        (lambda folder: rewrite(folder, "claim.json", rewrite_state), "有月份没有核实"),
        (lambda folder: rewrite(folder, "claim.json", drop_month), "逐月相连"),
        (lambda folder: rewrite(folder, "claim.json", longer), "逐月数出 4 个月，结论写 5 个月"),
        (lambda folder: rewrite(folder, "claim.json", other_sentence), "月数与证明材料不符"),
        (lambda folder: rewrite(folder, "claim.json", unsupported), "没有已核实的名次记录"),
        (lambda folder: rewrite(folder, "claim.json", foreign), "没有已核实的名次记录"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json 读不出来"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "格式不对"),
        (lambda folder: (folder / "claim.json").unlink(), "claim.json 读不出来"),
    ],
)
def test_whatever_is_tampered_with_is_found(folder, tamper, words):
    tamper(folder)
    code, text = run(folder / "verify.py")
    assert code == 1, text
    assert words in text
    assert "核验通过" not in text


def test_a_zip_with_a_damaged_byte_fails(zipped, folder):
    data = bytearray(zipped.read_bytes())
    with zipfile.ZipFile(zipped) as archive:
        info = next(each for each in archive.infolist() if each.filename.startswith("captures/"))
    data[info.header_offset + 30 + len(info.filename) + 2] ^= 0xFF
    zipped.write_bytes(data)
    code, text = run(folder / "verify.py", zipped)
    assert code == 1, text


def test_a_doubled_name_in_a_zip_fails(zipped, folder):
    with zipfile.ZipFile(zipped, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("claim.json", "{}")
    code, text = run(folder / "verify.py", zipped)
    assert code == 1, text


def test_what_a_desktop_leaves_behind_does_no_harm(folder):
    (folder / ".DS_Store").write_bytes(b"x")
    assert run(folder / "verify.py")[0] == 0


def test_nothing_to_check_is_neither(folder, tmp_path):
    script = folder / "verify.py"
    assert run(script, tmp_path / "nowhere.zip")[0] == 2
    assert run(script, "a", "b")[0] == 2


def test_a_correction_does_not_change_what_was_handed_out(claim, office, folder):
    row = claim.observations.first()
    correct_observation(office, row, "更正", {"rank": 2, "status": "reported"})
    claim.refresh_from_db()
    assert claim.status == "review"
    assert run(folder / "verify.py")[0] == 0
    fresh = io.BytesIO()
    bundle.write(claim, fresh)
    with zipfile.ZipFile(fresh) as archive:
        form = json.loads(archive.read("claim.json"))
    assert form["status"] == "review"
    assert form["document"] == json.loads((folder / "claim.json").read_text())["document"]
