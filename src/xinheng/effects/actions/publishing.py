"""Publishing records: judged by the rules in one statement, written in another, whatever their number."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.scope import PUBLIC
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.actions.suspending import carry_takedowns
from xinheng.effects.classification import REVIEW_REASONS
from xinheng.effects.interning import Chosen, intern_bases
from xinheng.effects.models import NEVER_RETURNS
from xinheng.effects.publicity import judging_query, quoted
from xinheng.effects.rules import grounded, load_rules
from xinheng.effects.tallying import tally_beginnings
from xinheng.law.queries import reliable_provisions


@dataclass(frozen=True)
class Publication:
    """How many records became public, and how many did not, by outcome (`classification.OUTCOMES`)."""

    published: int
    unpublished: dict[str, int]


@transaction.atomic
def publish_batch(*, batch_no: int, region_id: int, today: date, now: datetime, by: Actor) -> Publication:
    """Give every open version of a batch the publication its rule allows, from `today` on.

    Versions that had a publication already are passed over, so repeating the call changes nothing. Records
    whose class does not follow from the decision go to a severity review.
    """
    result = _publish("r.batch_no = %s", [batch_no], batch_no=batch_no, today=today, now=now)
    record(
        act="effects.publish",
        by=by,
        now=now,
        region_id=region_id,
        object_type="batch",
        object_id=str(batch_no),
        detail={"published": result.published, "unpublished": result.unpublished},
    )
    return result


@transaction.atomic
def publish_records(*, record_nos: Sequence[int], today: date, now: datetime, by: Actor) -> Publication:
    """As `publish_batch`, for the open versions of single records."""
    result = _publish("r.record_no = ANY(%s)", [list(record_nos)], batch_no=None, today=today, now=now)
    record(
        act="effects.publish",
        by=by,
        now=now,
        object_type="record",
        object_id=",".join(str(number) for number in list(record_nos)[:5]),
        detail={"records": len(record_nos), "published": result.published, "unpublished": result.unpublished},
    )
    return result


def _publish(selection: str, parameters: list[Any], *, batch_no: int | None, today: date, now: datetime) -> Publication:
    provisions = reliable_provisions(PUBLIC)
    rules = grounded(load_rules(settings.PACK), provisions, today)
    table = f"judged_{uuid.uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} AS {judging_query(_facts(selection), rules, today)}", parameters
        )
        # Without statistics the planner takes the table for tiny and walks it in loops.
        cursor.execute(f"ANALYZE {table} (outcome, record_no, record_id)")
        cursor.execute(f"SELECT outcome, count(*) FROM {table} GROUP BY outcome")
        counts = {str(outcome): int(count) for outcome, count in cursor.fetchall()}
        if counts.get("publish"):
            _write_effects(cursor, table, rules, provisions, batch_no=batch_no, today=today, now=now)
        if counts.get("review"):
            _open_severity_reviews(cursor, table, now)
        if counts.get("returned"):
            _send_back(cursor, table, now)
        cursor.execute(f"DROP TABLE {table}")
    return Publication(counts.pop("publish", 0), dict(sorted(counts.items())))


def _facts(selection: str) -> str:
    """The records to judge: open versions that wait for nobody and never had a publication."""
    contracts = load_contracts(settings.PACK).values()
    rules = " ".join(
        f"WHEN {quoted(contract.key)} THEN {quoted(contract.publication_rule)}"
        for contract in contracts
        if contract.publication_rule
    )
    barred = ", ".join(quoted(reason.value) for reason in NEVER_RETURNS)
    return f"""
        SELECT r.id AS record_id, r.record_no, r.region_id, r.department_id, r.subject_no, r.type, r.batch_no,
            r.row_no, CASE r.type {rules} END AS rule, r.decided_on, r.valid_to,
            CASE WHEN r.penalty_categories = '' THEN ARRAY[''] ELSE string_to_array(r.penalty_categories, ';') END
                AS kinds,
            r.procedure, r.severity AS stated, r.amount_fen, d.fields::text[] AS fields,
            coalesce(s.severity, '') AS officer,
            r.version > 1 AND EXISTS (
                SELECT 1 FROM register_record p JOIN effects_effect e ON e.record_id = p.id
                WHERE p.record_no = r.record_no AND e.ended_at IS NOT NULL AND e.end_reason IN ({barred})
                  AND NOT EXISTS (
                      SELECT 1 FROM register_review v WHERE v.record_no = r.record_no AND v.kind = 'returned'
                          AND v.outcome = 'accepted' AND v.closed_at >= e.ended_at)
            ) AS returned
        FROM register_record r
        JOIN people_department d ON d.id = r.department_id
        LEFT JOIN effects_severitydecision s ON s.record_no = r.record_no AND s.superseded_at IS NULL
            AND s.penalty_categories = r.penalty_categories AND s.procedure = r.procedure
            AND s.stated = r.severity AND s.amount_fen IS NOT DISTINCT FROM r.amount_fen
        WHERE {selection} AND r.known_to IS NULL AND NOT r.withdrawn AND r.gate = 'open'
          AND NOT EXISTS (SELECT 1 FROM effects_effect e WHERE e.record_id = r.id AND e.kind = 'publication')
    """


def _write_effects(
    cursor: Any, table: str, rules: Any, provisions: Any, *, batch_no: int | None, today: date, now: datetime
) -> None:
    cursor.execute(
        f"SELECT DISTINCT rule, regime, class_key, set_by, transition FROM {table} WHERE outcome = 'publish'"
    )
    chosen = [Chosen(*row) for row in cursor.fetchall()]
    bases = intern_bases(chosen, rules, provisions, today=today, now=now)
    values = ", ".join(["(%s, %s, %s, %s, %s, %s::bigint, %s::bigint, %s)"] * len(bases))
    cursor.execute(
        f"""
        WITH written AS (
            INSERT INTO effects_effect (region_id, subject_no, kind, record_id, basis_set_id, terms_id, starts,
                ends, removal_rule, created_at, created_by_batch, end_reason)
            SELECT j.region_id, j.subject_no, 'publication', j.record_id, b.basis_set_id, b.terms_id, %s,
                j.ends, b.removal_rule, %s, %s, ''
            FROM {table} j JOIN (VALUES {values})
                AS b (rule, regime, class_key, set_by, transition, basis_set_id, terms_id, removal_rule)
                USING (rule, regime, class_key, set_by, transition)
            WHERE j.outcome = 'publish'
            RETURNING id, region_id
        )
        INSERT INTO effects_feedevent (region_id, kind, first_effect, last_effect, count, batch_no, at)
        SELECT region_id, 'appeared', min(id), max(id), count(*), %s, %s FROM written GROUP BY region_id
        """,
        [today, now, batch_no, *(cell for basis in bases for cell in basis.row), batch_no, now],
    )
    tally_beginnings(cursor, table, today)
    carry_takedowns(cursor, table, now=now, today=today)


def _open_severity_reviews(cursor: Any, table: str, now: datetime) -> None:
    reasons = " ".join(f"WHEN {quoted(key)} THEN {quoted(text)}" for key, text in REVIEW_REASONS.items())
    cursor.execute(
        f"""
        INSERT INTO register_review
            (kind, region_id, department_id, record_no, batch_no, row_no, reason, candidates, opened_at, outcome,
            note)
        SELECT 'severity', region_id, department_id, record_no, batch_no, row_no, CASE review {reasons} END,
            '{{}}', %s, '', ''
        FROM {table} WHERE outcome = 'review' ON CONFLICT DO NOTHING
        """,
        [now],
    )


def _send_back(cursor: Any, table: str, now: datetime) -> None:
    """What was repaired, withdrawn or upheld does not return by a resend: a person looks first."""
    cursor.execute(
        f"""
        UPDATE register_record r SET gate = 'returned' FROM {table} j
        WHERE j.outcome = 'returned' AND r.id = j.record_id AND r.gate = 'open'
        """
    )
    cursor.execute(
        f"""
        INSERT INTO register_review
            (kind, region_id, department_id, record_no, batch_no, row_no, reason, candidates, opened_at, outcome,
            note)
        SELECT 'returned', region_id, department_id, record_no, batch_no, row_no,
            '同一决定的公示曾因撤回、修复或者异议成立而终止，再次报送须经审核。', '{{}}', %s, '', ''
        FROM {table} WHERE outcome = 'returned' ON CONFLICT DO NOTHING
        """,
        [now],
    )
