"""List the strings of the installed apps that have no Simplified Chinese translation.

Run it with the project's Python after an upgrade of Wagtail::

    python locale/gaps.py [app ...]

It prints every gap as a PO entry, ready to be translated and appended to
``locale/zh_Hans/LC_MESSAGES/django.po`` or ``djangojs.po``; afterwards compile both with
``msgfmt --check -o django.mo django.po``. ``tests/test_translations.py`` fails while a gap is left.

This folder must never get an ``__init__.py``: it would shadow the standard library's ``locale``.
Tests load this file by its path.
"""

from __future__ import annotations

import ast
import gettext
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

DOMAINS = ("django", "djangojs")
LANGUAGE = "zh_Hans"
OUR_LOCALE_DIR = Path(__file__).resolve().parent

# Every Wagtail app of the wheel that ships strings for screens, used or not: an app that is
# switched on later must not bring English with it.
WAGTAIL_APPS = (
    "wagtail",
    "wagtail.admin",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.styleguide",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.documents",
    "wagtail.embeds",
    "wagtail.images",
    "wagtail.locales",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.users",
)
# Libraries whose own words reach Wagtail's screens: validation, filters, tags, task states.
# "django.conf" is where Django keeps the strings of its core.
LIBRARY_APPS = (
    "django.conf",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django_filters",
    "django_tasks",
    "modelsearch",
    "taggit",
)

_PO_LINE = re.compile(
    r"(?:(?P<keyword>msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"
    r'(?P<string>"(?:[^"\\]|\\.)*")'
)
# What the leading positional arguments of each call mean.
_GETTEXT_CALLS = {
    name + lazy: parts
    for lazy in ("", "_lazy", "_noop")
    for name, parts in (
        ("gettext", ("msgid",)),
        ("ngettext", ("msgid", "plural")),
        ("pgettext", ("context", "msgid")),
        ("npgettext", ("context", "msgid", "plural")),
    )
} | {"_": ("msgid",)}


@dataclass(frozen=True)
class Message:
    """One source string: ``plural`` is None unless the source gives a plural form."""

    msgid: str
    context: str | None = None
    plural: str | None = None

    @property
    def key(self) -> str:
        """The message's key in a compiled catalogue (context, EOT, msgid)."""
        return self.msgid if self.context is None else f"{self.context}\x04{self.msgid}"


@dataclass(frozen=True)
class Entry:
    """One entry of a PO file: the message, its translations (one per plural form), its flags."""

    message: Message
    translations: tuple[str, ...]
    flags: frozenset[str]


@dataclass(frozen=True)
class Gap:
    """A message of ``app`` in ``domain`` that nobody has translated."""

    app: str
    domain: str
    message: Message


def read_po(path: Path) -> list[Entry]:
    """The entries of a PO file; raises what ``parse_po`` raises."""
    return parse_po(path.read_text(encoding="utf-8"), str(path))


def parse_po(text: str, name: str = "PO") -> list[Entry]:
    """Parse PO text, header and obsolete entries left out.

    Raises ValueError with ``name`` and the line number for a line that is not PO syntax.
    """
    entries: list[Entry] = []
    fields: dict[str, str] = {}
    flags: set[str] = set()
    current = ""

    def flush() -> None:
        nonlocal fields, flags
        if fields.get("msgid"):
            entries.append(
                Entry(
                    Message(fields["msgid"], fields.get("msgctxt"), fields.get("msgid_plural")),
                    tuple(value for name, value in fields.items() if name.startswith("msgstr")),
                    frozenset(flags),
                )
            )
        fields, flags = {}, set()

    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            if fields and "msgid" in fields:
                flush()
            if line.startswith("#,"):
                flags.update(flag.strip() for flag in line[2:].split(","))
            continue
        match = _PO_LINE.fullmatch(line)
        if match is None or not (match["keyword"] or current):
            raise ValueError(f"{name}:{number}: not a PO line: {raw!r}")
        keyword = match["keyword"]
        if keyword in {"msgctxt", "msgid"} and any(n.startswith("msgstr") for n in fields):
            flush()
        current = keyword or current
        # A PO string is C syntax; the escapes gettext writes are also Python's.
        fields[current] = fields.get(current, "") + ast.literal_eval(match["string"])
    flush()
    return entries


