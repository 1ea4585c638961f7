"""Which statements a table has spoken of, in twenty bytes a row however long they are."""

from array import array

_MASK = 2**64 - 1
_FULL = 0.8


class Seen:
    """Statements with the line that speaks of each first, and what it says.

    Only hashes are kept, in open addressing: with a million rows two statements are taken for one
    once in thirty million imports. Statements are texts because the hashes of texts are good;
    that of -1 is that of -2.
    """

    def __init__(self) -> None:
        self._reserve(1024)
        self._count = 0

    def first(self, statement: str, said: int, line: int) -> tuple[int, bool]:
        """The line that spoke of ``statement`` first, and whether it said the same.

        ``line`` itself where none did before; ``said`` is a hash of what is said.
        """
        number, said = _number(statement), said & _MASK
        at = self._find(number)
        if self._numbers[at]:
            return self._lines[at], self._said[at] == said
        self._numbers[at], self._said[at], self._lines[at] = number, said, line
        self._count += 1
        if self._count > _FULL * len(self._numbers):
            self._grow()
        return line, True

    def __contains__(self, statement: str) -> bool:
        return bool(self._numbers[self._find(_number(statement))])

    def _find(self, number: int) -> int:
        """Where ``number`` is, or the free place where it would be."""
        numbers = self._numbers
        last = len(numbers) - 1
        at = number & last
        while numbers[at] and numbers[at] != number:
            at = (at + 1) & last
        return at

    def _reserve(self, size: int) -> None:
        """``size`` is a power of two; zero marks a free place."""
        self._numbers = array("Q", bytes(8 * size))
        self._said = array("Q", bytes(8 * size))
        self._lines = array("I", bytes(4 * size))

    def _grow(self) -> None:
        held = zip(self._numbers, self._said, self._lines, strict=True)
        self._reserve(2 * len(self._numbers))
        for number, said, line in held:
            if number:
                at = self._find(number)
                self._numbers[at], self._said[at], self._lines[at] = number, said, line


def _number(statement: str) -> int:
    """A hash that is never zero, which marks a free place."""
    return (hash(statement) & _MASK) or 1
