"""Organisations by a part of their name, by pinyin initials, or with one typo.

All tokens of what was typed must be in the index, then the place in the name is verified. Very common texts
(有限公司) are answered from names that begin with them and from a bounded sample, never by looking at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection
from rapidfuzz import fuzz

from xinheng.base.names import BIGRAM, query_tokens
from xinheng.base.scope import Scope
from xinheng.register import one_typo
from xinheng.register.models import SIGNS
from xinheng.register.search_tokens import counts
from xinheng.register.summaries import COLUMNS, PLACE, OrganisationSummary, summaries, summary_of, visible_to

COMMON = 2_000
"""Above so many organisations with the rarest token, not all of them are looked at."""
VERY_COMMON = 50_000
"""Above so many, any part of the table holds enough of them, and the index would only be in the way."""
SAMPLE = 200
SLICES, SLICE = 10, 2_000
"""The part of the table looked at then: slices spread evenly, since what came in one file lies together."""
CANDIDATES = 2_000
RAREST = 4
NARROWING = 10
"""A token carried by so many times more organisations than the rarest one only costs time."""
BEYOND_ALL_LETTERS = "\U0010ffff"

Column = Literal["searched", "initials"]

_FORMER = """
(SELECT n.name FROM register_organisationname AS n
 WHERE n.organisation_id = o.id AND n.former AND n.known_to IS NULL
   AND position(%(text)s IN translate(n.name_key, %(signs)s, '')) > 0
 ORDER BY n.id LIMIT 1)
"""
_SLICED = """
(SELECT slice.* FROM (SELECT min(id) AS first, max(id) AS last FROM register_organisation) AS held,
    generate_series(0, %(slices)s - 1) AS part,
    LATERAL (SELECT * FROM register_organisation
             WHERE id >= first + (last - first + 1) * part / %(slices)s
               AND id < first + (last - first + 1) * (part + 1) / %(slices)s
             ORDER BY id LIMIT %(slice)s) AS slice) AS o
"""
_FOUND = "o.id, o.name, o.credit_code, o.kind, o.status, o.registered, o.established_on, o.searched, o.pinyin_key"


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


def by_name(scope: Scope, key: str, *, limit: int, offset: int) -> NameHits:
    """Present and former names that hold `key` (a normalised text of two characters or more)."""
    return _by_tokens(scope, "searched", key, _pairs(key), limit=limit, offset=offset)


def by_initials(scope: Scope, letters: str, *, limit: int, offset: int) -> NameHits:
    """Names whose characters' pinyin initials hold `letters` (lower case, three or more) in a row."""
    return _by_tokens(scope, "initials", letters, query_tokens(letters), limit=limit, offset=offset)


