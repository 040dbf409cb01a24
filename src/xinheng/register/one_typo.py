"""Names in which a typed text stands with one character wrong, missing or too many."""

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

MOST_COMMON = 50_000
TOKENS_PER_WAY = 2


def ways(tokens: Sequence[str], counts: dict[str, int], *, most: int = MOST_COMMON) -> list[list[str]]:
    """For each place a typo may be at: the rarest tokens it leaves intact.

    `tokens` are the character pairs of the text in order; a wrong character spoils two neighbours. A pair
    that no name has must be among the spoilt ones. Places whose remaining tokens are all carried by more than
    `most` are left out: they would bring in everybody.
    """
    unknown = [place for place, token in enumerate(tokens) if not counts[token]]
    found: dict[tuple[str, ...], None] = {}
    for place in range(len(tokens) + 1):
        spoilt = (place - 1, place)
        if any(other not in spoilt for other in unknown):
            continue
        intact = {token for index, token in enumerate(tokens) if index not in spoilt}
        rarest = tuple(sorted(intact, key=lambda token: (counts[token], token))[:TOKENS_PER_WAY])
        if rarest and counts[rarest[0]] <= most:
            found[rarest] = None
    return [list(way) for way in found]


def place_of(text: str, name: str) -> int | None:
    """Where `text` stands in `name` with exactly one edit at most; None when it does not.

    One edit leaves one half of the text as it is, so only the surroundings of that half are compared.
    """
    middle = len(text) // 2
    left, right = text[:middle], text[middle:]
    for start in _places(left, name):
        rest = start + middle
        if any(_close(right, name[rest : rest + length]) for length in _lengths(right)):
            return start
    for start in _places(right, name):
        for length in _lengths(left):
            if length <= start and _close(left, name[start - length : start]):
                return start - length
    return None


def _places(part: str, name: str) -> list[int]:
    found = []
    start = name.find(part)
    while start >= 0:
        found.append(start)
        start = name.find(part, start + 1)
    return found


def _lengths(part: str) -> tuple[int, int, int]:
    return len(part), len(part) - 1, len(part) + 1


def _close(part: str, other: str) -> bool:
    return Levenshtein.distance(part, other, score_cutoff=1) <= 1
