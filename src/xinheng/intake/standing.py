"""A record as it stands, in the words of a department's file: where a correction or a withdrawal begins."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings

from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract, Field
from xinheng.catalogue.values import SCALE
from xinheng.ledger.queries import accepted_row
from xinheng.register.models import Record

SUBJECT = "subject"


def as_sent(field: Field, value: Any) -> str:
    """A stored value as the department would write it in its file."""
    if value in (None, ""):
        return ""
    if field.type == "decimal":
        return f"{(Decimal(int(value)) / 10**SCALE).normalize():f}"
    if field.type == "date":
        return str(value).replace("-", "/")
    return str(value)


def form_values(contract: Contract, content: Mapping[str, Any]) -> dict[str, str]:
    """What a correction starts from: every field as it stands, personal ones empty."""
    return {field.name: as_sent(field, content.get(field.name)) for field in contract.fields}


def stated_values(scope: Scope, version: Record) -> dict[str, Any]:
    """What a version states in all its fields but the personal ones, from the ledger's own row."""
    row = accepted_row(scope, version.batch_no, version.row_no, home=settings.HOME)
    return dict(version.content) if row is None else row


def identifying(contract: Contract, values: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that say which record it is: changing one would speak of another record."""
    roles = contract.roles
    subject = roles.subject_code if roles.subject_code and values.get(roles.subject_code) else roles.subject_name
    return tuple(subject if name == SUBJECT else name for name in contract.key_fields)


def naming(contract: Contract, values: Mapping[str, str]) -> tuple[str, ...]:
    """What a withdrawal must carry: the identifying fields and the subject as it stands."""
    roles = contract.roles
    named = (*identifying(contract, values), roles.subject_name, roles.subject_code, roles.subject_category)
    return tuple(dict.fromkeys(name for name in named if name and values.get(name)))
