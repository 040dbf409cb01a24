"""Organisations by a part of their name, by pinyin initials, or with one typo.

All tokens of what was typed must be in the index, then the place in the name is verified. Very common texts
(有限公司) are answered from names that begin with them and from a bounded sample, never by looking at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from rapidfuzz import fuzz

from xinheng.base.names import BIGRAM, query_tokens, searched_form
from xinheng.base.scope import Scope
from xinheng.register import one_typo
from xinheng.register.search_tokens import counts
from xinheng.register.summaries import COLUMNS, PLACE, OrganisationSummary, summaries, summary_of, visible_to

COMMON = 4_000
"""Above so many organisations with the rarest token, not all of them are looked at."""
SAMPLE = 2_000
RAREST = 4
BEYOND_ALL_LETTERS = "\U0010ffff"

SIGNS = "()-·•・.,&'\"/+:;!?、，。《》<>“”‘’*#@~`|_=—…"
"""What stands in normalised names and is not searched; `base.names.searched_form` leaves it out too."""

_PLAIN = "translate({table}.name_key, %(signs)s, '')"
_PRESENT = f"position(%(text)s IN o.name_key) > 0 OR position(%(text)s IN {_PLAIN.format(table='o')}) > 0"
_FORMER = f"""
(SELECT n.name FROM register_organisationname AS n
 WHERE n.organisation_id = o.id AND n.former AND n.known_to IS NULL
   AND position(%(text)s IN {_PLAIN.format(table="n")}) > 0
 ORDER BY n.id LIMIT 1)
"""  # noqa: S608 - constants only


@dataclass(frozen=True)
class _Searched:
    """A text of an organisation that can be searched, and the SQL condition that it holds the typed one."""

    expression: str
    holds: str


_NAMES = _Searched(_PLAIN.format(table="o"), f"({_PRESENT} OR {_FORMER} IS NOT NULL)")
_INITIALS = _Searched("o.initials", "position(%(text)s IN o.initials) > 0")


@dataclass(frozen=True)
class NameHit:
    """An organisation and what of it matched: `former_name` when only a former name did."""

    organisation: OrganisationSummary
    key: str
    former_name: str


@dataclass(frozen=True)
class NameHits:
    """One page of hits; `common` when only a part of all matching names was looked at."""

    hits: tuple[NameHit, ...]
    more: bool
    common: bool


_RANK = """
CASE WHEN s.searched = %(text)s THEN 0 WHEN starts_with(s.searched, %(text)s) THEN 1
     WHEN position(%(text)s IN s.searched) > 0 THEN 2 ELSE 3 END,
position(%(text)s IN s.searched), length(s.searched), o.status <> 'operating', o.pinyin_key, o.id
"""


def by_name(scope: Scope, key: str, *, limit: int, offset: int) -> NameHits:
    """Present and former names that hold `key` (a normalised text of two characters or more)."""
    return _by_tokens(scope, _NAMES, key, _pairs(key), limit=limit, offset=offset)


def by_initials(scope: Scope, letters: str, *, limit: int, offset: int) -> NameHits:
    """Names whose characters' pinyin initials hold `letters` (lower case, three or more) in a row."""
    return _by_tokens(scope, _INITIALS, letters, query_tokens(letters), limit=limit, offset=offset)


def by_one_typo(scope: Scope, key: str, *, limit: int) -> tuple[NameHit, ...]:
    """Names that hold `key` with one character wrong, missing or too many, but not as it is."""
    pairs = _pairs(key)
    ways = one_typo.ways(pairs, counts(pairs))
    if not ways:
        return ()
    candidates = _candidates(scope, ways, SAMPLE)
    placed = [
        (abs(len(name) - len(key)), place, name, number)
        for number, name in candidates
        if key not in name and (place := one_typo.place_of(key, name)) is not None
    ]
    found = {number: name for _, _, name, number in sorted(placed)[:limit]}
    return tuple(NameHit(one, found[one.id], "") for one in summaries(scope, list(found)))


