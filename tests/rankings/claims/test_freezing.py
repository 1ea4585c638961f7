"""The frozen value: one spelling, one hash, and no change that passes unseen."""

import copy
import json

from hypothesis import assume, given
from hypothesis import strategies as st

from rankings.claims.freezing import (
    PEOPLE,
    STATEMENT_FIELDS,
    canonical,
    digest,
    document,
    sha256_of,
)

from .values import SHA, frozen, statement

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_the_canonical_form_is_one_and_reads_back(value):
    assert json.loads(canonical(value)) == value
    shuffled = json.loads(json.dumps(value))
    if isinstance(shuffled, dict):
        shuffled = dict(reversed(shuffled.items()))
    assert canonical(shuffled) == canonical(value)


def test_the_canonical_form_is_utf8_sorted_and_tight():
    assert canonical({"b": 1, "a": "荷塘"}) == '{"a":"荷塘","b":1}'.encode()


def paths(value, at=()):
    """Every place inside a value."""
    yield at
    if isinstance(value, dict):
        for key in value:
            yield from paths(value[key], (*at, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from paths(value[index], (*at, index))


def put(value, path, new):
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


WHOLE = frozen()
PLACES = [path for path in paths(WHOLE) if path]


@given(st.sampled_from(PLACES), json_values)
def test_no_change_anywhere_leaves_the_hash(path, new):
    value = copy.deepcopy(WHOLE)
    place = value
    for step in path[:-1]:
        place = place[step]
    assume(canonical(place[path[-1]]) != canonical(new))
    put(value, path, new)
    # The hash of the hidden part is recomputed: to write another one there changes nothing real.
    if path == ("people_sha256",):
        assert digest(value) == digest(WHOLE)
    else:
        assert digest(value) != digest(WHOLE)


@given(st.sampled_from(PLACES))
def test_taking_anything_out_changes_the_hash(path):
    value = copy.deepcopy(WHOLE)
    place = value
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    if path not in {("people",), ("people_sha256",)}:
        assert digest(value) != digest(WHOLE)


def test_the_round_trip_through_json_keeps_the_hash():
    assert digest(json.loads(json.dumps(WHOLE))) == digest(WHOLE)


def test_the_shown_part_can_be_checked_alone_and_names_nobody():
    shown = document(WHOLE)
    assert sha256_of(shown) == digest(WHOLE)
    assert PEOPLE not in shown
    text = json.dumps(shown, ensure_ascii=False)
    assert "甲" not in text
    assert "乙" not in text


def test_what_is_frozen():
    assert WHOLE["counts"] == {
        "first": 3,
        "tied": 0,
        "suspended": 0,
        "reported": 0,
        "disputed": 0,
        "unknown": 0,
    }
    assert (WHOLE["from"], WHOLE["to"], WHOLE["length"]) == ("2019-01", "2019-03", 3)
    assert WHOLE["evidence_hashes"] == [SHA]
    assert WHOLE["sources"] == [{"kind": "publisher", "name": "某社", "url": ""}]
    assert tuple(statement(1, "2019-01")) == STATEMENT_FIELDS
