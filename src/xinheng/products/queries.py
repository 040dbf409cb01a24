"""Whether a report is one of ours and still says what is so; which reports were issued."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import QuerySet

from xinheng.base.clock import today
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import PUBLIC, Scope
from xinheng.products.content import content_of
from xinheng.products.models import IssuedReport, ReportKind
from xinheng.products.signing import CERTIFICATE, SignatureState, inspect
from xinheng.register.references import report_id

LARGEST_FILE = 10 * 1024 * 1024
_NUMBER = re.compile(r"\d{6}-\d{8}-[0-9A-HJKMNP-TV-Z]{10}")


class Verdict(StrEnum):
    """What verifying says. Nobody learns why a content changed."""

    GENUINE = "genuine"
    UPDATED = "updated"
    EXPIRED = "expired"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


_SENTENCES = {
    Verdict.GENUINE: ("报告真实，内容与现在一致。", "请核对下面的单位名称、代码与您手中的报告是否相同。"),
    Verdict.UPDATED: ("内容已更新，请重新获取。", "这份报告由本平台出具，请以重新获取的报告为准。"),
    Verdict.EXPIRED: ("报告已过有效期，请重新获取。", "这份报告由本平台出具，请以重新获取的报告为准。"),
    Verdict.ALTERED: ("文件被改动过，不可采信。", "请向持有人索取原文件，或者用报告编号核验。"),
    Verdict.NOT_OURS: ("这个文件不是本平台出具的。", "打印后扫描的文件请用报告编号核验。"),
    Verdict.UNKNOWN: ("没有找到这份报告。", "请核对报告编号，区分数字 0、1 与字母；编号印在每页右上角。"),
}


@dataclass(frozen=True)
class Verification:
    """The answer to somebody who holds a report. Facts are given only of a report that holds."""

    verdict: Verdict
    sentence: str
    advice: str
    number: str = ""
    kind_label: str = ""
    organisation_name: str = ""
    credit_code: str = ""
    issued_at: datetime | None = None
    valid_until: date | None = None

    @property
    def genuine(self) -> bool:
        return self.verdict is Verdict.GENUINE


@dataclass(frozen=True)
class ReportLine:
    """One issued report in a list."""

    id: int
    number: str
    kind_label: str
    organisation_name: str
    credit_code: str
    purpose: str
    issued_by: str
    issued_at: datetime
    valid_until: date


def verify_number(scope: Scope, number: str, *, as_at: date) -> Verification:
    """By the number as it is printed; spaces, small letters and look-alikes are forgiven."""
    written = re.sub(r"\s", "", number).upper().translate(str.maketrans("OIL", "011"))
    if not _NUMBER.fullmatch(written):
        return _said(Verdict.UNKNOWN)
    return _verified(IssuedReport.objects.filter(number=written).first(), as_at)


def verify_ref(scope: Scope, ref: str, *, as_at: date) -> Verification:
    """By the word of the QR code."""
    try:
        number = report_id(ref)
    except NotFound:
        return _said(Verdict.UNKNOWN)
    return _verified(IssuedReport.objects.filter(pk=number).first(), as_at)


def unknown_report(scope: Scope) -> Verification:
    """The answer about what no report of ours is called."""
    return _said(Verdict.UNKNOWN)


def verify_file(scope: Scope, content: bytes, *, now: datetime) -> Verification:
    """By the file itself: our signature must cover every byte of it. The file is not kept."""
    if len(content) > LARGEST_FILE:
        raise Refused("文件太大，不会是信用报告。", "信用报告小于 10 MB，请选择原来的 PDF 文件。")
    if not (settings.HOME.keys / CERTIFICATE).exists():
        return _said(Verdict.NOT_OURS)
    found = inspect(content, home=settings.HOME, now=now)
    if found.state is SignatureState.BROKEN:
        return _said(Verdict.ALTERED)
    if found.state is not SignatureState.OURS:
        return _said(Verdict.NOT_OURS)
    report = IssuedReport.objects.filter(number=found.number).first()
    if report is not None and report.file_digest != hashlib.sha256(content).hexdigest():
        return _said(Verdict.ALTERED)
    return _verified(report, today(now))


def issued_reports(
    scope: Scope, *, credit_code: str | None = None, before: int | None = None, limit: int = 50
) -> tuple[ReportLine, ...]:
    """Reports issued in the caller's region, newest first."""
    if scope.public:
        raise Refused("此项信息不对外公开。")
    found: QuerySet[IssuedReport] = IssuedReport.objects.all()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if credit_code is not None:
        found = found.filter(credit_code=credit_code)
    if before is not None:
        found = found.filter(pk__lt=before)
    return tuple(
        ReportLine(
            row.pk,
            row.number,
            str(ReportKind(row.kind).label),
            row.organisation_name,
            row.credit_code,
            row.purpose,
            row.issued_by_name,
            row.issued_at,
            row.valid_until,
        )
        for row in found.order_by("-pk")[:limit]
    )


def _verified(report: IssuedReport | None, as_at: date) -> Verification:
    if report is None:
        return _said(Verdict.UNKNOWN)
    if as_at > report.valid_until:
        return _said(Verdict.EXPIRED)
    if not _says_the_same(report, as_at):
        return _said(Verdict.UPDATED)
    sentence, advice = _SENTENCES[Verdict.GENUINE]
    return Verification(
        Verdict.GENUINE,
        sentence,
        advice,
        number=report.number,
        kind_label=str(ReportKind(report.kind).label),
        organisation_name=report.organisation_name,
        credit_code=report.credit_code,
        issued_at=report.issued_at,
        valid_until=report.valid_until,
    )


def _says_the_same(report: IssuedReport, as_at: date) -> bool:
    try:
        content = content_of(PUBLIC, report.organisation_id, as_at=as_at)
    except NotFound:  # the organisation itself is not shown any more
        return False
    return content.digest(report.kind) == report.content_digest


def _said(verdict: Verdict) -> Verification:
    sentence, advice = _SENTENCES[verdict]
    return Verification(verdict, sentence, advice)
