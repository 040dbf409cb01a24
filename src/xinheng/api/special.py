"""Special information for a grantee's program: by authorisation, for the authorised purpose, at this moment."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from xinheng.api.access import require_scope
from xinheng.api.problems import Problem
from xinheng.authorisations.reading import SpecialRow, open_rows
from xinheng.authorisations.terms import authorised_purposes
from xinheng.base import clock
from xinheng.base.errors import WrongUsage
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.values import SCALE

router = Router(tags=["特定信用信息"])
ERRORS = {401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}
Code = Annotated[str, Path(min_length=18, max_length=18, pattern=r"^[0-9A-Z]{18}$", description="统一社会信用代码")]


class SpecialAuthorisationOut(Schema):
    """An authorisation that the answer rests on; `until` is its last day, unless it is revoked before."""

    id: int
    classes: list[str]
    purpose: str
    starts: date
    until: date
    facts_from: date


class SpecialRowOut(Schema):
    """One row. `values` are texts by field; amounts are decimal texts in the unit of the field."""

    type: str
    authorisation: int
    day: date | None
    source: str
    batch: int
    row: int
    values: dict[str, str]


class SpecialOut(Schema):
    """What may be used for this purpose now; the lists are empty where nothing is authorised."""

    authorisations: list[SpecialAuthorisationOut]
    rows: list[SpecialRowOut]


@router.get("/special/{code}", response={200: SpecialOut, **ERRORS}, summary="凭授权查特定信用信息")
def special(
    request: HttpRequest,
    code: Code,
    purpose: Annotated[str, Query(max_length=30, description="用途代码，例如 financing；须与授权的用途一致")],
    note: Annotated[str, Query(min_length=2, max_length=100, description="申请编号等，写进单位可以看到的查阅记录")],
) -> SpecialOut:
    """Social security, tax, water … of an organisation that authorised the program's department; each call is noted."""
    client = require_scope(request, "read")
    if purpose not in authorised_purposes(settings.PACK):
        raise WrongUsage("没有这个用途。", f"请填写其中之一：{'、'.join(authorised_purposes(settings.PACK))}。")
    opened = open_rows(
        scope=client.scope, key=code, department_id=client.department_id, purpose_code=purpose, note=note,
        by=client.actor, now=clock.now(),
    )  # fmt: skip
    return SpecialOut(
        authorisations=[
            SpecialAuthorisationOut(
                id=one.id, classes=[*one.classes], purpose=one.purpose, starts=one.starts, until=one.until,
                facts_from=one.facts_from,
            )
            for one in opened.authorisations
        ],
        rows=[_row(one) for one in opened.rows],
    )  # fmt: skip


def _row(one: SpecialRow) -> SpecialRowOut:
    contract = load_contracts(settings.PACK)[one.type]
    stated = {
        field.name: _value(field.type, one.row.values[field.name])
        for field in contract.fields
        if not field.personal and one.row.values.get(field.name) not in (None, "")
    }
    return SpecialRowOut(
        type=one.type, authorisation=one.authorisation, day=one.row.day, source=one.row.department_name,
        batch=one.row.batch_no, row=one.row.row_no, values=stated,
    )  # fmt: skip


def _value(type: str, value: object) -> str:
    return f"{Decimal(str(value)) / 10**SCALE:f}" if type == "decimal" else str(value)
