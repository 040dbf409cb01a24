"""A county to check in: a million organisations, 200,000 entries with their restraints, 500 measures.

Organisations, entries and restraints go in by sets, past the intake but not past the database's own promises: every
trigger of the kernel judges them. Imported once Django is set up.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.identifiers import credit_code
from xinheng.base.names import name_key
from xinheng.base.postgres.bulk import copy_rows
from xinheng.base.scope import Scope
from xinheng.demo.texts import read_departments
from xinheng.effects.actions.listing import ListedBy, list_subjects, measure_terms
from xinheng.effects.models import Kind, MeasureTerms
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole
from xinheng.law.queries import reliable_provisions
from xinheng.measures.actions import confirm_list, propose_list
from xinheng.measures.models import ListPublication
from xinheng.people.actions import create_api_client
from xinheng.people.models import Department, User

SEED = 20261122
BY = Actor.system("测速")
EDITION, LIST, EXECUTED = "demo-2026", "L04", "D-3"
PROVISION = "demo-credit-regulation#第二十三条"
_ORGANISATION = (
    "id", "name", "name_key", "initials", "pinyin_key", "tokens", "credit_code", "kind", "status", "registered",
    "created_batch_no",
)  # fmt: skip


@dataclass(frozen=True)
class CheckWorld:
    """Where to ask, and whom about."""

    secret: str
    region_id: int
    codes: tuple[str, ...]


def build(*, organisations: int, entries: int, measures: int) -> CheckWorld:
    """Fill the demo county of this home once; asked codes are a seeded sample of all organisations."""
    office = Department.objects.select_related("region").get(code=_market())
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_organisation")
        if cursor.fetchone()[0] < organisations:
            copy_rows(cursor, "register_organisation", _ORGANISATION, _organisations(organisations))
        cursor.execute(_IDENTIFIERS, [clock.now()])
        if not MeasureTerms.objects.filter(measure_key=_measure(0)).exists():
            cursor.execute(_ENTRIES, {"market": office.pk, "region": office.region_id, "entries": entries,
                                      "list": LIST, "now": clock.now(), "today": clock.today()})  # fmt: skip
            _list_and_restrain(cursor, office, measures)
        cursor.execute("SELECT credit_code FROM register_organisation WHERE credit_code IS NOT NULL ORDER BY id")
        codes = [code for (code,) in cursor.fetchall()]
    with connections["owner"].cursor() as owner:
        for table in ("register_organisation", "register_identifier", "register_record", "effects_effect"):
            owner.execute(f"VACUUM ANALYZE {table}")
    _, secret = create_api_client(name="办事大厅（测速）", department=office, scopes=("check",), by=BY, now=clock.now())
    random.Random(SEED).shuffle(codes)  # noqa: S311 - a seeded world, no secret
    return CheckWorld(secret, office.region_id, tuple(codes))


def _organisations(count: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, count + 1):
        name = f"云屿县第{number}号商贸有限公司"
        code = credit_code.make("91", "990001", f"{number:08d}")
        yield (10_000_000 + number, name, name_key(name), "", "", "{}", code, "企业", "operating", True, 1)


_IDENTIFIERS = """
INSERT INTO register_identifier (organisation_id, kind, value, known_from, batch_no, row_no)
SELECT o.id, 'credit_code', o.credit_code, %s, 1, o.id FROM register_organisation o
WHERE o.credit_code IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM register_identifier i WHERE i.organisation_id = o.id AND i.kind = 'credit_code')
"""
_ENTRIES = """
INSERT INTO register_record (record_no, version, region_id, department_id, type, key_hash, content_hash, subject_no,
    subject_name, subject_code, link_method, gate, withdrawn, withdrawal_reason, decision_no, title, decided_on,
    valid_from, valid_to, authority_name, authority_code, penalty_categories, procedure, severity, list_key, content,
    batch_no, row_no, first_received_at, known_from)
SELECT 900000000 + row_number() OVER (), 1, %(region)s, %(market)s, 'serious_list', gen_random_uuid(),
    gen_random_uuid(), o.id, o.name, o.credit_code, 'code', 'open', false, '', '云市监列〔2026〕' || o.id || '号',
    '市场监督管理严重违法失信名单', %(today)s::date - 30, %(today)s::date - 30, %(today)s::date + 1000,
    '云屿县市场监督管理局', '', '', '', '', %(list)s, '{}', 1, o.id, %(now)s, %(now)s
FROM (SELECT * FROM register_organisation WHERE credit_code IS NOT NULL ORDER BY hashint8extended(id, 7)
      LIMIT %(entries)s) o
"""
_SERVICES = """
INSERT INTO effects_service (region_id, record_no, subject_no, method, served_on, evidence, noted_at, actor_kind,
    actor_id, actor_name)
SELECT region_id, record_no, subject_no, 'direct', %s, '测速', %s, 'system', '', '测速'
FROM register_record WHERE type = 'serious_list' AND record_no > 900000000
"""
_RESTRAINTS = """
INSERT INTO effects_effect (region_id, subject_no, kind, record_id, basis_set_id, terms_id, starts, ends, removal_rule,
    created_at, end_reason)
SELECT r.region_id, r.subject_no, %(kind)s, r.id, %(basis)s, t.terms, %(starts)s, %(ends)s, '', %(now)s, ''
FROM register_record r
CROSS JOIN LATERAL unnest(ARRAY[%(executed)s, (%(terms)s::bigint[])[1 + r.id %% %(count)s]]) AS t (terms)
WHERE r.type = 'serious_list' AND r.record_no > 900000000
"""


def _list_and_restrain(cursor: Any, office: Department, measures: int) -> None:
    """The listing of every entry, the service of its notice, and two of the measures for it."""
    now, day = clock.now(), clock.today()
    lin, zhou = (User.objects.get(username=name) for name in ("lin.xinyu", "zhou.ming"))
    if not ListPublication.objects.filter(edition=EDITION, closed_at=None, confirmed_at__isnull=False).exists():
        proposal = propose_list(edition=EDITION, pack="demo", by=lin, now=now)
        confirm_list(publication=proposal.pk, pack="demo", by=zhou, now=now)
    provision = reliable_provisions(Scope())[PROVISION].id
    listed = ListedBy(
        record_type="serious_list", record_value=LIST, list_key=LIST, title="市场监督管理严重违法失信名单",
        enabling=(provision,), governing=(provision,), by_decision=True, months=36, removal_rule="移出",
    )  # fmt: skip
    list_subjects(lists=[listed], record_nos=None, today=day, now=now, by=BY)
    basis = intern_basis_set(members=[(provision, BasisRole.ENABLING), (provision, BasisRole.GOVERNING)], now=now)
    terms = [_terms(_measure(number)) for number in range(measures - 1)]
    given = {
        "kind": Kind.RESTRAINT.value, "basis": basis, "executed": _terms(EXECUTED), "terms": terms, "count": len(terms),
        "starts": day, "ends": day + timedelta(days=365), "now": now,
    }  # fmt: skip
    cursor.execute(_SERVICES, [day - timedelta(days=1), now])
    cursor.execute(_RESTRAINTS, given)


def _measure(number: int) -> str:
    return f"B-{number}"


def _terms(key: str) -> int:
    return measure_terms(
        measure_key=key, edition=EDITION, list_key=LIST, title="不适用告知承诺、容缺受理",
        executing_body="行政审批部门", applies_to="单位", rests=True,
    )  # fmt: skip


def _market() -> str:
    return read_departments()["县市监局"].code
