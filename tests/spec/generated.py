"""Tables that nobody would have thought of, for the engines to agree on."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from xinheng.engines.aggregation import Aggregation
from xinheng.engines.archives import ArchiveStatistics, ArchiveTotals
from xinheng.engines.business_keys import BusinessKeys
from xinheng.engines.indicators import Condition, Indicator
from xinheng.engines.linking import Linking
from xinheng.engines.questions import Engine, Question, Row, Tables

AS_AT = date(2026, 11, 1)
SUBJECTS = st.integers(1, 6)
TYPES = st.sampled_from(["penalty", "licence", "tax"])
WORDS = st.sampled_from(["", "甲", "乙", "a", "甲 ", "A"])
MAYBE = st.one_of(st.none(), WORDS)
EDGES = st.sampled_from([-1, 0, 29, 30, 59, 60, 89, 90, 119, 120, 364, 365, 366])
"""Ages at which a row enters a window, changes its step, or leaves."""
AGES = st.one_of(EDGES, EDGES, st.integers(0, 130))
KNOWN_DAYS = AGES.map(lambda age: AS_AT - timedelta(days=age))
DAYS = st.integers(0, 9).flatmap(lambda draw: KNOWN_DAYS if draw else st.none())
AMOUNTS = st.one_of(st.none(), st.integers(-(10**12), 10**12), st.sampled_from([0, 1, -1]))


@dataclass(frozen=True)
class Asked:
    """A question with the tables it is put to."""

    question: Question
    tables: Tables

    def of(self, engine: Engine) -> list[Row]:
        for name, schema in self.question.tables.items():
            engine.put(name, schema, self.tables[name])
        return engine.answer(self.question)


def identifier(number: int) -> str:
    return str(uuid.UUID(int=number))


ALIASES = st.dictionaries(st.integers(4, 6), st.integers(1, 3), min_size=1, max_size=3).map(
    lambda known: [{"alias": alias, "subject_no": now} for alias, now in known.items()]
)
CONDITIONS = st.lists(
    st.builds(
        Condition,
        st.sampled_from(["status", "office"]),
        st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple),
    ),
    max_size=1,
).map(tuple)
WINDOWS = st.sampled_from([1, 30, 60, 120, 365, 366, 366])
DECAYS = st.one_of(st.just(()), st.lists(st.integers(0, 2_000), min_size=2, max_size=5, unique=True).map(tuple))
WEIGHTS = st.integers(-50, 50).filter(bool)
KINDS = st.lists(TYPES, min_size=1, max_size=3, unique=True).map(tuple)


def _indicators(key: str) -> st.SearchStrategy[Indicator]:
    shared = {"types": KINDS, "window": WINDOWS, "conditions": CONDITIONS, "weight": WEIGHTS}
    named = {**shared, "key": st.just(key)}
    return st.one_of(
        st.builds(Indicator, **named, measure=st.just("count"), decay=DECAYS),
        st.builds(Indicator, **named, measure=st.just("sum"), column=st.just("amount"), decay=DECAYS),
        st.builds(Indicator, **named, measure=st.just("days_since")),
        st.builds(Indicator, **named, measure=st.just("distinct"), column=st.sampled_from(["status", "office"])),
    )


FACTS = st.lists(
    st.fixed_dictionaries(
        {"subject_no": SUBJECTS, "type": TYPES, "day": DAYS, "status": MAYBE, "office": MAYBE, "amount": AMOUNTS}
    ),
    min_size=8,
    max_size=30,
)
AGGREGATIONS = st.builds(
    lambda indicators, facts, aliases: Asked(
        Aggregation(indicators, AS_AT),
        {"facts": facts, "aliases": aliases},
    ),
    st.integers(1, 5).flatmap(lambda n: st.tuples(*(_indicators(f"i{number}") for number in range(n)))),
    FACTS,
    ALIASES,
)

STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "batch_no": st.integers(1, 4),
            "type": TYPES,
            "subject_no": SUBJECTS,
            "key": st.integers(1, 5).map(identifier),
            "statement": st.sampled_from(["new", "amended", "withdrawn", "returned"]),
            "day": DAYS,
        }
    ),
    max_size=25,
    unique_by=lambda row: (row["batch_no"], row["type"], row["key"]),
)
ARCHIVES = st.builds(
    lambda statements, aliases: Asked(ArchiveStatistics(), {"statements": statements, "aliases": aliases}),
    STATEMENTS,
    ALIASES,
)
TOTALS = ARCHIVES.map(lambda asked: Asked(ArchiveTotals(), asked.tables))

SENT = st.lists(
    st.fixed_dictionaries(
        {
            "row_no": st.integers(2, 40),
            "key_hash": st.integers(1, 8).map(identifier),
            "content_hash": st.integers(1, 3).map(identifier),
            "withdrawn": st.booleans(),
        }
    ),
    max_size=20,
    unique_by=lambda row: row["row_no"],
)
OPEN_VERSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "key_hash": st.integers(1, 8).map(identifier),
            "content_hash": st.integers(1, 3).map(identifier),
            "id": st.integers(1, 99),
            "record_no": st.integers(1, 99),
            "version": st.integers(1, 5),
            "withdrawn": st.booleans(),
            "department_id": st.sampled_from([5, 5, 5, 6]),
            "gate": st.sampled_from(["open", "held", "unlinked", "returned"]),
            "subject_no": st.one_of(st.none(), SUBJECTS),
            "first_received_at": st.just("2026-01-01T00:00:00+08:00"),
        }
    ),
    max_size=8,
    unique_by=lambda row: row["key_hash"],
)
KEYS = st.builds(
    lambda returns, sent, known: Asked(BusinessKeys(5, returns), {"statements": sent, "open_versions": known}),
    st.booleans(),
    SENT,
    OPEN_VERSIONS,
)

CODES, OLDER = st.sampled_from(["C1", "C2", "C3"]), st.sampled_from(["registration_no", "organisation_code"])
NAME_KEYS = st.sampled_from(["", "甲", "乙", "甲乙", "丙"])
REGISTERED = st.fixed_dictionaries(
    {
        number: st.fixed_dictionaries(
            {
                "registered": st.booleans(),
                "name_keys": st.one_of(st.none(), st.lists(NAME_KEYS, min_size=1, max_size=2).map("\x1f".join)),
            }
        )
        for number in range(1, 5)
    }
)


def _linking(
    named: list[tuple[str | None, str]],
    numbers: list[tuple[int, str, str]],
    bearers: Mapping[tuple[str, str], int],
    register: Mapping[int, Row],
    names: Mapping[str, list[int]],
) -> Asked:
    subjects = [
        {"row_no": place + 2, "credit_code": code, "name_key": name, "subject_name": name}
        for place, (code, name) in enumerate(named)
    ]
    known = [
        {"kind": kind, "value": value, "subject_no": number, **register[number]}
        for (kind, value), number in bearers.items()
    ]
    coded = [{"row_no": row["row_no"], "kind": "credit_code", "value": row["credit_code"]} for row in subjects]
    tables = {
        "subjects": subjects,
        "numbers": [row for row in coded if row["value"]]
        + [{"row_no": row_no, "kind": kind, "value": value} for row_no, kind, value in numbers],
        "known_numbers": known,
        "known_names": [
            {"name_key": name, "subject_no": min(found), "candidates": ",".join(map(str, sorted(found)))}
            for name, found in names.items()
        ],
    }
    return Asked(Linking(), tables)


LINKINGS = st.builds(
    _linking,
    st.lists(st.tuples(st.one_of(st.none(), CODES), NAME_KEYS), max_size=10),
    st.lists(st.tuples(st.integers(2, 11), OLDER, CODES), max_size=12),
    st.dictionaries(
        st.tuples(st.sampled_from(["credit_code", "registration_no", "organisation_code"]), CODES),
        st.integers(1, 4),
        max_size=8,
    ),
    REGISTERED,
    st.dictionaries(NAME_KEYS, st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True), max_size=4),
)

GENERATED: Mapping[str, st.SearchStrategy[Asked]] = {
    "linking": LINKINGS,
    "business_keys": KEYS,
    "archive_statistics": ARCHIVES,
    "archive_totals": TOTALS,
    "aggregation": AGGREGATIONS,
}