def alike(scope: Scope, key: str, *, limit: int) -> tuple[NameHit, ...]:
    """Names that share the rarest pairs of `key`, the most similar first: better than an empty page."""
    known = {pair: count for pair, count in counts(_pairs(key)).items() if 0 < count <= one_typo.MOST_COMMON}
    ways = [[pair] for pair in sorted(known, key=lambda pair: (known[pair], pair))[:2]]
    if not ways:
        return ()
    candidates = dict(_candidates(scope, ways, SAMPLE // 4))
    closest = sorted(candidates, key=lambda number: (-fuzz.ratio(key, candidates[number]), number))[:limit]
    return tuple(NameHit(one, candidates[one.id], "") for one in summaries(scope, closest))


def _by_tokens(
    scope: Scope, searched: _Searched, text: str, tokens: Sequence[str], *, limit: int, offset: int
) -> NameHits:
    carried = counts(tokens)
    rarest = sorted(carried, key=lambda token: (carried[token], token))[:RAREST]
    common = carried[rarest[0]] > COMMON
    facts = {
        "text": text,
        "signs": SIGNS,
        "tokens": rarest,
        "beyond": text + BEYOND_ALL_LETTERS,
        "wanted": offset + limit + 1,
        "limit": limit + 1,
        "offset": offset,
        "sample": SAMPLE if common else COMMON + 1,
    }
    with_beginning = common and searched is _NAMES
    rows = _rows(searched, _beginning(scope), facts) if with_beginning else []
    if len(rows) <= limit:
        holding = _holding(scope, searched)
        both = f"({_beginning(scope)}) UNION ({holding})" if with_beginning else holding
        rows = _rows(searched, both, facts)
    hits = tuple(NameHit(summary_of(row[:-2]), row[-2], row[-1] or "") for row in rows[:limit])
    return NameHits(hits, more=len(rows) > limit, common=common)


def _beginning(scope: Scope) -> str:
    return f"""
        SELECT o.id FROM register_organisation AS o
        WHERE o.name_key ~>=~ %(text)s AND o.name_key ~<~ %(beyond)s AND {visible_to(scope)}
        ORDER BY o.name_key USING ~<~ LIMIT %(wanted)s
    """  # noqa: S608 - constants only


def _holding(scope: Scope, searched: _Searched) -> str:
    return f"""
        SELECT o.id FROM register_organisation AS o
        WHERE o.tokens @> %(tokens)s::text[] AND {searched.holds} AND {visible_to(scope)} LIMIT %(sample)s
    """  # noqa: S608 - constants only


def _rows(searched: _Searched, numbers: str, facts: dict[str, Any]) -> list[Sequence[Any]]:
    former = f"CASE WHEN position(%(text)s IN s.searched) = 0 THEN {_FORMER} END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS}, s.searched, {former} FROM ({numbers}) AS found "  # noqa: S608 - constants only
            f"JOIN register_organisation AS o USING (id) {PLACE} "
            f"CROSS JOIN LATERAL (SELECT {searched.expression} AS searched) AS s "
            f"ORDER BY {_RANK} LIMIT %(limit)s OFFSET %(offset)s",
            facts,
        )
        return list(cursor.fetchall())


def _candidates(scope: Scope, ways: Sequence[Sequence[str]], most: int) -> list[tuple[int, str]]:
    holds = " OR ".join("o.tokens @> %s::text[]" for _ in ways)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.id, o.name_key FROM register_organisation AS o "  # noqa: S608 - constants only
            f"WHERE ({holds}) AND {visible_to(scope)} LIMIT %s",
            [*(list(way) for way in ways), most],
        )
        return [(number, searched_form(key)) for number, key in cursor.fetchall()]


def _pairs(key: str) -> list[str]:
    """The character pairs of a text in order, as tokens."""
    return [BIGRAM + key[place : place + 2] for place in range(len(key) - 1)]
