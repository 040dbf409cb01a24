"""How two short texts differ: what was put in, swapped or replaced. The same whichever is given first."""

from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin
from rapidfuzz.distance import Levenshtein

LONGEST_SWAP = 4


@dataclass(frozen=True)
class Difference:
    """One way in which two texts differ; `one` and `other` are the characters that stand in each.

    `kind` is equal, repeated (the same characters twice in a row in one of them), inserted (one only has more),
    transposed, or replaced; `edits` counts single characters.
    """

    kind: str
    one: str
    other: str
    edits: int


def difference(one: str, other: str) -> Difference:
    """What remains of two texts without their common beginning and end, and what kind of difference it is."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    if not left and not right:
        return Difference("equal", "", "", 0)
    edits = Levenshtein.distance(left, right)
    if _swapped(left, right):
        return Difference("transposed", left, right, edits)
    if not (left and right) and _repeats(one if left else other, start, edits):
        return Difference("repeated", left, right, edits)
    if edits == abs(len(left) - len(right)):
        return Difference("inserted", left, right, edits)
    return Difference("replaced", left, right, edits)


def same_sound(one: str, other: str) -> bool:
    """Whether two characters are read alike, whatever the tone."""
    return lazy_pinyin(one, style=Style.NORMAL) == lazy_pinyin(other, style=Style.NORMAL)


def _repeats(text: str, start: int, length: int) -> bool:
    """Whether the characters from `start` stand beside themselves."""
    put_in = text[start : start + length]
    return put_in in (text[max(start - length, 0) : start], text[start + length : start + 2 * length])


def _swapped(left: str, right: str) -> bool:
    if len(left) != len(right) or len(left) > LONGEST_SWAP:
        return False
    return any(left[cut:] + left[:cut] == right for cut in range(1, len(left)))
