"""Saved articles as they are handed over: a folder, a zip, one page, or a sheet."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from rankings.importing.reading import Table, UnreadableFile, open_table

MAX_ENTRIES = 50_000
MAX_UNPACKED = 2 * 1024 * 1024 * 1024
MAX_FILE = 40 * 1024 * 1024
_PAGES = (".html", ".htm", ".mht", ".mhtml")
_SHEETS = (".xlsx", ".csv")


class ArchiveRefused(ValueError):
    """Nothing can be read; the message is a Chinese sentence that says what to do."""


@dataclass(slots=True)
class Archive:
    """``pages``: names of the saved pages; ``table``: the sheet, if there is one."""

    pages: list[str] = field(default_factory=list)
    table: Table | None = None
    _names: dict[str, str] = field(default_factory=dict)
    _read: Callable[[str], bytes] = bytes

    def read(self, name: str) -> bytes | None:
        """The bytes of a file by its name, however slashes and case are written; None if absent."""
        found = self._names.get(_key(name))
        return None if found is None else self._read(found)

    def beside(self, page: str, address: str) -> bytes | None:
        """A file that ``page`` names by a relative ``address``; None when it was not saved."""
        path = unquote(address.partition("?")[0].partition("#")[0])
        return self.read(str(PurePosixPath(page.replace("\\", "/")).parent / path))


def open_archive(path: Path) -> Archive:
    """What lies at ``path``. Raises ``ArchiveRefused``."""
    try:
        if path.is_dir():
            return _folder(path)
        return open_bytes(path.read_bytes(), path.name, path.parent)
    except FileNotFoundError as error:
        raise ArchiveRefused(f"找不到 {path}。") from error
    except OSError as error:
        raise ArchiveRefused(f"读不了 {path}：{error.strerror}。") from error


def open_bytes(data: bytes, name: str, folder: Path | None = None) -> Archive:
    """A zip, one saved page or a sheet; ``folder`` is where a sheet's files lie.

    Raises:
        ArchiveRefused: it is none of these, damaged, encrypted or unpacks to too much.
    """
    ending = PurePosixPath(name).suffix.lower()
    if ending == ".zip":
        return _zip(data)
    if ending in _SHEETS:
        archive = _folder(folder) if folder is not None else Archive()
        archive.table = _sheet(data, name)
        return archive
    if ending in _PAGES:
        archive = Archive([name], None, {_key(name): name}, lambda _: data)
        if folder is not None:
            # The pictures of a page lie in a folder that carries its name.
            saved = folder / f"{PurePosixPath(name).stem}_files"
            for file in sorted(saved.glob("*")) if saved.is_dir() else ():
                archive._names[_key(f"{saved.name}/{file.name}")] = f"{saved.name}/{file.name}"
            archive._read = lambda wanted: data if wanted == name else _bytes(folder / wanted)
        return archive
    raise ArchiveRefused("只收文件夹、ZIP、HTML 网页，或 XLSX、CSV 表格。")


def _folder(path: Path) -> Archive:
    files = sorted(file for file in path.rglob("*") if file.is_file() and not file.is_symlink())
    names = [file.relative_to(path).as_posix() for file in files]
    return _collected(names, lambda name: _bytes(path / name))


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE:
        raise ArchiveRefused(f"{path.name} 超过 {MAX_FILE // 1024 // 1024} MB，请移走后再导入。")
    return path.read_bytes()


def _zip(data: bytes) -> Archive:
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ArchiveRefused("ZIP 文件已损坏，请重新压缩后再上传。") from error
    entries = {_zip_name(entry): entry for entry in package.infolist() if not entry.is_dir()}
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries.values()) > MAX_UNPACKED:
        raise ArchiveRefused("ZIP 解开后太大，请分成几份再导入。")
    if any(entry.flag_bits & 0x1 for entry in entries.values()):
        raise ArchiveRefused("ZIP 文件加了密码，请去掉密码后再导入。")

    def read(name: str) -> bytes:
        if entries[name].file_size > MAX_FILE:
            raise ArchiveRefused(f"{name} 超过 {MAX_FILE // 1024 // 1024} MB，请移走后再导入。")
        try:
            return package.read(entries[name])
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
            raise ArchiveRefused(f"ZIP 里的 {name} 已损坏，请重新压缩后再导入。") from error

    return _collected(list(entries), read)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """Windows writes Chinese names in its own encoding and does not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _collected(names: list[str], read: Callable[[str], bytes]) -> Archive:
    archive = Archive(_read=read, _names={_key(name): name for name in names})
    # What a browser keeps for a page (frames and the like) is no page of its own.
    archive.pages = sorted(
        name
        for name in names
        if name.lower().endswith(_PAGES) and "_files/" not in name and "__MACOSX" not in name
    )
    sheets = [name for name in names if name.lower().endswith(_SHEETS) and "/" not in name]
    if len(sheets) > 1:
        raise ArchiveRefused(f"里面有 {len(sheets)} 个表格，请只留一个：{'、'.join(sheets)}。")
    if sheets:
        archive.table = _sheet(read(sheets[0]), sheets[0])
    return archive


def _sheet(data: bytes, name: str) -> Table:
    try:
        return open_table(data)
    except UnreadableFile as error:
        raise ArchiveRefused(f"{name}：{error}") from error


def _key(name: str) -> str:
    parts: list[str] = []
    for part in name.replace("\\", "/").split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part.lower())
    return "/".join(parts)
