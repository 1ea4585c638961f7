"""The Content-Security-Policy of public pages, and the templates that must keep to it."""

import re
from pathlib import Path

from cms.mirror.serving import NOTICE_POLICY, POLICY

ROOT = Path(__file__).resolve().parents[2]


def test_the_policy_lets_no_script_of_a_page_s_own_run() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert all(set(value.split()) <= {"'self'", "'none'", "data:"} for value in rules.values())
    assert "script-src 'self'" in NOTICE_POLICY


def test_public_templates_keep_to_the_policy() -> None:
    """What the policy forbids would silently not show or not run."""
    forbidden = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)|<style\b|\sstyle=|\son[a-z]+\s*="
        r"|<(?:iframe|object|embed|base)\b|javascript:",
        re.I,
    )
    alone = {
        "500.html",
        "503.html",
        "standalone.html",
    }  # Django's own answer, and one with its own policy
    folders = {
        "cms/templates": ("*.html", "includes/*.html"),
        "articles/templates/articles": ("*.html", "blocks/*.html", "includes/*.html"),
        "rankings/templates/rankings": ("honours*.html", "includes/honours*.html"),
        "feedback/templates/feedback": ("*.html", "includes/*.html", "public/**/*.html"),
    }
    seen = 0
    for folder, patterns in folders.items():
        for pattern in patterns:
            for path in (ROOT / folder).glob(pattern):
                seen += 1
                found = forbidden.search(re.sub(r"{%.*?%}", "", path.read_text("utf-8")))
                assert path.name in alone or not found, (path, found)
    assert seen > 30
