"""Listings and what follows from them: written by sets, with the cause that ends them all.

Neither is altered here: the entry is the deciding body's, the period is the list's. A restraint has the *record* as
its cause, not the listing, so that whatever ends the record's effects ends every one of them at once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Refused, WrongUsage
from xinheng.effects.models import MEASURES, NEVER_RETURNS, Kind, ListingTerms, MeasureTerms, ServiceMethod
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole

_TERMS = ("measure_key", "edition", "list_key", "title", "executing_body", "applies_to", "rests")
_LONGEST = {"title": 300, "executing_body": 200, "applies_to": 1000}
_BARRED = """EXISTS (
    SELECT 1 FROM register_record p JOIN effects_effect e ON e.record_id = p.id AND e.kind IN ('listing', 'honour')
    WHERE p.record_no = r.record_no AND e.ended_at IS NOT NULL AND e.end_reason = ANY(%(barred)s)
      AND NOT EXISTS (SELECT 1 FROM effects_effectchange c WHERE c.effect_id = e.id AND c.change = 'restored')
      AND NOT EXISTS (
          SELECT 1 FROM register_review v WHERE v.record_no = r.record_no AND v.kind = 'returned'
              AND v.outcome = 'accepted' AND v.closed_at >= e.ended_at))"""
"""An earlier version of record `r` left the list for good, and nobody let it return since."""
_BACK = """
    SELECT DISTINCT ON (p.record_no) p.record_no, e.id, e.ends FROM effects_effectchange c
    JOIN effects_effect e ON e.id = c.effect_id AND e.kind IN ('listing', 'honour')
    JOIN register_record p ON p.id = e.record_id
    WHERE c.change = 'restored' AND NOT EXISTS (SELECT 1 FROM effects_effect n WHERE n.restores_id = e.id)
    ORDER BY p.record_no, e.id DESC"""
"""Entries that a decision lets return and that have not returned yet."""


@dataclass(frozen=True)
class ListedBy:
    """One list as entries arrive: records of `record_type` whose list key is `record_value`.

    `enabling` and `governing` are numbers of provisions. `months` caps the period where the law names one (0: it
    names none); `removal_rule` says how an entry without a last day ends.
    """

    record_type: str
    record_value: str
    list_key: str
    title: str
    enabling: tuple[int, ...]
    governing: tuple[int, ...]
    by_decision: bool
    """The record's last day is the one the decision names; else the day of removal, and the entry stands until then."""
    months: int
    removal_rule: str
    decided_from: date = date.min
    """First day on which every governing provision was in force: older decisions are not listed by them."""
    decided_to: date | None = None
    kind: Kind = Kind.LISTING
    """An honour is an entry of another kind: no door can take it for something adverse."""


@dataclass(frozen=True)
class Applied:
    """One measure to begin for one record version: on which terms and basis, from when to when."""

    record_id: int
    terms_id: int
    basis_set_id: int
    starts: date
    ends: date | None
    removal_rule: str


@transaction.atomic
def list_subjects(
    *, lists: Sequence[ListedBy], record_nos: Sequence[int] | None, today: date, now: datetime, by: Actor
) -> int:
    """Give every open version of an entry (of these records, or all: None) its listing; how many were written.

    Entries that have one, that ran out, or that nobody may rely on yet (a link to confirm, a resend to look at) are
    passed over, so repeating the call changes nothing.
    """
    if not lists:
        return 0
    made: list[tuple[int, int]] = []
    with connection.cursor() as cursor:
        for one in lists:
            made += _list(cursor, one, record_nos, today=today, now=now)
        if made:
            _tell(cursor, made, now)
            carry_suspensions(cursor, [effect for effect, _ in made], now=now)
    if made:
        record(act="effects.list", by=by, now=now, object_type="listing", object_id=str(made[0][0]),
               detail={"listed": len(made)})  # fmt: skip
    return len(made)


