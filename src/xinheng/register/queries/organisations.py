"""One organisation: who it is, and under which numbers statements about it stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from xinheng.base.errors import NotFound
from xinheng.base.identifiers.normalise import normalise
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.reading import as_read
from xinheng.ledger.models import Batch
from xinheng.register.models import Identifier, Organisation, OrganisationName, Record, SubjectLink
from xinheng.register.references import organisation_id as number_of
from xinheng.register.summaries import OrganisationSummary, summaries

CODE_LENGTH = 18
REGISTRATION_ITEM = "registration"
"""Catalogue item of the contracts by which an organisation is registered."""
SHOWN_APART = ("category", "status", "established_on", "former_names")
"""Facts of a registration that the page shows in places of their own."""


@dataclass(frozen=True)
class Provenance:
    """Where a statement comes from: file and row of a batch, and the department that sent it."""

    file_name: str
    row_no: int
    batch_no: int
    received_at: datetime
    department_name: str


@dataclass(frozen=True)
class Identity:
    """What is registered about an organisation, as labels and values, and where it comes from.

    Only published fields of the registering contracts; never the legal representative.
    """

    summary: OrganisationSummary
    former_names: tuple[str, ...]
    registration: tuple[tuple[str, str], ...]
    source: Provenance | None


def organisation(scope: Scope, key: str) -> OrganisationSummary:
    """The organisation with this reference or credit code, also one it bore before; NotFound otherwise."""
    code = normalise(key)
    numbers = _bearers(code) if len(code) == CODE_LENGTH else [number_of(key)]
    return _only(summaries(scope, numbers))


def identity(scope: Scope, organisation_id: int) -> Identity:
    """What is registered about an organisation now."""
    summary = _only(summaries(scope, [organisation_id]))
    former = OrganisationName.objects.filter(organisation_id=organisation_id, former=True, known_to=None)
    stated = _registration(organisation_id)
    return Identity(
        summary=summary,
        former_names=tuple(dict.fromkeys(former.order_by("-known_from", "pk").values_list("name", flat=True))),
        registration=_shown(stated) if stated else (),
        source=provenance(stated.batch_no, stated.row_no) if stated else _first_mention(organisation_id),
    )


def subject_numbers(scope: Scope, organisation_id: int) -> tuple[int, ...]:
    """All numbers under which statements about an organisation stand now: its own and those linked to it."""
    own = [one.id for one in summaries(scope, [organisation_id])]
    linked = SubjectLink.objects.filter(organisation_id__in=own, known_to=None).order_by("number")
    return (*own, *linked.values_list("number", flat=True))


def provenance(batch_no: int, row_no: int) -> Provenance | None:
    """File, row and sender of a row; None when the batch is not in the manifest."""
    batch = Batch.objects.filter(number=batch_no).select_related("department").first()
    if batch is None:
        return None
    return Provenance(
        file_name=batch.file_name,
        row_no=row_no,
        batch_no=batch_no,
        received_at=batch.received_at,
        department_name=batch.department.name,
    )


def _bearers(code: str) -> list[int]:
    """Who bears the code; a number that an organisation gave up counts only when nobody bears it now."""
    present = Organisation.objects.filter(credit_code=code).values_list("pk", flat=True)
    borne = Identifier.objects.filter(kind="credit_code", value=code).order_by("-known_from")
    return list(present) or list(borne.values_list("organisation_id", flat=True)[:1])


def _only(found: Sequence[OrganisationSummary]) -> OrganisationSummary:
    if not found:
        raise NotFound("没有找到这个单位。", "请从查询页按名称或统一社会信用代码重新查找。")
    return found[0]


def _registering_contracts() -> dict[str, Contract]:
    contracts = load_contracts(settings.PACK)
    return {key: contract for key, contract in contracts.items() if contract.item == REGISTRATION_ITEM}


def _registration(organisation_id: int) -> Record | None:
    return (
        Record.objects.filter(
            subject_no=organisation_id, type__in=_registering_contracts(), known_to=None, withdrawn=False
        )
        .order_by("-known_from", "-pk")
        .first()
    )


def _shown(stated: Record) -> tuple[tuple[str, str], ...]:
    contract = _registering_contracts()[stated.type]
    apart = {contract.roles.subject_name, contract.roles.subject_code, contract.roles.status, *SHOWN_APART}
    names = [name for name in contract.published_names if name not in apart]
    fields = [contract.field(name) for name in names if stated.content.get(name)]
    return tuple((field.label, as_read(field, stated.content[field.name])) for field in fields)


def _first_mention(organisation_id: int) -> Provenance | None:
    name = OrganisationName.objects.filter(organisation_id=organisation_id, former=False, known_to=None).first()
    return provenance(name.batch_no, name.row_no) if name else None
