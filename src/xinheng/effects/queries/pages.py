"""Published records: one, those of an organisation, and lists page by page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.effects.queries.in_force import CURRENT, IN_FORCE, VISIBLE, asked, within
from xinheng.effects.queries.shown import PublishedPage, PublishedRecord, show
from xinheng.register.models import Record
from xinheng.register.references import record_no_of


def published_of(
    scope: Scope, organisation_id: int, *, as_at: date, type: str | None = None
) -> tuple[PublishedRecord, ...]:
    """What is public about an organisation, newest decision first; provisional numbers linked to it count."""
    condition, parameters = within(scope)
    if type is not None:
        condition += " AND r.type = ANY(%(types)s)"
        parameters["types"] = list(listed_types(type))
    query = f"""
        SELECT e.id {VISIBLE} {condition} AND r.subject_no IN (
            SELECT %(organisation)s UNION ALL
            SELECT l.number FROM register_subjectlink l
            WHERE l.organisation_id = %(organisation)s AND l.known_to IS NULL)
        ORDER BY r.decided_on DESC, r.id DESC
    """
    return show(_numbers(query, asked(as_at, organisation=organisation_id, **parameters)))


def published_list(
    scope: Scope,
    *,
    type: str,
    as_at: date,
    department: int | None = None,
    month: date | None = None,
    after: str | None = None,
    limit: int = 20,
) -> PublishedPage:
    """One page of a publicity list, newest decision first; `month` is the first day of the month of decision.

    Pages are found through the index of open records by day, however long the list is.
    """
    condition, parameters = within(scope)
    if department is not None:
        condition += " AND r.department_id = %(department)s"
        parameters["department"] = department
    if month is not None:
        condition += " AND r.decided_on >= %(month)s AND r.decided_on < (%(month)s::date + interval '1 month')::date"
        parameters["month"] = month
    if after is not None:
        condition += " AND (r.decided_on, r.id) < (%(after_day)s, %(after_id)s)"
        parameters |= _position(after)
    one_type = f"""
        (SELECT e.id, r.decided_on, r.id AS record_id
         FROM register_record r JOIN effects_effect e ON e.record_id = r.id
         WHERE r.type = '{{}}' AND r.decided_on <= %(as_at)s AND {CURRENT} AND {IN_FORCE} {condition}
         ORDER BY r.decided_on DESC, r.id DESC LIMIT %(limit)s)
    """
    # Each type alone walks its index in order; a condition on several types at once would sort all of them.
    union = " UNION ALL ".join(one_type.format(key) for key in listed_types(type))
    query = f"SELECT id FROM ({union}) AS found ORDER BY decided_on DESC, record_id DESC LIMIT %(limit)s"
    numbers = _numbers(query, asked(as_at, limit=limit + 1, **parameters))
    rows = show(numbers[:limit])
    return PublishedPage(rows, rows[-1].ref if len(numbers) > limit else "")


def published(scope: Scope, record_no: int, *, as_at: date) -> PublishedRecord:
    """One record; NotFound when it is not public on that day, whatever the reason."""
    condition, parameters = within(scope)
    query = f"SELECT e.id {VISIBLE} {condition} AND r.record_no = %(record_no)s"
    found = show(_numbers(query, asked(as_at, record_no=record_no, **parameters)))
    if not found:
        raise NotFound("没有这条公示信息。", "它现在可能不在公示期内。请从查询页重新进入。")
    return found[0]


def latest(scope: Scope, *, as_at: date, limit: int = 10) -> tuple[PublishedRecord, ...]:
    """What became public last."""
    condition, parameters = within(scope)
    query = f"SELECT e.id {VISIBLE} {condition} ORDER BY e.id DESC LIMIT %(limit)s"
    return show(_numbers(query, asked(as_at, limit=limit, **parameters)))


def listed_types(rule: str) -> tuple[str, ...]:
    """The record types shown in one list: all that are published under the rule of that name.

    NotFound when nothing of that kind is published under the pack in use.
    """
    types = tuple(
        contract.key for contract in load_contracts(settings.PACK).values() if contract.publication_rule == rule
    )
    if not types:
        raise NotFound("没有这一类公示信息。", "请从“信用公示”页选择一类。")
    return types


def _position(cursor: str) -> Mapping[str, Any]:
    """Where the page before ended; the record may have been amended since, its day and number still stand."""
    row = Record.objects.filter(record_no=record_no_of(cursor), known_to=None).values_list("decided_on", "id").first()
    if row is None:
        raise NotFound("这一页已不存在。", "请从列表首页重新翻看。")
    return {"after_day": row[0], "after_id": row[1]}


def _numbers(query: str, parameters: Mapping[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [int(row[0]) for row in cursor.fetchall()]