def _list(
    cursor: Any, one: ListedBy, record_nos: Sequence[int] | None, *, today: date, now: datetime
) -> list[tuple[int, int]]:
    members = [(number, BasisRole.ENABLING) for number in one.enabling]
    members += [(number, BasisRole.GOVERNING) for number in one.governing]
    terms, _ = ListingTerms.objects.get_or_create(list_key=one.list_key, title=one.title)
    stated = "r.valid_to + 1" if one.by_decision else "r.valid_to"
    longest = "(r.decided_on + make_interval(months => %(months)s))::date"
    ends = f"least({stated}, {longest})" if one.months else stated
    cursor.execute(
        f"""
        INSERT INTO effects_effect (region_id, subject_no, kind, record_id, basis_set_id, terms_id, starts, ends,
            removal_rule, created_at, created_by_batch, end_reason, restores_id)
        SELECT x.region_id, x.subject_no, %(kind)s, x.id, %(basis)s, %(terms)s, x.starts, x.ends,
            CASE WHEN x.ends IS NULL THEN %(removal)s ELSE '' END, %(now)s, x.batch_no, '', x.restores
        FROM (
            SELECT r.id, r.region_id, r.subject_no, r.batch_no, back.id AS restores,
                greatest(coalesce(r.valid_from, r.decided_on), %(today)s) AS starts, least({ends}, back.ends) AS ends
            FROM register_record r LEFT JOIN ({_BACK}) back ON back.record_no = r.record_no
            WHERE r.type = %(type)s AND r.list_key = %(value)s AND r.known_to IS NULL AND NOT r.withdrawn
              AND r.gate = 'open'
              AND r.decided_on >= %(decided_from)s
              AND r.decided_on <= coalesce(%(decided_to)s, r.decided_on)
              AND (%(numbers)s::bigint[] IS NULL OR r.record_no = ANY(%(numbers)s))
              AND (back.id IS NOT NULL OR NOT EXISTS (
                  SELECT 1 FROM effects_effect e
                  WHERE e.record_id = r.id AND e.kind = %(kind)s AND e.end_reason <> 'corrected'))
              AND NOT (r.version > 1 AND {_BARRED})
        ) x WHERE x.ends IS NULL OR x.ends > x.starts
        ORDER BY x.id ON CONFLICT DO NOTHING
        RETURNING id, region_id
        """,
        {
            "kind": one.kind.value,
            "basis": intern_basis_set(members=members, now=now),
            "terms": terms.pk,
            "months": one.months,
            "removal": one.removal_rule[:200],
            "now": now,
            "today": today,
            "decided_from": one.decided_from,
            "decided_to": one.decided_to,
            "barred": [reason.value for reason in NEVER_RETURNS],
            "type": one.record_type,
            "value": one.record_value,
            "numbers": None if record_nos is None else list(record_nos),
        },
    )
    return [(int(effect), int(region)) for effect, region in cursor.fetchall()]


def measure_terms(
    *, measure_key: str, edition: str, list_key: str, title: str, executing_body: str, applies_to: str, rests: bool
) -> int:
    """The number of these terms; made when they do not exist yet."""
    wanted = MeasureTerms(
        measure_key=measure_key, edition=edition, list_key=list_key, title=title, executing_body=executing_body,
        applies_to=applies_to, rests=rests,
    )  # fmt: skip
    return intern_measure_terms(wanted=[wanted])[0]


def intern_measure_terms(*, wanted: Sequence[MeasureTerms]) -> list[int]:
    """The numbers of these terms in their order; those that exist are read at once, the others made."""
    known = {
        tuple(row[1:]): int(row[0])
        for row in MeasureTerms.objects.filter(edition__in={one.edition for one in wanted}).values_list("pk", *_TERMS)
    }
    numbers = []
    for one in wanted:
        facts = {name: getattr(one, name) for name in _TERMS}
        facts |= {name: str(facts[name])[:length] for name, length in _LONGEST.items()}
        number = known.get(tuple(facts.values()))
        numbers.append(number or MeasureTerms.objects.get_or_create(**facts)[0].pk)
    return numbers


