"""Issuing a credit report: composed, signed, numbered and noted in one transaction."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Refused, WrongUsage
from xinheng.base.masking import find_personal_numbers
from xinheng.base.scope import PUBLIC
from xinheng.effects.actions import hand_over, named_recipient
from xinheng.effects.models import RecipientKind
from xinheng.people.models import Region
from xinheng.products.content import ReportContent, content_of
from xinheng.products.document import Cover, report_pdf
from xinheng.products.models import IssuedReport, ReportKind
from xinheng.products.signing import ensure_report_key, sign
from xinheng.register.queries import organisation
from xinheng.register.references import report_ref
from xinheng.register.understanding import Meaning, understand
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.rules import value_at

VALIDITY = "report_validity"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters that are mistaken for others when a number is read out."""


@dataclass(frozen=True)
class Issued:
    """A report ready to be handed over; the file is not kept, so it is given out now."""

    number: str
    name: str
    content: bytes
    valid_until: date


@transaction.atomic
def issue_report(
    *,
    credit_code: str,
    kind: str,
    by: Actor,
    now: datetime,
    today: date,
    purpose: str,
    region: Region | None = None,
) -> Issued:
    """The signed report of an organisation as PDF; noted with purpose and as a handover of the records in it.

    Refused for a natural person (the number is kept nowhere) and, in the version without violations, when there
    are some; NotFound for an organisation nobody knows here. Without `region` the pack's own region issues it.
    """
    wanted = _wanted(kind)
    stated = _purpose(purpose)
    found = organisation(PUBLIC, _code(credit_code))
    content = content_of(PUBLIC, found.id, as_at=today)
    if wanted is ReportKind.CLEAN and content.adverse:
        raise Refused(
            f"该单位现有 {content.adverse} 条公示中的行政处罚、名录或者名单信息，不能出具无违法违规记录版。",
            "可以出具普通版；信息有误的可以提出异议，符合条件的可以申请信用修复。",
        )
    issuing = region or _home_region()
    number = f"{issuing.code}-{now.astimezone(SHANGHAI):%Y%m%d}-{_random()}"
    report_id = _next_id()
    valid_until = today + timedelta(days=_validity(today))
    cover = _cover(report_id, number, wanted, stated, now, valid_until, issuing)
    ensure_report_key(settings.HOME, name=cover.issuer, now=now)
    reason = f"{cover.issuer}出具公共信用报告（{wanted.label}）"
    file = sign(report_pdf(cover, content), home=settings.HOME, number=number, reason=reason, now=now)
    title = f"公共信用报告（{wanted.label}）{number}"
    handover = hand_over(
        recipient=named_recipient(
            region=issuing, kind=RecipientKind.REPORT, name=f"{content.name[:150]}（报告 {number}）", now=now
        ),
        title=title,
        record_ids=_resting_on(content, wanted),
        by=by,
        now=now,
        valid_until=valid_until,
    )
    report = IssuedReport.objects.create(
        pk=report_id,
        number=number,
        region=issuing,
        kind=wanted,
        organisation_id=content.organisation_id,
        organisation_name=content.name,
        credit_code=content.credit_code,
        purpose=stated,
        issued_by_kind=by.kind,
        issued_by_id=by.id,
        issued_by_name=by.name,
        issued_at=now,
        valid_until=valid_until,
        content_digest=content.digest(wanted),
        file_digest=hashlib.sha256(file).hexdigest(),
        handover=handover,
    )
    _log(report, by, now)
    return Issued(number, f"公共信用报告 {content.credit_code} {number}.pdf", file, valid_until)


def _wanted(kind: str) -> ReportKind:
    if kind not in ReportKind.values:
        listed = "、".join(f"{one.value}（{one.label}）" for one in ReportKind)
        raise WrongUsage(f"没有“{kind[:20]}”这种报告。", f"可以出具：{listed}。")
    return ReportKind(kind)


def _purpose(text: str) -> str:
    stated = text.strip()[:200]
    if not stated:
        raise WrongUsage("请写明报告的用途。", "例如：招标投标、申请资金、办理许可。")
    if find_personal_numbers(stated):
        raise Refused("用途里有像公民身份号码或手机号码的内容，没有保存。", "只写用途，不写个人信息。")
    return stated


def _code(typed: str) -> str:
    """The credit code; whatever names a person is refused and not repeated."""
    understood = understand(typed)
    if understood.meaning is Meaning.PERSON:
        raise Refused("信用报告只为单位出具，没有查询，也没有保存所输入的号码。", "请输入单位的统一社会信用代码。")
    if understood.meaning not in (Meaning.CODE, Meaning.CODE_OR_PERSON):
        raise WrongUsage("请输入 18 位统一社会信用代码。", "可以在单位页面查到。")
    return understood.text


def _resting_on(content: ReportContent, kind: ReportKind) -> tuple[int, ...]:
    return () if kind is ReportKind.CLEAN else content.record_ids


def _cover(
    report_id: int, number: str, kind: ReportKind, purpose: str, now: datetime, valid_until: date, region: Region
) -> Cover:
    pack = load_pack(settings.PACK)
    return Cover(
        number=number,
        kind=kind,
        site=pack.site_name or pack.title,
        issuer=f"{region.name}公共信用信息平台",
        notice=pack.notice,
        purpose=purpose,
        issued_at=now,
        valid_until=valid_until,
        address=f"{settings.PUBLIC_URL}/reports/verify/{report_ref(report_id)}",
    )


def _validity(today: date) -> int:
    days = value_at(load_pack(settings.PACK).rules()[VALIDITY], today).value
    if not isinstance(days, int):
        raise TypeError(f"{VALIDITY} is not a number of days")
    return days


def _home_region() -> Region:
    region = load_pack(settings.PACK).region
    found = Region.objects.filter(code=region.code if region else "").first() or Region.objects.order_by("pk").first()
    if found is None:
        raise Refused("还没有建立地区。", "请先完成初始设置。")
    return found


def _next_id() -> int:
    """The number is part of the file, so it is taken before the row is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('products_issuedreport', 'id'))")
        return int(cursor.fetchone()[0])


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


def _log(report: IssuedReport, by: Actor, now: datetime) -> None:
    record(
        act="report.issue",
        by=by,
        now=now,
        region_id=report.region_id,
        object_type="organisation",
        object_id=report.credit_code,
        detail={"report": report.number, "kind": report.kind, "purpose": report.purpose},
    )
