"""Publishing records: judged by the rules in one statement, written in another, whatever their number."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.scope import PUBLIC
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.actions.suspending import carry_marks, carry_takedowns
from xinheng.effects.classification import REVIEW_REASONS
from xinheng.effects.interning import Chosen, intern_bases
from xinheng.effects.models import NEVER_RETURNS
from xinheng.effects.publicity import judging_query, quoted
from xinheng.effects.rules import PublicityRules, grounded, load_rules
from xinheng.effects.tallying import tally_beginnings
from xinheng.law.queries import ProvisionInForce, reliable_provisions


@dataclass(frozen=True)
class Publication:
    """How many records became public, and how many did not, by outcome (`classification.OUTCOMES`)."""

    published: int
    unpublished: dict[str, int]


@transaction.atomic
def publish_batch(*, batch_no: int, region_id: int, today: date, now: datetime, by: Actor) -> Publication:
    """Give every open version of a batch the publication its rule allows, from `today` on.

    Versions that have a publication are passed over, so repeating the call changes nothing; one that ended as
    corrected (a link taken back) may be published anew. Records
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


def publish_restored(*, record_no: int, restores: int, today: date, now: datetime) -> Publication:
    """Publish the open version of a record anew, in place of a publication that should not have ended.

    Judged as any other, but never beyond the day on which the ended one would have run out. Inside the caller's
    transaction, which has said why (`restoring`).
    """
    return _publish("r.record_no = %s", [record_no], batch_no=None, today=today, now=now, restores=restores)


def _publish(
    selection: str, parameters: list[Any], *, batch_no: int | None, today: date, now: datetime,
    restores: int | None = None,
) -> Publication:  # fmt: skip
    provisions = reliable_provisions(PUBLIC)
    rules = grounded(load_rules(settings.PACK), provisions, today)
    name = uuid.uuid4().hex
    step = Step(
        f"versions_{name}", f"candidates_{name}", f"judgements_{name}", f"judged_{name}", batch_no, today, now, restores
    )
    with connection.cursor() as cursor:
        _select(cursor, step, selection, parameters)
        counts = _judge(cursor, step, _facts(step, rules), rules)
        if counts.get("publish"):
            _keep_within(cursor, step)
            _write_effects(cursor, step, rules, provisions)
        if counts.get("review"):
            _open_severity_reviews(cursor, step)
        if counts.get("returned"):
            _send_back(cursor, step)
        cursor.execute(f"DROP VIEW {step.judged}")
        cursor.execute(f"DROP TABLE {step.versions}, {step.candidates}, {step.judgements}")
    return Publication(counts.pop("publish", 0), dict(sorted(counts.items())))


@dataclass(frozen=True)
class Step:
    """One publication under way: its temporary tables, and what it was asked."""

    versions: str
    candidates: str
    judgements: str
    judged: str
    """A view that joins the two."""
    batch_no: int | None
    today: date
    now: datetime
    restores: int | None = None
    """The ended publication that this one makes good."""


