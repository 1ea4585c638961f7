#!/usr/bin/env python3
"""Checks an evidence bundle; needs Python 3.8 or newer and nothing else.

    python3 verify.py                 in the unpacked folder
    python3 verify.py BUNDLE.zip      or the folder elsewhere

Answers 0 when everything fits, 1 when something does not, 2 when there is nothing to check.
"""

import hashlib
import json
import os
import sys
import zipfile

MANIFEST = "manifest.json"
CLAIM = "claim.json"
CHUNK = 1 << 20
# What a desktop leaves in every folder it shows.
LEFT_BY_DESKTOPS = {".DS_Store", "Thumbs.db", "desktop.ini"}
COUNTED = {"first": "F", "tied": "T", "suspended": "S", "reported": "R", "disputed": "D"}
COUNTED["unknown"] = "?"


class Unreadable(Exception):
    """There is nothing to check; the message says why."""


class Folder:
    """An unpacked bundle."""

    def __init__(self, path):
        self.path = path

    def names(self):
        found = []
        for base, folders, files in os.walk(self.path):
            for name in files + [each for each in folders if self._is_link(base, each)]:
                path = os.path.relpath(os.path.join(base, name), self.path)
                found.append(path.replace(os.sep, "/"))
        return found

    @staticmethod
    def _is_link(base, name):
        return os.path.islink(os.path.join(base, name))

    def open(self, name):
        path = os.path.join(self.path, *name.split("/"))
        if os.path.islink(path):
            raise OSError("是链接，不是文件")
        return open(path, "rb")


class Zip:
    """A bundle as it was handed over."""

    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)

    def names(self):
        return [info.filename for info in self.archive.infolist() if not info.is_dir()]

    def open(self, name):
        return self.archive.open(name)


def find_bundle(arguments):
    if len(arguments) > 1:
        raise Unreadable("用法：python3 verify.py [证据包.zip 或解压后的文件夹]")
    path = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    if os.path.isdir(path):
        return Folder(path)
    if zipfile.is_zipfile(path):
        return Zip(path)
    raise Unreadable("找不到证据包：" + path)


def canonical(value):
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def sha256_and_size(bundle, name):
    total, size = hashlib.sha256(), 0
    with bundle.open(name) as file:
        while True:
            part = file.read(CHUNK)
            if not part:
                return total.hexdigest(), size
            total.update(part)
            size += len(part)


