"""A report as PDF: set by Typst from values, so that nothing a department wrote is read as markup."""

import io
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import justmytype_intl_cjk
import segno
import typst

from xinheng.base.clock import SHANGHAI, format_date
from xinheng.products.content import ReportContent
from xinheng.products.models import ReportKind

_FONTS = Path(justmytype_intl_cjk.__file__).parent / "fonts" / "ofl" / "notosanssc"
_TEMPLATE = Path(__file__).parent / "report.typ"


@dataclass(frozen=True)
class Cover:
    """What a report says of itself."""

    number: str
    kind: ReportKind
    site: str
    issuer: str
    notice: str
    purpose: str
    issued_at: datetime
    valid_until: date
    address: str


def report_pdf(cover: Cover, content: ReportContent) -> bytes:
    """The unsigned document."""
    moment = cover.issued_at.astimezone(SHANGHAI)
    clean = cover.kind == ReportKind.CLEAN
    listed = () if clean else content.sections
    data = {
        "title": "公共信用报告",
        "version": str(cover.kind.label),
        "clean": clean,
        "site": cover.site,
        "issuer": cover.issuer,
        "notice": cover.notice,
        "number": cover.number,
        "purpose": cover.purpose,
        "day": format_date(moment.date()),
        "moment": f"{format_date(moment.date())} {moment:%H:%M}",
        "valid_until": format_date(cover.valid_until),
        "address": cover.address,
        "name": content.name,
        "code": content.credit_code,
        "registration": content.registration,
        "sections": [asdict(one) for one in listed],
        "adverse_titles": "、".join(one.title for one in content.sections if one.adverse),
    }
    return typst.compile(
        _TEMPLATE,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "qr": _qr(cover.address)},
        timestamp=int(moment.timestamp()),
        pdf_standards="a-2b",
    )


def _qr(address: str) -> str:
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", border=0, xmldecl=False, dark="#0f3d7c")
    return buffer.getvalue().decode()