def _select(cursor: Any, step: Step, selection: str, parameters: list[Any]) -> None:
    """The open versions in question, in a table of their own.

    The planner knows nothing of a batch that is being written: it would expect one row and walk through all
    effects once for each of a million.
    """
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE {step.versions} AS
        SELECT r.id, r.record_no, r.version, r.region_id, r.department_id, r.subject_no, r.type, r.batch_no, r.row_no,
            r.decided_on, r.valid_to, r.penalty_categories, r.procedure, r.severity, r.amount_fen
        FROM register_record r
        WHERE {selection} AND r.known_to IS NULL AND NOT r.withdrawn AND r.gate = 'open'
        """,
        parameters,
    )
    cursor.execute(f"ANALYZE {step.versions} (id, record_no)")


def _judge(cursor: Any, step: Step, facts: str, rules: PublicityRules) -> dict[str, int]:
    """Judge the records, each combination of facts once; how many there are of each outcome."""
    cursor.execute(f"CREATE TEMPORARY TABLE {step.candidates} AS {facts}")
    groups = f"""
        SELECT g.*, d.fields::text[] AS fields,
            CASE g.categories WHEN '' THEN ARRAY[''] ELSE string_to_array(g.categories, ';') END AS kinds
        FROM (
            SELECT key1, key2, count(*) AS records, min(region_id) AS region_id, min(department_id) AS department_id,
                min(type) AS type, min(rule) AS rule, min(decided_on) AS decided_on, min(valid_to) AS valid_to,
                min(penalty_categories) AS categories, min(procedure) AS procedure, min(stated) AS stated,
                min(amount_fen) AS amount_fen, min(officer) AS officer, bool_or(returned) AS returned
            FROM {step.candidates} GROUP BY key1, key2
        ) g JOIN people_department d ON d.id = g.department_id
    """
    cursor.execute(f"CREATE TEMPORARY TABLE {step.judgements} AS {judging_query(groups, rules, step.today)}", [])
    cursor.execute(
        f"""
        CREATE TEMPORARY VIEW {step.judged} AS
        SELECT c.record_id, c.record_no, c.region_id, c.department_id, c.subject_no, c.batch_no, c.row_no,
            j.rule, j.outcome, j.review, j.regime, j.class_key, j.set_by, j.transition, j.ends
        FROM {step.candidates} c JOIN {step.judgements} j USING (key1, key2)
        """
    )
    # Without statistics the planner takes the tables for tiny and walks them in loops.
    cursor.execute(f"ANALYZE {step.candidates} (key1, record_no, record_id)")
    cursor.execute(f"ANALYZE {step.judgements} (key1, outcome)")
    cursor.execute(f"SELECT outcome, sum(records) FROM {step.judgements} GROUP BY outcome")
    return {str(outcome): int(count) for outcome, count in cursor.fetchall()}


_EVER_PUBLIC = """EXISTS (
    SELECT 1 FROM effects_effect e
    WHERE e.record_id = r.id AND e.kind = 'publication' AND e.end_reason <> 'corrected')"""
_BARRED = """EXISTS (
    SELECT 1 FROM register_record p
    JOIN effects_effect e ON e.record_id = p.id AND e.kind = 'publication' AND e.end_reason <> 'corrected'
    WHERE p.record_no = r.record_no AND e.ended_at IS NOT NULL AND e.end_reason IN ({barred})
      AND NOT EXISTS (SELECT 1 FROM effects_effect n WHERE n.restores_id = e.id)
      AND NOT EXISTS (
          SELECT 1 FROM register_review v WHERE v.record_no = r.record_no AND v.kind = 'returned'
              AND v.outcome = 'accepted' AND v.closed_at >= e.ended_at))"""
"""Something about record `r` ended for good, and neither a decision nor a reviewer let it return since."""


def _facts(step: Step, rules: PublicityRules) -> str:
    """The records to judge: versions that have no publication but a corrected one.

    `key1` and `key2` are 128 bits over all that the rules look at; fines count by the band they lie in, and the
    last day of validity only where a rule asks for it. What has the same key is judged alike.
    """
    contracts = load_contracts(settings.PACK).values()
    keys = " ".join(
        f"WHEN {quoted(contract.key)} THEN {quoted(contract.publication_rule)}"
        for contract in contracts
        if contract.publication_rule
    )
    barred = ", ".join(quoted(reason.value) for reason in NEVER_RETURNS)
    with_end = ", ".join(quoted(rule) for rule in rules.rules_with_end)
    bounds = ", ".join(str(bound) for bound in rules.fine_bounds)
    judged_by = f"""ROW(x.type, x.department_id, x.decided_on, x.valid_to, x.penalty_categories, x.procedure,
        x.stated, width_bucket(x.amount_fen, ARRAY[{bounds}]::bigint[]), x.officer, x.returned)"""
    free = "true" if step.restores else f"NOT {_EVER_PUBLIC}"
    returned = "false" if step.restores else f"r.version > 1 AND {_BARRED.format(barred=barred)}"
    return f"""
        SELECT x.*,
            hash_record_extended({judged_by}, 1) AS key1, hash_record_extended({judged_by}, 2) AS key2
        FROM (
            SELECT r.id AS record_id, r.record_no, r.region_id, r.department_id, r.subject_no, r.type, r.batch_no,
                r.row_no, CASE r.type {keys} END AS rule, r.decided_on,
                CASE WHEN CASE r.type {keys} END IN ({with_end}) THEN r.valid_to END AS valid_to,
                r.penalty_categories, r.procedure, r.severity AS stated, r.amount_fen,
                coalesce(s.severity, '') AS officer, {returned} AS returned
            FROM {step.versions} r
            LEFT JOIN effects_severitydecision s ON s.record_no = r.record_no AND s.superseded_at IS NULL
                AND s.penalty_categories = r.penalty_categories AND s.procedure = r.procedure
                AND s.stated = r.severity AND s.amount_fen IS NOT DISTINCT FROM r.amount_fen
            WHERE {free}
            OFFSET 0
        ) x
    """


def _keep_within(cursor: Any, step: Step) -> None:
    """What is made good runs out on the day on which it would have run out, and not later."""
    if step.restores is not None:
        cursor.execute(
            f"""
            UPDATE {step.judgements} j SET ends = LEAST(j.ends, o.ends) FROM effects_effect o WHERE o.id = %s
            """,
            [step.restores],
        )


def _write_effects(cursor: Any, step: Step, rules: PublicityRules, provisions: Mapping[str, ProvisionInForce]) -> None:
    cursor.execute(
        f"""
        SELECT DISTINCT rule, regime, class_key, set_by, transition FROM {step.judgements}
        WHERE outcome = 'publish'
        """
    )
    chosen = [Chosen(*row) for row in cursor.fetchall()]
    bases = intern_bases(chosen, rules, provisions, today=step.today, now=step.now)
    values = ", ".join(["(%s, %s, %s, %s, %s, %s::bigint, %s::bigint, %s)"] * len(bases))
    cursor.execute(
        f"""
        WITH written AS (
            INSERT INTO effects_effect (region_id, subject_no, kind, record_id, basis_set_id, terms_id, starts,
                ends, removal_rule, created_at, created_by_batch, restores_id, end_reason)
            SELECT j.region_id, j.subject_no, 'publication', j.record_id, b.basis_set_id, b.terms_id, %s,
                j.ends, b.removal_rule, %s, %s, %s, ''
            FROM {step.judged} j JOIN (VALUES {values})
                AS b (rule, regime, class_key, set_by, transition, basis_set_id, terms_id, removal_rule)
                USING (rule, regime, class_key, set_by, transition)
            WHERE j.outcome = 'publish'
            RETURNING id, region_id
        )
        INSERT INTO effects_feedevent (region_id, kind, first_effect, last_effect, count, batch_no, at)
        SELECT region_id, 'appeared', min(id), max(id), count(*), %s, %s FROM written GROUP BY region_id
        """,
        [
            step.today,
            step.now,
            step.batch_no,
            step.restores,
            *(cell for basis in bases for cell in basis.row),
            step.batch_no,
            step.now,
        ],
    )
    tally_beginnings(cursor, step.judgements, step.today)
    carry_takedowns(cursor, step.judged, now=step.now, today=step.today)
    carry_marks(cursor, step.judged, now=step.now, today=step.today)


def _open_severity_reviews(cursor: Any, step: Step) -> None:
    reasons = " ".join(f"WHEN {quoted(key)} THEN {quoted(text)}" for key, text in REVIEW_REASONS.items())
    _open_reviews(cursor, step, "severity", f"CASE j.review {reasons} END", "j.outcome = 'review'")


def _send_back(cursor: Any, step: Step) -> None:
    """What was repaired, withdrawn or upheld does not return by a resend: a person looks first."""
    cursor.execute(
        f"""
        UPDATE register_record r SET gate = 'returned' FROM {step.judged} j
        WHERE j.outcome = 'returned' AND r.id = j.record_id AND r.gate = 'open'
        """
    )
    reason = "同一决定的公示曾因撤回、修复或者异议成立而终止，再次报送须经审核。"
    _open_reviews(cursor, step, "returned", quoted(reason), "j.outcome = 'returned'")


def _open_reviews(cursor: Any, step: Step, kind: str, reason: str, condition: str) -> None:
    """Ask a person about each record that meets the condition; a question already open is not asked twice."""
    cursor.execute(
        f"""
        INSERT INTO register_review
            (kind, region_id, department_id, record_no, batch_no, row_no, reason, candidates, opened_at, outcome,
            note)
        SELECT '{kind}', j.region_id, j.department_id, j.record_no, j.batch_no, j.row_no, {reason}, '{{}}', %s, '', ''
        FROM {step.judged} j WHERE {condition} ON CONFLICT DO NOTHING
        """,
        [step.now],
    )