def read_mo(path: Path) -> dict[str | tuple[str, int], str]:
    """The raw catalogue of a compiled file; empty when the file is not there."""
    if not path.exists():
        return {}
    with path.open("rb") as handle:
        return gettext.GNUTranslations(handle)._catalog


def covers(catalog: dict[str | tuple[str, int], str], message: Message) -> bool:
    """Whether a compiled catalogue answers for this message (Chinese has one plural form)."""
    if message.plural is None:
        return bool(catalog.get(message.key))
    return bool(catalog.get((message.key, 0)))


def app_directory(app: str) -> Path | None:
    """Where an importable app lives, without importing it; None when it is not installed."""
    try:
        spec = importlib.util.find_spec(app)
    except ModuleNotFoundError:
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def source_messages(directory: Path, domain: str) -> set[Message]:
    """The source strings of one app.

    Read from the English PO template where the app ships one (its MO is empty), else from its
    translations into other languages; and from the Python calls to gettext, because a template
    can be older than the code: Wagtail 7.4.4's lacks a string of the copy form.
    """
    found = set(_python_messages(directory)) if domain == "django" else set()
    english = directory / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    catalogs = (
        [english] if english.exists() else directory.glob(f"locale/*/LC_MESSAGES/{domain}.po")
    )
    for catalog in catalogs:
        found |= {entry.message for entry in read_po(catalog)}
    return found


def _python_messages(directory: Path) -> Iterator[Message]:
    for path in _python_files(directory):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            parts = _GETTEXT_CALLS.get(name, ())
            texts = [
                arg.value
                for arg in node.args[: len(parts)]
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if parts and len(texts) == len(parts) and texts[parts.index("msgid")]:
                yield Message(**dict(zip(parts, texts, strict=True)))


def _python_files(directory: Path) -> Iterator[Path]:
    """The modules of one app: no tests, no apps inside it that have catalogues of their own."""
    for path in sorted(directory.iterdir()):
        if path.is_file() and path.suffix == ".py":
            yield path
        elif path.is_dir() and not (
            path.name in {"locale", "migrations", "test", "tests"} or (path / "locale").is_dir()
        ):
            yield from _python_files(path)


def find_gaps(apps: Iterable[str], our_locale_dir: Path | None = OUR_LOCALE_DIR) -> list[Gap]:
    """Every message of these apps without a Chinese translation, sorted.

    A message counts as translated when the app's own catalogue or ours has it: no other app is
    relied on, because that app may be switched off. ``our_locale_dir=None`` tells what the apps
    alone leave open.
    """
    gaps: list[Gap] = []
    for domain in DOMAINS:
        relative = Path(LANGUAGE) / "LC_MESSAGES" / f"{domain}.mo"
        ours = read_mo(our_locale_dir / relative) if our_locale_dir else {}
        for app in apps:
            directory = app_directory(app)
            if directory is None:
                continue
            theirs = read_mo(directory / "locale" / relative)
            gaps += [
                Gap(app, domain, message)
                for message in source_messages(directory, domain)
                if not covers(theirs, message) and not covers(ours, message)
            ]
    return sorted(gaps, key=lambda gap: (gap.domain, gap.app, gap.message.key))


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def as_po(gap: Gap) -> str:
    """The gap as an empty PO entry with its origin as a comment."""
    lines = [f"#. {gap.app} ({gap.domain})"]
    if "%(" in gap.message.msgid:
        lines.append("#, python-format")
    if gap.message.context is not None:
        lines.append(f"msgctxt {_quote(gap.message.context)}")
    lines.append(f"msgid {_quote(gap.message.msgid)}")
    if gap.message.plural is None:
        lines.append('msgstr ""')
    else:
        lines += [f"msgid_plural {_quote(gap.message.plural)}", 'msgstr[0] ""']
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the gaps of the named apps (all known ones by default); exit 1 when there are any."""
    gaps = find_gaps(arguments or WAGTAIL_APPS + LIBRARY_APPS)
    sys.stdout.write("".join(as_po(gap) + "\n\n" for gap in gaps))
    sys.stderr.write(f"{len(gaps)} strings without a translation\n")
    return 1 if gaps else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
