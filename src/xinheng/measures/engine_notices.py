"""The engine's notices: written for what is to follow and is not announced yet, served electronically where agreed,
closed with what caused them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from xinheng.audit.actions import record
from xinheng.effects.actions import note_service
from xinheng.effects.models import ServiceMethod
from xinheng.measures.engine_plan import REASONS, Follows, Plan
from xinheng.measures.models import ElectronicAgreement, Notice
from xinheng.measures.notice_text import SIGN, TITLE, Announced, Entry, paragraphs
from xinheng.people.actions import send_message
from xinheng.people.recipients import OrganisationBox
from xinheng.proceedings.actions.numbering import next_numbers

_SEPARATOR = "\x1e"
_LISTED = f"""
    SELECT e.record_id, r.record_no, r.subject_no, coalesce(o.name, r.subject_name) AS subject_name,
        coalesce(o.credit_code, '') AS credit_code, t.list_key, t.title AS list_title, e.ends, e.removal_rule,
        r.decided_on, r.decision_no, r.authority_name, {REASONS} AS grounds,
        coalesce(k.served, '{{}}'), coalesce(k.waiting, '{{}}')
    FROM effects_effect e
    JOIN effects_listingterms t ON t.id = e.terms_id
    JOIN register_record r ON r.id = e.record_id
    LEFT JOIN register_subjectlink l ON l.number = r.subject_no AND l.known_to IS NULL
    LEFT JOIN register_organisation o ON o.id = coalesce(l.organisation_id, r.subject_no)
    LEFT JOIN (
        SELECT n.record_no, array_agg(m.measure_key) FILTER (WHERE n.service_id IS NOT NULL) AS served,
            array_agg(m.measure_key) FILTER (WHERE n.service_id IS NULL) AS waiting
        FROM measures_notice n JOIN measures_noticemeasure m ON m.notice_id = n.id
        WHERE n.closed_at IS NULL AND n.region_id = %(region)s
          AND (%(records)s::bigint[] IS NULL OR n.record_no = ANY(%(records)s))
        GROUP BY n.record_no
    ) k ON k.record_no = r.record_no
    WHERE e.kind = 'listing' AND e.ended_at IS NULL AND (e.ends IS NULL OR e.ends > %(day)s)
      AND e.region_id = %(region)s AND t.list_key = ANY(%(lists)s)
      AND (%(records)s::bigint[] IS NULL OR r.record_no = ANY(%(records)s))
      AND NOT EXISTS (
          SELECT 1 FROM effects_suspension s WHERE s.effect_id = e.id AND s.hides AND s.resumed_at IS NULL)
    ORDER BY e.id
