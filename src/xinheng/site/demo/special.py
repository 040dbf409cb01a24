"""The organisation with a login authorises special information, its departments send it, and somebody looks.

A few hundred rows, one authorisation that holds and one that was revoked; all numbers are made up.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from xinheng.audit.actor import Actor
from xinheng.authorisations.actions import give, revoke
from xinheng.authorisations.reading import open_rows
from xinheng.authorisations.terms import Terms
from xinheng.base import clock
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.governance.actions import check_codes
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.jobs import submit, work_on
from xinheng.ledger.models import Channel
from xinheng.people.actions import create_api_client
from xinheng.people.models import ApiClient, Department, OrganisationMembership
from xinheng.register.queries import organisation
from xinheng.site.demo.centre import USERNAME

BY = Actor.system("演示数据")
MONTHS = 24
SUPPLIERS = {"tax_payment": "县税务局", "social_security": "县人社局", "electricity_use": "县发改局"}
USED_BY = "县财政局"
PURPOSE = "funding"
INSURANCES = ("职工基本养老保险", "失业保险", "工伤保险")

Row = dict[str, object]


def authorise_and_use(home: Home, *, now: datetime) -> None:
    """Nothing happens where nobody has a login of an organisation, or a department is missing."""
    membership = OrganisationMembership.objects.select_related("user", "region").filter(user__username=USERNAME).first()
    if membership is None:
        return
    departments = {one.short_name: one for one in Department.objects.filter(region=membership.region_id)}
    user = departments.get(USED_BY) or departments["县发改局"]
    today = clock.today(now)
    scope = Scope(region=membership.region.code)
    name = organisation(scope, membership.credit_code).name
    ended = give(membership=membership, terms=_terms(membership, user, ("tax_payment",), today), now=now)
    program, _ = create_api_client(name="资金审核系统（演示）", department=user, scopes=["read"], by=BY, now=now)
    _supply(home, membership, departments, name, ("tax_payment",), now)
    _look(scope, membership, program, now)
    revoke(membership=membership, authorisation=ended.pk, now=now)
    give(membership=membership, terms=_terms(membership, user, tuple(SUPPLIERS), today), now=now)
    _supply(home, membership, departments, name, tuple(SUPPLIERS)[1:], now)
    _look(scope, membership, program, now)
    check_codes(region=membership.region, by=BY, now=now)


def _supply(
    home: Home, membership: OrganisationMembership, departments: dict[str, Department], name: str,
    types: tuple[str, ...], now: datetime,
) -> None:  # fmt: skip
    for type in types:
        sender = departments.get(SUPPLIERS[type])
        if sender is not None:
            who = {"单位名称": name, "统一社会信用代码": membership.credit_code}
            source = {"数据来源单位": sender.name, "数据来源单位统一社会信用代码": sender.code}
            _send(home, type, [who | row | source for row in _rows(type, clock.today(now))], sender, now)


def _look(scope: Scope, membership: OrganisationMembership, program: ApiClient, now: datetime) -> None:
    open_rows(
        scope=scope,
        key=membership.credit_code,
        department_id=program.department_id,
        purpose_code=PURPOSE,
        note="演示",
        by=Actor.client(program.prefix, program.name),
        now=now,
    )


def _terms(membership: OrganisationMembership, user: Department, classes: tuple[str, ...], today: date) -> Terms:
    return Terms(
        classes=classes, grantee=user, purpose_code=PURPOSE, purpose="中小企业技术改造资金申报", starts=today,
        until=today + timedelta(days=365), facts_from=today - timedelta(days=3 * 365),
        signer_name=membership.user.display_name, signer_title="经办人",
    )  # fmt: skip


def _rows(type: str, today: date) -> Iterator[Row]:
    for back in range(1, MONTHS + 1):
        number = today.year * 12 + today.month - 1 - back
        first = date(number // 12, number % 12 + 1, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        amount = Decimal(8_000 + 137 * (back % 12))
        paid = {"应缴金额(元)": amount, "实缴金额(元)": amount, "欠缴金额(元)": 0}
        if type == "tax_payment":
            yield {
                "税种": "增值税", "税款所属期起": first, "税款所属期止": last, "应纳税额(元)": amount * 5,
                "已缴税额(元)": amount * 5, "欠税余额(元)": 0,
            }  # fmt: skip
        elif type == "social_security":
            for kind in INSURANCES:
                yield {"险种": kind, "费款所属期": first, "参保人数": 36, "缴费状态": "正常缴纳"} | paid
        else:
            yield {
                "用户编号": "YY00007731", "计费周期起": first, "计费周期止": last,
                "用电量(千瓦时)": 12_000 + 311 * back,
                "逾期天数": 0,
            } | paid  # fmt: skip


def _send(home: Home, type: str, rows: list[Row], sender: Department, now: datetime) -> None:
    path = home.tmp / f"特定信用信息_{type}.csv"
    _write(path, rows)
    try:
        given = Sender(Department.objects.select_related("region").get(pk=sender.pk), Channel.COMMAND, BY)
        for delivery in submit(path=path, file_name=path.name, type=type, sender=given, now=now):
            work_on(delivery_id=delivery.pk, by=BY, clock=lambda: now)
    finally:
        path.unlink()


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
