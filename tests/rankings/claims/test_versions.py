"""Which program froze a claim."""

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cms.version import VERSION
from rankings.claims.versions import RULES_VERSION, code_version, rules, source_sha256

ROOT = Path(__file__).resolve().parents[3]
files = st.dictionaries(st.sampled_from("abc"), st.binary(max_size=8), max_size=3)


def test_the_version_is_the_project_s():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION == code_version()


def test_the_rules_have_a_version_and_a_hash():
    assert rules()["version"] == RULES_VERSION
    assert len(rules()["sha256"]) == 64


@given(files, files)
def test_the_hash_tells_sources_apart_and_not_their_order(one, two):
    assert source_sha256(one) == source_sha256(dict(reversed(one.items())))
    assert (source_sha256(one) == source_sha256(two)) == (one == two)
