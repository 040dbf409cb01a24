"""Giving a list of what is public to a named recipient, and what was given to whom so far."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xinheng.base.clock import format_date
from xinheng.base.errors import NotFound, Refused, WrongUsage
from xinheng.base.masking import find_personal_numbers
from xinheng.catalogue.contracts import load_contracts
from xinheng.desk.access import Visit, officer
from xinheng.desk.paging import address, whole
from xinheng.desk.tables import EXPORTED, Cell, Table, day, export, moment, number, table
from xinheng.effects.actions import hand_over, named_recipient
from xinheng.effects.models import RecipientKind
from xinheng.effects.queries import HandoverLine, PublishedRecord, handovers, published_list
from xinheng.people.permissions import Act

PAGE = 50


@officer(Act.READ_RETRACTIONS)
@require_safe
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/handovers?before=`"""
    found = handovers(visit.scope, before=whole(request.GET.get("before")), limit=PAGE + 1)
    path = reverse("desk:handovers")
    context = {
        "table": _table(found[:PAGE]),
        "types": _lists(),
        "may_give": visit.may(Act.CONFIRM_RETRACTIONS),
        "next_url": address(path, {}, before=str(found[PAGE - 1].id)) if len(found) > PAGE else "",
        "first_url": path if request.GET.get("before") else "",
    }
    return render(request, "desk/handovers.html", context)


@officer(Act.CONFIRM_RETRACTIONS)
@require_POST
def give(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The public records of one list as a workbook for a named recipient; what it holds is noted."""
    type, name = request.POST.get("type", ""), request.POST.get("name", "").strip()
    lists = dict(_lists())
    if type not in lists:
        raise NotFound("没有这一类公示信息。", "请从列表中选择。")
    if len(name) < 2:
        raise WrongUsage("请写明提供给哪个单位。", "写单位的全称，撤回时按它催办。")
    if find_personal_numbers(name):
        raise Refused("接收方里有像公民身份号码或手机号码的内容，没有保存。", "只写单位名称。")
    rows = _everything(visit, type)
    if not rows:
        raise NotFound("这一类现在没有公示中的信息。", "请选择另一类。")
    with transaction.atomic():
        hand_over(
            recipient=named_recipient(
                region=visit.user.region, kind=RecipientKind.EXPORT, name=name[:200], now=visit.now
            ),
            title=f"{lists[type]}清单 {format_date(visit.today)}",
            record_ids=[one.record_id for one in rows],
            by=visit.actor,
            now=visit.now,
        )
        return export(visit, _list_table(lists[type], rows))


def _everything(visit: Visit, type: str) -> list[PublishedRecord]:
    rows: list[PublishedRecord] = []
    after: str | None = None
    while True:
        page = published_list(visit.scope, type=type, as_at=visit.today, after=after, limit=1000)
        rows += page.rows
        if len(rows) > EXPORTED:
            raise Refused(f"这一类公示中的信息超过 {EXPORTED:,} 条。", "大批量请用接口读取。")
        if not page.next_cursor:
            return rows
        after = page.next_cursor


def _lists() -> list[tuple[str, str]]:
    rules = {one.publication_rule for one in load_contracts(settings.PACK).values() if one.publication_rule}
    titles = {one.key: one.act or one.title for one in load_contracts(settings.PACK).values()}
    return [(rule, titles.get(rule, rule)) for rule in sorted(rules)]


def _list_table(title: str, rows: list[PublishedRecord]) -> Table:
    return table(
        f"{title}清单",
        ("记录代号", "单位", "文书号", "事项", "作出机关", "决定日期", "公示至", "标注"),
        (
            (
                Cell(one.ref),
                Cell(one.subject_name),
                Cell(one.decision_no),
                Cell(one.title),
                Cell(one.authority_name),
                day(one.decided_on),
                day(one.last_day) if one.last_day else Cell(one.removal_rule),
                Cell(one.mark),
            )
            for one in rows
        ),
    )


def _table(rows: tuple[HandoverLine, ...]) -> Table:
    return table(
        "对外提供",
        ("接收方", "文件或方式", "条数", "时间", "经办", "使用到"),
        (
            (
                Cell(one.recipient_name, note=one.kind_label),
                Cell(one.title),
                number(one.versions),
                moment(one.at),
                Cell(one.by),
                day(one.valid_until),
            )
            for one in rows
        ),
    )