def read_json(bundle, name):
    try:
        with bundle.open(name) as file:
            return json.loads(file.read().decode("utf-8"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{name} 读不出来：{error}") from error


def check_files(bundle, manifest):
    """Every file listed is there unchanged, and nothing else is."""
    problems = []
    present = bundle.names()
    listed = {entry["path"]: entry for entry in manifest["files"]}
    for name in sorted(set(present)):
        if present.count(name) > 1:
            problems.append("有两个同名文件：" + name)
    for name in sorted(set(present) - set(listed) - {MANIFEST}):
        if name.split("/")[-1] in LEFT_BY_DESKTOPS:
            continue
        problems.append("多出清单以外的文件：" + name)
    for name in sorted(set(listed) - set(present)):
        problems.append("缺少文件：" + name)
    for name in sorted(set(listed) & set(present)):
        try:
            sha256, size = sha256_and_size(bundle, name)
        except (OSError, zipfile.BadZipFile) as error:
            problems.append(f"文件读不出来：{name}（{error}）")
            continue
        if size != listed[name]["size"] or sha256 != listed[name]["sha256"]:
            problems.append("文件内容与清单不符：" + name)
        if name.startswith("captures/") and name[9:].split(".")[0] != sha256:
            problems.append("存证文件的内容与文件名中的哈希值不符：" + name)
    return problems


def check_claim(claim, present):
    """The frozen document fits its hash, names only evidence that is here, and counts right."""
    problems = []
    document = claim["document"]
    if hashlib.sha256(canonical(document)).hexdigest() != claim["frozen_sha256"]:
        problems.append("结论的证明材料与它的哈希值不符，有人改动过")
    kept = {name[9:].split(".")[0] for name in present if name.startswith("captures/")}
    statements = {each["id"]: each for each in document["statements"]}
    named = set(document["evidence_hashes"])
    for month in document["months"]:
        label = month["month"]
        for number in month["statements"]:
            statement = statements.get(number)
            if statement is None:
                problems.append(f"{label}：缺少第 {number} 号名次记录")
                continue
            sha256 = statement["evidence_sha256"]
            if sha256 and (sha256 not in kept or sha256 not in named):
                problems.append(f"{label}：缺少存证 {sha256}")
    for sha256 in sorted(named - kept):
        problems.append("缺少存证 " + sha256)
    return problems + check_count(document)


def index_of(month):
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def check_count(document):
    """Count the months again: F and T count, S is stepped over, nothing else is proved."""
    problems = []
    months = document["months"]
    indexes = [index_of(each["month"]) for each in months]
    start, end, length = document["from"], document["to"], document["length"]
    if indexes != list(range(index_of(start), index_of(end) + 1)):
        problems.append(f"月份不是从 {start} 到 {end} 逐月相连")
    letters = "".join(each["state"] for each in months)
    for name, letter in COUNTED.items():
        if document["counts"].get(name) != letters.count(letter):
            problems.append(f"“{letter}”的月数与逐月状态不符")
    if "N" in letters:
        problems.append("其中有已核实不是第一的月份")
    counted = len(letters) - letters.count("S") - letters.count("N")
    if counted != length:
        problems.append(f"逐月数出 {counted} 个月，结论写 {length} 个月")
    if document["proof"] == "proved":
        if letters.strip("FTS"):
            problems.append("结论写“已逐月核实”，但有月份没有核实")
        if length > 1 and f"连续{length}个月" not in document["sentence"]:
            problems.append("结论里的月数与证明材料不符")
        problems += check_proved_months(document)
    return problems


def check_proved_months(document):
    """Every proved month has a confirmed statement that says so, and not by the account itself."""
    problems = []
    own = document["account"]["key"]
    statements = {each["id"]: each for each in document["statements"]}
    for month in document["months"]:
        label = month["month"]
        found = [statements[each] for each in month["statements"] if each in statements]
        confirmed = [
            each
            for each in found
            if each["status"] == "confirmed"
            and each["source"]["kind"] != "self"
            and each["month"] == label
        ]
        if month["state"] == "S":
            fits = any(each["state"] == "not_issued" for each in confirmed)
        else:
            fits = any(each["rank"] == 1 and each["account"] == own for each in confirmed)
        if not fits:
            problems.append(f"{label}：没有已核实的名次记录支持")
    return problems


def bare_months(document):
    """Months whose confirmed statements come without a kept file."""
    statements = {each["id"]: each for each in document["statements"]}
    return [
        month["month"]
        for month in document["months"]
        if month["state"] in ("F", "T", "S")
        and not any(
            statements[each]["evidence_sha256"]
            for each in month["statements"]
            if each in statements
        )
    ]


def say(text):
    sys.stdout.write(text + "\n")


def main(arguments):
    # A console without Chinese characters still shows the result.
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        bundle = find_bundle(arguments)
        manifest = read_json(bundle, MANIFEST)
        claim = read_json(bundle, CLAIM)
        problems = check_files(bundle, manifest) + check_claim(claim, bundle.names())
        manifest_sha256, _ = sha256_and_size(bundle, MANIFEST)
    except Unreadable as error:
        say(str(error))
        return 1 if error.__cause__ is not None else 2
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        say(f"核验没有通过：文件的格式不对（{error}）。")
        return 1
    document = claim["document"]
    say("结论 " + claim["number"] + "（" + claim["status_label"] + "）")
    if document["is_example"]:
        say("示例：榜单、账号和数据都是虚构的，不得引用。")
    say(document["sentence"])
    if problems:
        say("\n核验没有通过：")
        for problem in problems:
            say("  · " + problem)
        return 1
    bare, count = bare_months(document), len(manifest["files"])
    say(f"\n核验通过：{count} 个文件都与清单相符，逐月数出的月数与结论相符。")
    if document["proof"] != "proved":
        degree = {"partial": "部分核实", "reported": "仅有报道"}.get(document["proof"], "")
        say(f"注意：这一结论{degree}，没有逐月核实；以上只说明证据包没有被改动。")
    if bare:
        say(f"其中 {len(bare)} 个月只有记录，没有存证文件：" + "、".join(bare))
    if claim["status"] != "approved":
        say("注意：" + claim["public_note"])
    say("证明材料哈希：" + claim["frozen_sha256"])
    say("清单哈希：" + manifest_sha256)
    say("请向发布这一结论的单位核对上面的证明材料哈希：哈希相同，就是当时批准的那一份。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
