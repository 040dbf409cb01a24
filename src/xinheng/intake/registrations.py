"""What the rows of a batch say about organisations themselves: archives to open, archives to bring up to date."""

import re
from collections.abc import Iterator

from xinheng.catalogue.contract import Contract
from xinheng.engines.duck import Duck
from xinheng.intake.comparing import UNCHANGED, WITHDRAWN_NOW
from xinheng.intake.linking import NUMBER_KINDS
from xinheng.register.actions.batch import Registration

REGISTRATION_ITEM = "registration"
"""Catalogue item whose contracts register organisations; all others only mention them."""

_BETWEEN_NAMES = re.compile(r"[;；、,，|\s]+")
_NOT_A_NAME = ("查看更多", "-", "无")


def registers(contract: Contract) -> bool:
    """Whether rows of this contract say who an organisation is."""
    return contract.item == REGISTRATION_ITEM


def newcomers(engine: Duck, contract: Contract) -> Iterator[Registration]:
    """The organisations first seen in this batch, by the first row that names each."""
    return _registrations(engine, contract, "JOIN newcomers n ON n.row_no = p.row_no", newcomer=True)


def changed(engine: Duck, contract: Contract) -> Iterator[Registration]:
    """Known organisations about which this batch says something new."""
    condition = (
        "WHERE p.subject_no NOT IN (SELECT subject_no FROM newcomers) AND p.method <> 'none' "
        f"AND p.outcome NOT IN ('{UNCHANGED}', '{WITHDRAWN_NOW}') "
        "QUALIFY row_number() OVER (PARTITION BY p.subject_no ORDER BY p.row_no DESC) = 1"
    )
    return _registrations(engine, contract, condition, newcomer=False)


def _registrations(engine: Duck, contract: Contract, selection: str, *, newcomer: bool) -> Iterator[Registration]:
    registering = registers(contract)
    numbers = [name for name in contract.roles.other_codes if name in NUMBER_KINDS]
    columns = [
        "p.subject_no",
        "p.row_no",
        "u.subject_name",
        "u.credit_code",
        _own(contract, contract.roles.status, registering),
        _own(contract, "established_on", registering),
        _own(contract, "former_names", registering),
        f's."{contract.roles.subject_code}"' if contract.roles.subject_code else "NULL",
        *(f's."{name}"' for name in numbers),
    ]
    statement = (
        f"SELECT {', '.join(columns)} FROM placed p JOIN subjects u USING (row_no) "
        f"JOIN statements s USING (row_no) {selection}"
    )
    for slice_ in engine.batches(statement):
        for subject_no, row_no, name, code, status, established, former, given, *older in slice_:
            yield Registration(
                subject_no=subject_no,
                newcomer=newcomer,
                registered=registering,
                name=name,
                credit_code=code,
                status=status,
                established_on=established,
                former_names=_former_names(former),
                numbers=tuple(_older_numbers(code, given, zip(numbers, older, strict=True))) if registering else (),
                row_no=row_no,
            )


def _own(contract: Contract, name: str, registering: bool) -> str:
    return f's."{name}"' if registering and name in contract.names else "NULL"


def _former_names(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    names = (name.removesuffix("查看更多") for name in _BETWEEN_NAMES.split(text))
    return tuple(dict.fromkeys(name for name in names if len(name) > 1 and name not in _NOT_A_NAME))


def _older_numbers(
    code: str | None, given: str | None, older: Iterator[tuple[str, str | None]]
) -> Iterator[tuple[str, str]]:
    if not code and given:
        kind = "organisation_code" if len(given) == 9 else "registration_no"
        yield kind, given[:50]
    for name, value in older:
        if value:
            yield NUMBER_KINDS[name], value[:50]