@transaction.atomic
def note_service(
    *, region_id: int, records: Sequence[tuple[int, int]], method: ServiceMethod, served_on: date, evidence: str,
    by: Actor, now: datetime, today: date,
) -> list[int]:  # fmt: skip
    """Note that the notice about each record (its number, its subject's number) reached the subject.

    Each record is named once. Returns the services' numbers in the same order. Evidence is a receipt, a tracking
    number, a witness's record.
    """
    if not evidence.strip():
        raise WrongUsage("请写明送达的凭证，例如回证编号、邮件单号。")
    if served_on > today:
        raise Refused("送达日期不能晚于今天。", "请填写实际送达的日期。")
    numbers = [number for number, _ in records]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO effects_service (region_id, record_no, subject_no, method, served_on, evidence, noted_at,
                actor_kind, actor_id, actor_name)
            SELECT %s, told.record_no, told.subject_no, %s, %s, %s, %s, %s, %s, %s
            FROM unnest(%s::bigint[], %s::bigint[]) AS told (record_no, subject_no) RETURNING record_no, id
            """,
            [
                region_id, method.value, served_on, evidence.strip()[:500], now, by.kind, by.id, by.name, numbers,
                [subject for _, subject in records],
            ],
        )  # fmt: skip
        made = {int(number): int(service) for number, service in cursor.fetchall()}
    return [made[number] for number in numbers]


@transaction.atomic
def apply_measures(*, kind: Kind, measures: Sequence[Applied], by: Actor, now: datetime) -> int:
    """Begin restraints, graduated measures or incentives, many in one statement; how many were written.

    One that its record has already is passed over. The database refuses a restraint, and a
    graduated measure, before the day after service.
    """
    if kind not in MEASURES:
        raise WrongUsage("只有惩戒措施、分级监管措施和激励措施由名单引起。")
    if not measures:
        return 0
    with connection.cursor() as cursor:
        back = _return(cursor, kind, measures, by=by, now=now)
        cursor.execute(
            """
            INSERT INTO effects_effect (region_id, subject_no, kind, record_id, basis_set_id, terms_id, starts, ends,
                removal_rule, created_at, end_reason, restores_id)
            SELECT r.region_id, r.subject_no, %s, r.id, m.basis, m.terms, m.starts, m.ends, m.rule, %s, '', m.restores
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::text[], %s::bigint[])
                AS m (record_id, terms, basis, starts, ends, rule, restores)
            JOIN register_record r ON r.id = m.record_id
            WHERE m.ends IS NULL OR m.ends > m.starts
            ORDER BY r.id, m.terms ON CONFLICT DO NOTHING
            RETURNING id, region_id
            """,
            [
                kind.value,
                now,
                [one.record_id for one in measures],
                [one.terms_id for one in measures],
                [one.basis_set_id for one in measures],
                [one.starts for one in measures],
                [back[_key(one)].within(one.ends) if _key(one) in back else one.ends for one in measures],
                [one.removal_rule[:200] for one in measures],
                [back[_key(one)].effect if _key(one) in back else None for one in measures],
            ],
        )
        made = [(int(effect), int(region)) for effect, region in cursor.fetchall()]
        if made:
            _tell(cursor, made, now)
            carry_suspensions(cursor, [effect for effect, _ in made], now=now)
    if made:
        record(act="effects.apply", by=by, now=now, object_type=kind.value, object_id=str(made[0][0]),
               detail={"applied": len(made)})  # fmt: skip
    return len(made)


@dataclass(frozen=True)
class _Ended:
    """A measure that ended with an entry that returned, and the first day without it."""

    effect: int
    ends: date | None

    def within(self, ends: date | None) -> date | None:
        """What returns lasts no longer than what ended would have."""
        return ends if self.ends is None or (ends is not None and ends < self.ends) else self.ends


def _key(one: Applied) -> tuple[int, int]:
    return one.record_id, one.terms_id


def _return(
    cursor: Any, kind: Kind, measures: Sequence[Applied], *, by: Actor, now: datetime
) -> dict[tuple[int, int], _Ended]:
    """Which of these measures the same record had before, until they ended for good; noted as restored."""
    cursor.execute(
        """
        SELECT DISTINCT ON (m.record_id, m.terms) m.record_id, m.terms, x.id, x.ends
        FROM unnest(%s::bigint[], %s::bigint[]) AS m (record_id, terms)
        JOIN effects_measureterms t ON t.id = m.terms
        JOIN register_record r ON r.id = m.record_id
        JOIN register_record v ON v.record_no = r.record_no
        JOIN effects_effect x ON x.record_id = v.id AND x.kind = %s AND x.ended_at IS NOT NULL
            AND x.end_reason NOT IN ('corrected', 'superseded', 'removed')
        JOIN effects_measureterms y ON y.id = x.terms_id AND y.measure_key = t.measure_key
        WHERE NOT EXISTS (SELECT 1 FROM effects_effect n WHERE n.restores_id = x.id)
        ORDER BY m.record_id, m.terms, x.id DESC
        """,
        [[one.record_id for one in measures], [one.terms_id for one in measures], kind.value],
    )
    found = {(int(record), int(terms)): _Ended(int(effect), ends) for record, terms, effect, ends in cursor.fetchall()}
    cursor.execute(
        """
        INSERT INTO effects_effectchange (effect_id, change, at, actor_kind, actor_id, actor_name, reason)
        SELECT unnest(%s::bigint[]), 'restored', %s, %s, %s, %s, '列入恢复，再次告知送达后恢复'
        """,
        [[one.effect for one in found.values()], now, by.kind, by.id, by.name],
    )
    return found


def carry_suspensions(cursor: Any, effects: Sequence[int], *, now: datetime) -> None:
    """What begins while its record is examined or rests does so too, each cause with its own row.

    An entry and what others carry out are marked where the record is marked; a measure of ours rests.
    """
    name = f"carried_{uuid.uuid4().hex}"
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE {name} AS
        SELECT n.id AS effect_id, s.cause, min(s.reason) AS reason,
            bool_or(s.hides) OR (n.kind IN ('restraint', 'graduated') AND bool_or(t.rests)) AS hides
        FROM effects_effect n JOIN register_record r ON r.id = n.record_id
        JOIN register_record v ON v.record_no = r.record_no
        JOIN effects_effect o ON o.record_id = v.id AND o.id <> n.id
            AND (o.kind NOT IN ('restraint', 'graduated') OR n.kind IN ('restraint', 'graduated'))
        JOIN effects_suspension s ON s.effect_id = o.id AND s.resumed_at IS NULL
        LEFT JOIN effects_measureterms t ON t.id = n.terms_id AND n.kind IN ('restraint', 'graduated')
        WHERE n.id = ANY(%s)
        GROUP BY n.id, n.kind, s.cause
        """,
        [list(effects)],
    )
    cursor.execute(
        f"""
        INSERT INTO effects_effectchange (effect_id, change, at, actor_kind, actor_id, actor_name, reason)
        SELECT effect_id, 'suspended', %s, 'system', '', '效果', reason FROM {name}
        """,
        [now],
    )
    cursor.execute(
        f"""
        INSERT INTO effects_suspension (effect_id, cause, hides, suspended_at, reason)
        SELECT effect_id, cause, hides, %s, reason FROM {name}
        """,
        [now],
    )
    cursor.execute(f"DROP TABLE {name}")


def _tell(cursor: Any, made: Sequence[tuple[int, int]], now: datetime) -> None:
    """One event each: ranges of numbers may hold what others wrote meanwhile."""
    cursor.execute(
        """
        INSERT INTO effects_feedevent (region_id, kind, first_effect, last_effect, count, batch_no, at)
        SELECT region, 'appeared', effect, effect, 1, e.created_by_batch, %s
        FROM unnest(%s::bigint[], %s::bigint[]) AS made (effect, region)
        JOIN effects_effect e ON e.id = made.effect
        """,
        [now, [effect for effect, _ in made], [region for _, region in made]],
    )
