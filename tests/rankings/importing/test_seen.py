"""What a table has said already."""

from hypothesis import given
from hypothesis import strategies as st

from rankings.importing.seen import Seen


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), max_size=200))
def test_it_remembers_as_a_dictionary_would(said) -> None:
    seen, known = Seen(), {}
    for line, (statement, words) in enumerate(said):
        first, held = known.setdefault(statement, (line, words))
        assert (str(statement) in seen) == (first != line)
        assert seen.first(str(statement), hash(("w", words)), line) == (first, held == words)


def test_it_grows() -> None:
    seen = Seen()
    for line in range(5000):
        assert seen.first(str(line), line, line) == (line, True)
    for line in range(5000):
        assert seen.first(str(line), line + 1, 9999) == (line, False)
    assert "5000" not in seen
