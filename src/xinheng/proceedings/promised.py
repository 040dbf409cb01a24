"""The copy of a signed letter as PDF, by the page that all documents share."""

from django.conf import settings

from xinheng.base.clock import SHANGHAI, format_date
from xinheng.commitments.queries import CommitmentPage
from xinheng.proceedings.documents import pdf
from xinheng.rulebook.loader import load_pack


def letter_pdf(page: CommitmentPage) -> bytes:
    """The letter word for word, with who signed it, when and how, and the digest of the text."""
    title, *paragraphs = page.paragraphs
    signed = page.signed_at.astimezone(SHANGHAI)
    return pdf(
        office=page.line.department_name,
        title=title,
        number=page.line.number,
        day=format_date(signed.date()),
        paragraphs=[
            *paragraphs,
            f"承诺单位：{page.signed_by}",
            f"{format_date(signed.date())} {signed:%H:%M} {page.how}。",
            f"承诺书第 {page.template_version} 版，原文 SHA-256：{page.sha256}",
        ],
        notice=load_pack(settings.PACK).notice,
    )