"""


_OPEN = """n.region_id = %(region)s AND n.closed_at IS NULL
    AND (%(records)s::bigint[] IS NULL OR n.record_no = ANY(%(records)s))"""
_ALIVE = "e.kind = 'listing' AND e.ended_at IS NULL AND (e.ends IS NULL OR e.ends > %(day)s)"


@dataclass(frozen=True)
class Listed:
    """One entry in force, with the keys of measures announced in notices that were served, and that wait."""

    record_id: int
    record_no: int
    subject_no: int
    subject_name: str
    credit_code: str
    list_key: str
    list_title: str
    ends: date | None
    removal_rule: str
    decided_on: date | None
    decision_no: str
    authority_name: str
    grounds: str
    served: Sequence[str]
    waiting: Sequence[str]


def write_notices(plan: Plan, record_nos: list[int] | None) -> int:
    """One notice for each entry with measures that no notice announces yet; how many.

    A notice that still waits for service is closed and written anew with everything, so that the subject gets one.
    """
    wanted = [(one, _missing(one, plan)) for one in _listed(plan, record_nos)]
    wanted = [(one, follows) for one, follows in wanted if follows]
    if not wanted:
        return 0
    replaced = [one.record_no for one, _ in wanted if one.waiting]
    if replaced:
        Notice.objects.filter(record_no__in=replaced, closed_at=None, service_id=None).update(
            closed_at=plan.now, closed_reason="内容有增加，另行告知"
        )
    numbers = next_numbers(plan.region, SIGN, plan.day.year, count=len(wanted))
    made = _insert(plan, [(one, follows, number) for (one, follows), number in zip(wanted, numbers, strict=True)])
    record(act="measures.notice", by=plan.by, now=plan.now, region_id=plan.region.pk, object_type="notice",
           object_id=str(made[0]), detail={"notices": len(made)})  # fmt: skip
    return len(made)


def close_notices(plan: Plan, record_nos: list[int] | None) -> int:
    """Close what is without ground: the entry fell or ran out, or says something else now. How many.

    A correction that leaves the end as it was announced, or earlier, needs no second notice: the same decision was
    announced.
    """
    asked = {"region": plan.region.pk, "records": record_nos, "day": plan.day, "now": plan.now}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE measures_notice n SET record_id = r.id
            FROM register_record r JOIN effects_effect e ON e.record_id = r.id
            WHERE {_OPEN} AND n.service_id IS NOT NULL AND r.record_no = n.record_no AND r.known_to IS NULL
              AND n.record_id <> r.id AND n.subject_no = r.subject_no AND {_ALIVE}
              AND (n.ends IS NULL OR e.ends <= n.ends)
            """,
            asked,
        )
        # Joined, not asked row by row: a list of twenty thousand may fall at once.
        cursor.execute(
            f"""
            WITH open_ones AS MATERIALIZED (
                SELECT n.id, n.record_no, n.record_id FROM measures_notice n WHERE {_OPEN}
            ), standing AS MATERIALIZED (
                SELECT DISTINCT r.record_no, r.id FROM open_ones o
                JOIN register_record r ON r.record_no = o.record_no
                JOIN effects_effect e ON e.record_id = r.id WHERE {_ALIVE}
            )
            UPDATE measures_notice n SET closed_at = %(now)s, closed_reason = CASE
                WHEN other.record_no IS NULL THEN '列入已终止' ELSE '列入信息有更正，另行告知' END
            FROM open_ones o
            LEFT JOIN standing s ON s.id = o.record_id
            LEFT JOIN (SELECT DISTINCT record_no FROM standing) other ON other.record_no = o.record_no
            WHERE n.id = o.id AND s.id IS NULL
            """,
            asked,
        )
        return int(cursor.rowcount)


def serve_electronically(plan: Plan, record_nos: list[int] | None) -> int:
    """Serve waiting notices on organisations that agreed to it, by a message in their centre; how many."""
    agreed = ElectronicAgreement.objects.filter(region=plan.region, withdrawn_at=None).values("credit_code")
    waiting = Notice.objects.select_for_update().filter(
        region=plan.region, closed_at=None, service_id=None, credit_code__in=agreed
    )
    if record_nos is not None:
        waiting = waiting.filter(record_no__in=record_nos)
    served = 0
    for notice in waiting.order_by("pk"):
        message = send_message(
            to=OrganisationBox(notice.credit_code, plan.region.pk), title=f"{TITLE} {notice.number}",
            text="请查看告知书全文。按贵单位的同意，本消息到达即为送达；措施自次日起执行。",
            link=f"/centre/measures/{notice.pk}", by=plan.by, now=plan.now,
        )  # fmt: skip
        (service,) = note_service(
            region_id=plan.region.pk, records=[(notice.record_no, notice.subject_no)],
            method=ServiceMethod.ELECTRONIC, served_on=plan.day, evidence=f"企业中心消息 {message.pk}", by=plan.by,
            now=plan.now, today=plan.day,
        )  # fmt: skip
        Notice.objects.filter(pk=notice.pk).update(service_id=service)
        served += 1
    return served


def _listed(plan: Plan, record_nos: list[int] | None) -> list[Listed]:
    asked: dict[str, Any] = {
        "day": plan.day, "region": plan.region.pk, "lists": list(plan.restraints), "records": record_nos,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, asked)
        return [Listed(*row) for row in cursor.fetchall()]


