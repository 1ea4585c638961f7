"""``manage.py lint_wechat``: files in, findings out, and an exit code a script can use."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

CLEAN = "<p style='text-align:left'>春天的荷塘</p>"
BAD = "<p style='text-align:start'>春天的荷塘</p>"
HINTED = "<div>春天的荷塘</div>"


def run(*arguments):
    """``(exit code, standard output, standard error)``"""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("lint_wechat", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as exit_:
        code = exit_.code
    return code, out.getvalue(), err.getvalue()


def written(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_json_stands_alone_with_one_entry_a_file(tmp_path):
    clean, bad = written(tmp_path, "a.html", CLEAN), written(tmp_path, "b.html", BAD)
    code, out, err = run(clean, bad, "--json")
    assert (code, err) == (1, "")
    first, second = json.loads(out)
    assert first == {"file": str(clean), "findings": []}
    (finding,) = second["findings"]
    assert finding == {
        "rule": "1.6",
        "severity": "error",
        "place": "第1段“春天的荷塘”",
        "message": "对齐方式写成了 start，各种手机理解不一，有的居左有的居中。",
        "advice": "改为居左、居中、居右或两端对齐。",
        "excerpt": "春天的荷塘",
    }


def test_people_read_the_same_in_lines(tmp_path):
    code, out, _ = run(written(tmp_path, "b.html", BAD), written(tmp_path, "c.html", HINTED))
    assert code == 1
    assert "b.html：必须改 1" in out and "[必须改 1.6] 第1段“春天的荷塘”：" in out
    assert "c.html：提示 1" in out


def test_hints_and_warnings_are_no_failure(tmp_path):
    assert run(written(tmp_path, "c.html", HINTED))[0] == 0


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (BAD, "utf-8-sig"),
        (BAD, "utf-16"),
        (BAD, "gb18030"),
        (f"<meta charset=gbk>{BAD}", "gbk"),
        (f"<meta charset=big5>{BAD}", "utf-8"),
        (f"<meta charset=no-such>{BAD}", "utf-8"),
    ],
)
def test_whatever_it_was_saved_as(tmp_path, text, encoding):
    _, out, _ = run(written(tmp_path, "a.html", text, encoding), "--json")
    assert json.loads(out)[0]["findings"][0]["excerpt"] == "春天的荷塘"


def test_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(BAD.encode())))
    code, out, _ = run("-", "--json")
    assert code == 1 and json.loads(out)[0]["file"] == "-"


def test_what_cannot_be_read_is_said_and_the_others_are_still_judged(tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    missing = tmp_path / "nowhere.html"
    code, out, err = run(picture, missing, tmp_path, written(tmp_path, "b.html", BAD), "--json")
    assert code == 2 and len(json.loads(out)) == 1
    assert f"{picture}：不是网页文件，或编码读不出来。请另存为 UTF-8" in err
    assert f"{missing}：打不开（没有这个文件）。" in err
    assert f"{tmp_path}：打不开（这是文件夹）。" in err


def test_without_a_file_it_is_used_wrongly():
    with pytest.raises(CommandError):
        call_command("lint_wechat")
