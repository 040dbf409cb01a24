"""How organisations, records, retractions and reports are named in URLs: opaque words, which nobody can count up."""

import hashlib

from django.conf import settings

from xinheng.base import opaque

_ORGANISATION, _RECORD, _RETRACTION, _REPORT = "org", "record", "retract", "report"


def _key() -> bytes:
    # A key of its own, derived: the words stay valid as long as the installation's secret does.
    return hashlib.sha256(b"xinheng references\0" + settings.SECRET_KEY.encode()).digest()[:16]


def organisation_ref(organisation_id: int) -> str:
    """The word for an organisation in a URL."""
    return opaque.reference(_key(), _ORGANISATION, organisation_id)


def organisation_id(ref: str) -> int:
    """The subject number behind an organisation's word; NotFound when it is none of ours."""
    return opaque.number(_key(), _ORGANISATION, ref)


def record_ref(record_no: int) -> str:
    """The word for a record (all its versions) in a URL."""
    return opaque.reference(_key(), _RECORD, record_no)


def record_no_of(ref: str) -> int:
    """The record number behind a record's word; NotFound when it is none of ours."""
    return opaque.number(_key(), _RECORD, ref)


def retraction_ref(retraction_id: int) -> str:
    """The word for a retraction."""
    return opaque.reference(_key(), _RETRACTION, retraction_id)


def retraction_id(ref: str) -> int:
    """The number behind a retraction's word; NotFound when it is none of ours."""
    return opaque.number(_key(), _RETRACTION, ref)


def report_ref(report_id: int) -> str:
    """The word for an issued report, as its QR code carries it."""
    return opaque.reference(_key(), _REPORT, report_id)


def report_id(ref: str) -> int:
    """The number behind a report's word; NotFound when it is none of ours."""
    return opaque.number(_key(), _REPORT, ref)
