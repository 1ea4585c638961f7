"""Every screen our roles see is in Chinese: the gaps of the installed apps are counted here."""

import gettext
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.views.i18n import localized_js_catalog

LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"

# The folder is no package (it would shadow the standard library's ``locale``).
_spec = importlib.util.spec_from_file_location("translation_gaps", LOCALE_DIR / "gaps.py")
gaps = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = gaps  # dataclasses look their module up
_spec.loader.exec_module(gaps)

PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sdr]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
JS_MARK = "newcatalog = "
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROPER_NAMES = {"JavaScript", "URL", "Wagtail"}
# Shipped translations that need no Chinese character.
SAME_IN_CHINESE = {
    "ID",
    "URL",
    "Wagtail API v2",
}
# The English plural names a figure that is 0 on the only screen which shows it.
FEWER_PLACEHOLDERS = "Deleting this page will also delete %(translation_count)s translation of"


def catalog_path(domain: str, suffix: str) -> Path:
    return LOCALE_DIR / gaps.LANGUAGE / "LC_MESSAGES" / f"{domain}.{suffix}"


def watched_apps() -> tuple[str, ...]:
    """All that can bring strings: every known app and every installed one of another's hand."""
    installed = {
        config.name
        for config in apps.get_app_configs()
        if config.name.startswith("wagtail") or config.name in gaps.LIBRARY_APPS
    }
    return tuple(sorted(installed | set(gaps.WAGTAIL_APPS) | set(gaps.LIBRARY_APPS)))


@pytest.fixture(scope="module")
def sources() -> dict[tuple[str, str], set]:
    """(app, domain) -> its source messages; read once, it parses a thousand files."""
    return {
        (app, domain): gaps.source_messages(directory, domain)
        for app in watched_apps()
        if (directory := gaps.app_directory(app)) is not None
        for domain in gaps.DOMAINS
    }


@pytest.fixture(scope="module", params=gaps.DOMAINS)
def our_entries(request) -> list:
    return gaps.read_po(catalog_path(request.param, "po"))


def test_no_string_of_an_installed_app_lacks_a_translation():
    missing = gaps.find_gaps(watched_apps())
    assert not missing, "\n\n".join(gaps.as_po(gap) for gap in missing)


def test_every_wagtail_app_with_strings_is_watched():
    root = gaps.app_directory("wagtail")
    shipped = {
        ".".join(("wagtail", *path.parent.relative_to(root).parts))
        for path in root.rglob("locale")
        if (path / "en").is_dir() and not {"test", "tests"} & set(path.parts)
    }
    assert shipped <= set(watched_apps())


def test_the_apps_alone_leave_gaps_so_the_count_is_no_accident():
    found = gaps.find_gaps(gaps.WAGTAIL_APPS, our_locale_dir=None)
    assert {gap.domain for gap in found} == set(gaps.DOMAINS)


def wording(message) -> str:
    """What a Chinese reader's form is made of: the plural where there is one."""
    return message.plural or message.msgid


