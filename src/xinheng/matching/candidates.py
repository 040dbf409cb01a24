"""Which organisations of the register a name may be: found through the search's own tokens, never by looking at all.

An edit in a name spoils two neighbouring pairs of its characters; the rarest pairs it leaves intact find the
candidates. Brand and trade alone are asked, since division and form are what clerks leave out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.transaction import atomic
from rapidfuzz import fuzz

from xinheng.base.names import BIGRAM, searched_form
from xinheng.matching.reading import NUMBER, Name
from xinheng.register.one_typo import ways
from xinheng.register.search_tokens import counts

MOST = 500
"""So many organisations are looked at for each way a name can be mistyped; with more the answer is not complete."""
COMMON = 20_000
"""Pairs that more organisations carry lead nowhere by themselves; the division narrows them."""
SCORED = 40
LEAST_ALIKE = 60
"""Of 100, how well brand and trade must stand in a name to be compared in full (`fuzz.partial_ratio`)."""


@dataclass(frozen=True)
class KnownName:
    """A name that an organisation bears, or bore."""

    organisation_id: int
    name: str
    former: bool


@dataclass(frozen=True)
class Found:
    """The names to be compared in full, the most alike first; not `complete` when there were too many to look at."""

    names: tuple[KnownName, ...]
    complete: bool


def candidates(names: Mapping[int, Name], *, visible: str = "true") -> dict[int, Found]:
    """For each name, by the caller's own key: who may be meant. `visible` is the SQL condition on organisations `o`.

    One statement for all names: what it costs grows with the names asked, not with the register.
    """
    pairs = {key: _pairs(name) for key, name in names.items()}
    carried = counts(token for tokens in pairs.values() for token in (*tokens[0], *tokens[1]))
    asked: list[tuple[int, list[str]]] = []
    complete = dict.fromkeys(names, True)
    for key, (core, place) in pairs.items():
        for tokens, whole in _ways(core, place, carried):
            if tokens:
                asked.append((key, tokens))
            complete[key] &= whole
    met, cut = _organisations(asked, visible)
    borne = names_of({number for numbers in met.values() for number in numbers})
    found: dict[int, Found] = {}
    for key, name in names.items():
        known_names = [one for number in sorted(met.get(key, ())) for one in borne[number]]
        found[key] = Found(_most_alike(name, known_names), complete[key] and key not in cut)
    return found


def _pairs(name: Name) -> tuple[list[str], list[str]]:
    """The character pairs of brand and trade in order, and of the short name of the place."""
    core = searched_form(name.core.replace(NUMBER, ""))
    place = name.place.written if name.place else ""
    return [BIGRAM + core[at : at + 2] for at in range(len(core) - 1)], [BIGRAM + place[:2]] if place else []


def _ways(core: Sequence[str], place: Sequence[str], known: dict[str, int]) -> Iterator[tuple[list[str], bool]]:
    """Sets of tokens that a candidate may carry, and whether by them all candidates are found."""
    found = ways(core, known, most=COMMON)
    if not found:
        # All pairs are too common: with the division they may not be.
        rarest = sorted((token for token in core if known[token]), key=lambda token: (known[token], token))[:2]
        yield [*rarest, *place] if rarest and place else [], False
        return
    for tokens in found:
        yield tokens, True
        if place and known[tokens[0]] > MOST:
            yield [*tokens, *place], True


def _organisations(asked: Sequence[tuple[int, list[str]]], visible: str) -> tuple[dict[int, set[int]], set[int]]:
    """Who carries the tokens of each way, and the keys of names for which there were more than are looked at."""
    met: dict[int, set[int]] = {}
    cut: set[int] = set()
    if not asked:
        return met, cut
    with atomic(), connection.cursor() as cursor:
        # Looking at every row is never the right plan here, whatever the statistics say.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)")
        cursor.execute(
            f"""
            SELECT w.key, w.way, f.id
            FROM unnest(%(keys)s::bigint[], %(ways)s::int[], %(tokens)s::text[]) AS w (key, way, tokens)
            CROSS JOIN LATERAL (
                SELECT o.id FROM register_organisation AS o
                WHERE o.tokens @> string_to_array(w.tokens, ' ') AND {visible} LIMIT %(most)s
            ) AS f
            """,
            {
                "keys": [key for key, _ in asked],
                "ways": list(range(len(asked))),
                "tokens": [" ".join(tokens) for _, tokens in asked],
                "most": MOST + 1,
            },
        )
        found: dict[int, int] = {}
        for key, way, number in cursor.fetchall():
            met.setdefault(key, set()).add(number)
            found[way] = found.get(way, 0) + 1
    narrowed = {key for way, (key, tokens) in enumerate(asked) if found.get(way, 0) > MOST}
    return met, narrowed


def bearers(values: Collection[str], *, visible: str = "true") -> dict[str, set[int]]:
    """Who bears these codes and numbers now."""
    found: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.value, o.id FROM register_identifier AS i JOIN register_organisation AS o "
            f"ON o.id = i.organisation_id WHERE i.value = ANY(%s) AND i.known_to IS NULL AND {visible}",
            [list(values)],
        )
        for value, number in cursor.fetchall():
            found.setdefault(value, set()).add(number)
    return found


def names_of(numbers: set[int]) -> dict[int, list[KnownName]]:
    """The names that organisations bear and bore, present names first."""
    borne: dict[int, list[KnownName]] = {number: [] for number in numbers}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, name, former FROM register_organisationname "
            "WHERE organisation_id = ANY(%s) AND known_to IS NULL ORDER BY organisation_id, former, id",
            [list(numbers)],
        )
        for number, name, former in cursor.fetchall():
            borne[number].append(KnownName(number, name, former))
    return borne


def _most_alike(name: Name, names: Sequence[KnownName]) -> tuple[KnownName, ...]:
    core = name.core.replace(NUMBER, "")
    alike = [(fuzz.partial_ratio(core, one.name, score_cutoff=LEAST_ALIKE), one) for one in names]
    ordered = sorted(
        ((score, fuzz.ratio(name.compared, one.name), one) for score, one in alike if score),
        key=lambda item: (-item[0], -item[1], item[2].organisation_id, item[2].former, item[2].name),
    )
    return tuple(one for _, _, one in ordered[:SCORED])