def _missing(one: Listed, plan: Plan) -> list[Follows]:
    """What the next notice must announce; empty when nothing is new."""
    follows = [
        each
        for each in plan.restraints[one.list_key]
        if each.measure.key not in one.served and plan.sets_off(one.list_key, each.measure, one.grounds)
    ]
    return follows if any(each.measure.key not in one.waiting for each in follows) else []


def _insert(plan: Plan, wanted: Sequence[tuple[Listed, Sequence[Follows], str]]) -> list[int]:
    """Write the notices and what each announces, in two statements; their numbers in the database."""
    columns = [
        "number", "record_no", "record_id", "subject_no", "subject_name", "credit_code", "list_key", "list_title",
        "paragraphs", "ends", "removal_rule",
    ]  # fmt: skip
    rows = [
        (
            number, one.record_no, one.record_id, one.subject_no, one.subject_name, one.credit_code, one.list_key,
            one.list_title, _paragraphs(plan, one, follows), one.ends, one.removal_rule,
        )
        for one, follows, number in wanted
    ]  # fmt: skip
    groups = {tuple(each.terms_id for each in follows): follows for _, follows, _ in wanted}
    places = {key: place for place, key in enumerate(groups)}
    announced = [(place, each) for place, follows in enumerate(groups.values()) for each in follows]
    with connection.cursor() as cursor:
        given = list(zip(*rows, strict=True))
        cursor.execute(
            f"""
            INSERT INTO measures_notice (region_id, made_at, closed_reason, {", ".join(columns)})
            SELECT %s, %s, '', t.number, t.record_no, t.record_id, t.subject_no, t.subject_name, t.credit_code,
                t.list_key, t.list_title, string_to_array(t.paragraphs, E'\\x1e'), t.ends, t.removal_rule
            FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[],
                %s::text[], %s::text[], %s::date[], %s::text[]) AS t ({", ".join(columns)})
            RETURNING record_no, id
            """,
            [plan.region.pk, plan.now, *(list(column) for column in given)],
        )
        made = {int(record_no): int(notice) for record_no, notice in cursor.fetchall()}
        numbers = [made[one.record_no] for one, _, _ in wanted]
        cursor.execute(
            """
            INSERT INTO measures_noticemeasure (notice_id, measure_key, edition, title, terms_id, basis_set_id, ends,
                removal_rule)
            SELECT n.id, m.key, m.edition, m.title, m.terms, m.basis, n.ends, n.removal_rule
            FROM unnest(%s::bigint[], %s::int[]) WITH ORDINALITY AS t (notice, place, sequence)
            JOIN measures_notice n ON n.id = t.notice
            JOIN unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) WITH ORDINALITY
                AS m (place, key, edition, title, terms, basis, sequence) ON m.place = t.place
            ORDER BY t.sequence, m.sequence
            """,
            [
                numbers,
                [places[tuple(each.terms_id for each in follows)] for _, follows, _ in wanted],
                [place for place, _ in announced],
                [each.measure.key for _, each in announced],
                [each.measure.edition for _, each in announced],
                [each.measure.title for _, each in announced],
                [each.terms_id for _, each in announced],
                [each.basis_set_id for _, each in announced],
            ],
        )
    return numbers


def _paragraphs(plan: Plan, one: Listed, follows: Sequence[Follows]) -> str:
    """The notice in one text, a record separator between its paragraphs, as the statement takes it apart."""
    entry = Entry(
        one.subject_name, one.credit_code, one.list_title, one.authority_name, one.decided_on, one.decision_no,
        one.grounds,
    )  # fmt: skip
    announced = [
        Announced(
            each.measure.title, each.measure.text, each.basis_shown, each.measure.executing_body, one.ends,
            one.removal_rule, each.measure.graduated,
        )
        for each in follows
    ]  # fmt: skip
    said = paragraphs(entry, announced, office=plan.office)
    return _SEPARATOR.join(text.replace(_SEPARATOR, "") for text in said)