def has_words(message) -> bool:
    return bool(re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", message.msgid)))


def test_placeholders_and_tags_are_those_of_the_source(our_entries):
    wrong = []
    for entry in our_entries:
        (text,) = entry.translations
        source = wording(entry.message)
        if entry.message.msgid.startswith(FEWER_PLACEHOLDERS):
            source = entry.message.msgid
        for pattern in (PLACEHOLDER, TAG):
            if Counter(pattern.findall(text)) != Counter(pattern.findall(source)):
                wrong.append((entry.message.msgid, text))
    assert not wrong


def test_no_english_is_left_in_our_translations(our_entries):
    left = {}
    for entry in our_entries:
        (text,) = entry.translations
        bare = PLACEHOLDER.sub("", TAG.sub("", text))
        words = set(re.findall(r"[A-Za-z]+", bare)) - PROPER_NAMES
        if words or (has_words(entry.message) and not CHINESE.search(text)):
            left[entry.message.msgid] = text
    assert not left


def test_shipped_translations_are_chinese_and_can_be_filled_in(sources):
    """What Wagtail ships is not all right either: English left over, placeholders mistyped."""
    wrong = []
    for (app, domain), messages in sources.items():
        if not app.startswith("wagtail"):
            continue
        relative = Path(gaps.LANGUAGE) / "LC_MESSAGES" / f"{domain}.mo"
        catalog = gaps.read_mo(gaps.app_directory(app) / "locale" / relative)
        catalog |= gaps.read_mo(LOCALE_DIR / relative)
        for message in messages:
            text = catalog[message.key if message.plural is None else (message.key, 0)]
            known = set(PLACEHOLDER.findall(message.msgid + (message.plural or "")))
            english = (
                has_words(message)
                and message.msgid not in SAME_IN_CHINESE
                and not CHINESE.search(text)
            )
            if english or not set(PLACEHOLDER.findall(text)) <= known:
                wrong.append((app, message.msgid, text))
    assert not wrong


def test_no_space_parts_chinese_words_from_the_name_of_a_thing(sources):
    name = r"%\((?:model|model_name|object|label|title|time_period|\w+_type|snippet_\w+)\)s"
    apart = re.compile(rf"[\u4e00-\u9fff] {name}|{name} [\u4e00-\u9fff]")
    wrong = []
    for (app, domain), messages in sources.items():
        relative = Path(gaps.LANGUAGE) / "LC_MESSAGES" / f"{domain}.mo"
        catalog = gaps.read_mo(gaps.app_directory(app) / "locale" / relative)
        catalog |= gaps.read_mo(LOCALE_DIR / relative)
        texts = (
            catalog.get(message.key if message.plural is None else (message.key, 0), "")
            for message in messages
            if app.startswith("wagtail")
        )
        wrong += [text for text in texts if apart.search(text)]
    assert not wrong


def test_our_catalogues_hold_nothing_stale_doubtful_or_double(sources):
    for domain in gaps.DOMAINS:
        known = set().union(*(found for (_, name), found in sources.items() if name == domain))
        entries = gaps.read_po(catalog_path(domain, "po"))
        assert [e.message for e in entries if "fuzzy" in e.flags or not all(e.translations)] == []
        assert [key for key, n in Counter(e.message.key for e in entries).items() if n > 1] == []
        assert [e.message.msgid for e in entries if e.message not in known] == []


@pytest.mark.parametrize("domain", gaps.DOMAINS)
def test_compiled_catalogue_is_up_to_date(domain):
    expected = {
        (e.message.key if e.message.plural is None else (e.message.key, 0)): e.translations[0]
        for e in gaps.read_po(catalog_path(domain, "po"))
    }
    compiled = gaps.read_mo(catalog_path(domain, "mo"))
    assert "nplurals=1; plural=0;" in compiled.pop("")
    assert compiled == expected, "compile it: msgfmt --check -o NAME.mo NAME.po"


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="需要 gettext：apt-get install gettext")
@pytest.mark.parametrize("domain", gaps.DOMAINS)
def test_gettext_finds_no_fault(domain):
    done = subprocess.run(
        ["msgfmt", "--check", "-o", "-", catalog_path(domain, "po")], capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    fresh = gettext.GNUTranslations(io.BytesIO(done.stdout))._catalog
    assert fresh == gaps.read_mo(catalog_path(domain, "mo"))


def test_admin_speaks_our_words():
    with translation.override("zh-hans"):
        assert translate("Schedule to publish") == "定时发布"
        assert translate("Log out") == "退出登录"  # ours wins over the app's 注销
        required = "The page could not be saved due to validation errors."
        assert "您写的还在" in translate(required)  # what is wrong, and that nothing is lost
        assert translate("This field is required.") == "请填写这一项。"  # for Django's too
        assert translate("Publish") == "发布"  # the app's stays where we have none
        assert ngettext("%(num)d page", "%(num)d pages", 2) == "%(num)d pages"  # unknown: as is
        assert (
            ngettext(
                "%(num_parent_objects)d page has been published",
                "%(num_parent_objects)d pages have been published",
                1,
            )
            % {"num_parent_objects": 1}
            == "已发布 1 个页面"
        )


@pytest.mark.parametrize("domain", gaps.DOMAINS)
def test_comments_have_one_name(sources, domain):
    """Wagtail calls 评论 what the desk, the notices and the handbook call 批注."""
    relative = Path(gaps.LANGUAGE) / "LC_MESSAGES" / f"{domain}.mo"
    ours = gaps.read_mo(LOCALE_DIR / relative)
    shown = {}
    for (app, name), messages in sources.items():
        if name != domain or not app.startswith("wagtail"):
            continue
        catalog = gaps.read_mo(gaps.app_directory(app) / "locale" / relative) | ours
        for message in messages:
            key = message.key if message.plural is None else (message.key, 0)
            shown[message.msgid] = catalog[key]
    assert len(shown) > 50
    assert {msgid: text for msgid, text in shown.items() if "评论" in text} == {}
    assert shown["Comment"] == {"django": "附言", "djangojs": "批注"}[domain]


def test_javascript_catalogue_of_the_admin_carries_ours():
    request = RequestFactory().get("/admin/jsi18n/")
    request.user = AnonymousUser()
    with translation.override("zh-hans"):
        script = localized_js_catalog(request).content.decode()
    catalog, _ = json.JSONDecoder().raw_decode(script, script.index("{", script.index(JS_MARK)))
    assert catalog["Insert a block"] == "插入区块"
    assert catalog["Save error"] == "保存失败"  # ours wins over the shipped 保存错误
    assert catalog["Page explorer"] == "页面管理"  # shipped, kept
    assert catalog["%(num)s error"] == ["%(num)s 处错误"]
    asked = gaps.source_messages(gaps.app_directory("wagtail.admin"), "djangojs")
    assert {message.msgid for message in asked} <= set(catalog)


def write_app(root: Path, english: str) -> None:
    folder = root / "sample_app" / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (root / "sample_app" / "__init__.py").write_text("")
    (root / "sample_app" / "forms.py").write_text(
        "from django.utils.translation import gettext_lazy as _, npgettext\n"
        'LABEL = _("Only in the code")\n'
        'npgettext("mail", "one %s", "many %s", 3)\n'
    )
    (folder / "django.po").write_text(english, encoding="utf-8")


def test_gaps_of_a_sample_app(tmp_path, monkeypatch):
    write_app(
        tmp_path,
        'msgid ""\nmsgstr "Language: en\\n"\n\n'
        '#. note\nmsgctxt "verb"\nmsgid "Order"\nmsgstr ""\n\n'
        'msgid ""\n"Two "\n"lines\\n"\nmsgstr ""\n\n'
        'msgid "%(n)d \\"page\\""\nmsgid_plural "%(n)d pages"\nmsgstr[0] ""\nmsgstr[1] ""\n\n'
        '#~ msgid "Gone"\n#~ msgstr "Fort"\n',
    )
    monkeypatch.syspath_prepend(tmp_path)
    found = gaps.find_gaps(["sample_app", "no.such.app"])
    assert {gap.message for gap in found} == {
        gaps.Message("Order", context="verb"),
        gaps.Message("Two lines\n"),
        gaps.Message('%(n)d "page"', plural="%(n)d pages"),
        gaps.Message("Only in the code"),
        gaps.Message("one %s", context="mail", plural="many %s"),
    }


def test_a_translation_without_its_context_does_not_count():
    message = gaps.Message("Order", context="verb")
    assert not gaps.covers({"Order": "顺序"}, message)
    assert not gaps.covers({"verb\x04Order": ""}, message)
    assert gaps.covers({"verb\x04Order": "订购"}, message)
    plural = gaps.Message("page", plural="pages")
    assert not gaps.covers({"page": "页面"}, plural)
    assert gaps.covers({("page", 0): "页面"}, plural)


@pytest.mark.parametrize("line", ["msgid without quotes", '"no keyword before it"', 'msgid "open'])
def test_a_line_that_is_no_po_is_named(line):
    with pytest.raises(ValueError, match="PO:2: not a PO line"):
        gaps.parse_po(f"# heading\n{line}\n")


printable = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(' "\\\n'))
some_text = printable.filter(bool)


@given(some_text, st.none() | printable, st.none() | some_text)
def test_a_printed_gap_reads_back_as_the_same_message(msgid, context, plural):
    message = gaps.Message(msgid, context, plural)
    (entry,) = gaps.parse_po(gaps.as_po(gaps.Gap("app", "django", message)))
    assert (entry.message, entry.translations) == (message, ("",))