def by_one_typo(scope: Scope, key: str, *, limit: int, thorough: bool = True) -> tuple[NameHit, ...]:
    """Names that hold `key` with one character wrong, missing or too many, but not as it is.

    Not `thorough`: only where that is cheap, for names shown beside exact hits.
    """
    pairs = _pairs(key)
    ways = one_typo.ways(pairs, counts(pairs), most=one_typo.MOST_COMMON if thorough else COMMON)
    if not ways:
        return ()
    candidates = _candidates(scope, ways, CANDIDATES if thorough else CANDIDATES // 4)
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
    candidates = dict(_candidates(scope, ways, CANDIDATES // 4))
    closest = sorted(candidates, key=lambda number: (-fuzz.ratio(key, candidates[number]), number))[:limit]
    return tuple(NameHit(one, candidates[one.id], "") for one in summaries(scope, closest))


def _by_tokens(scope: Scope, column: Column, text: str, tokens: Sequence[str], *, limit: int, offset: int) -> NameHits:
    carried = counts(tokens)
    ordered = sorted(carried, key=lambda token: (carried[token], token))
    fewest = carried[ordered[0]]
    rarest = [token for token in ordered[:RAREST] if carried[token] <= NARROWING * max(fewest, COMMON)]
    common = fewest > COMMON
    asked = {
        "text": text,
        "signs": SIGNS,
        "tokens": rarest,
        "beyond": text + BEYOND_ALL_LETTERS,
        "slices": SLICES,
        "slice": SLICE,
        "wanted": offset + limit + 1,
        "sample": offset + SAMPLE if common else COMMON + 1,
        "limit": limit + 1,
        "offset": offset,
    }
    rows: list[Sequence[Any]] = []
    for candidates in _sources(scope, column, fewest):
        rows = _rows(column, candidates, asked)
        if len(rows) > limit:
            break
    hits = tuple(NameHit(summary_of(row[:-2]), row[-2], row[-1] or "") for row in rows[:limit])
    return NameHits(hits, more=len(rows) > limit, common=common)


def _sources(scope: Scope, column: Column, count: int) -> Iterator[str]:
    """Where to look, the cheapest place first; a later one is asked when the page is not full."""
    former = f"OR {_FORMER} IS NOT NULL" if column == "searched" else ""
    indexed = f"o.tokens @> %(tokens)s::text[] AND (position(%(text)s IN o.{column}) > 0 {former})"
    through_index = _holding(scope, column, "register_organisation AS o", indexed)
    if count <= COMMON:
        yield through_index
        return
    beginning = _beginning(scope) if column == "searched" else ""
    if beginning:
        yield beginning
    if count > VERY_COMMON:
        # Present names only: looking up the former names of every row here would cost more than all the rest.
        yield _either(beginning, _holding(scope, column, _SLICED, f"position(%(text)s IN o.{column}) > 0"))
    yield _either(beginning, through_index)


def _either(one: str, other: str) -> str:
    return f"({one}) UNION ({other})" if one else other


def _beginning(scope: Scope) -> str:
    return f"""
        SELECT {_FOUND}, o.searched AS compared FROM register_organisation AS o
        WHERE o.searched ~>=~ %(text)s AND o.searched ~<~ %(beyond)s AND {visible_to(scope)}
        ORDER BY o.searched USING ~<~ LIMIT %(wanted)s
    """


def _holding(scope: Scope, column: Column, source: str, condition: str) -> str:
    return f"""
        SELECT {_FOUND}, o.{column} AS compared FROM {source} WHERE {condition} AND {visible_to(scope)} LIMIT %(sample)s
    """


def _rows(column: Column, candidates: str, asked: dict[str, Any]) -> list[Sequence[Any]]:
    # The page is cut first: places and former names are looked up for its rows only.
    former = f"CASE WHEN position(%(text)s IN o.compared) = 0 THEN {_FORMER} END" if column == "searched" else "''"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {COLUMNS}, o.searched, {former} FROM (
                SELECT *, row_number() OVER (
                    ORDER BY CASE WHEN compared = %(text)s THEN 0 WHEN starts_with(compared, %(text)s) THEN 1
                                  WHEN position(%(text)s IN compared) > 0 THEN 2 ELSE 3 END,
                             position(%(text)s IN compared), length(compared), status <> 'operating', pinyin_key, id
                ) AS rank FROM ({candidates}) AS found ORDER BY rank LIMIT %(limit)s OFFSET %(offset)s
            ) AS o {PLACE} ORDER BY o.rank
            """,
            asked,
        )
        return list(cursor.fetchall())


def _candidates(scope: Scope, ways: Sequence[Sequence[str]], most: int) -> list[tuple[int, str]]:
    holds = " OR ".join("o.tokens @> %s::text[]" for _ in ways)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.id, o.searched FROM register_organisation AS o WHERE ({holds}) AND {visible_to(scope)} LIMIT %s",
            [*(list(way) for way in ways), most],
        )
        return list(cursor.fetchall())


def _pairs(key: str) -> list[str]:
    """The character pairs of a text in order, as tokens."""
    return [BIGRAM + key[place : place + 2] for place in range(len(key) - 1)]
