"""One record by hand: the same way in as a file, with the checks answered beside the fields first.

What is typed becomes a file of one JSON line, is sealed like any other original and processed at once, so that
entering, correcting and withdrawing leave the same batch, receipt and traces as a delivered file.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from django.conf import settings

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.checks import CheckContext
from xinheng.catalogue.checks.reference import findings as row_findings
from xinheng.catalogue.contract import ASSERT, OPERATION, WITHDRAW, WITHDRAWAL_REASON, Contract
from xinheng.catalogue.headers import LEAVE_OUT
from xinheng.intake.actions.delivering import Sender, contract_of, receive
from xinheng.intake.actions.processing import Clock
from xinheng.intake.jobs import work_on
from xinheng.intake.models import Delivery
from xinheng.intake.queries import findings, words
from xinheng.intake.sealing import PERSONAL_COLUMNS
from xinheng.ledger.models import Batch
from xinheng.ledger.queries import files
from xinheng.people.models import Department
from xinheng.vault.sealing import open_file

FILE_NAME = "网页录入"
ENTRY = "录入编号"
"""A column of our own: the same form sent twice is the same file, the same content typed again is not."""
OPERATIONS = (ASSERT, WITHDRAW)


@dataclass(frozen=True)
class FieldProblem:
    """One thing to put right; an empty `column` speaks of the whole record."""

    column: str
    code: str
    level: str
    message: str
    advice: str


def check_single(
    *, type: str, values: Mapping[str, str], operation: str, department: Department, today: date
) -> tuple[FieldProblem, ...]:
    """What the row-level checks say about a record before anything is kept, errors first."""
    contract = contract_of(type)
    codes = Department.objects.filter(region_id=department.region_id, is_active=True).values_list("code", flat=True)
    context = CheckContext(as_at=today, department_codes=frozenset(codes))
    row = {name: value or None for name, value in _row(contract, values, operation).items()}
    found = sorted(row_findings(contract, row, context), key=lambda one: (one.level != "error", one.check, one.column))
    problems = []
    for one in found:
        message, advice = words(contract, one.check, one.column, one.variant)
        problems.append(FieldProblem(one.column, one.check, one.level, message, advice))
    return tuple(problems)


def submit_single(
    *, type: str, values: Mapping[str, str], operation: str, entry: str, sender: Sender, clock: Clock
) -> Delivery:
    """Take one typed record in and process it at once; the delivery shows what came of it.

    `entry` names the form: sending the same form twice gives the same delivery.
    """
    contract = contract_of(type)
    row = _row(contract, values, operation)
    with _typed_file(settings.HOME, {ENTRY: entry, **row}) as path:
        (delivery,) = receive(
            path=path,
            file_name=FILE_NAME,
            type=type,
            sender=sender,
            now=clock(),
            mapping={ENTRY: LEAVE_OUT, **{name: name for name in row}},
        )
    return work_on(delivery_id=delivery.pk, by=sender.by, clock=clock)


def problems_of(scope: Scope, delivery: Delivery) -> tuple[FieldProblem, ...]:
    """The errors of a processed record, beside the columns they concern."""
    if delivery.batch is None:
        return ()
    return tuple(
        FieldProblem(one.column, one.code, one.level, one.message, one.advice)
        for one in findings(scope, delivery.batch.number)
    )


def sealed_values(scope: Scope, *, batch_no: int, row_no: int) -> dict[str, str]:
    """The personal cells of a row that went in, for sending them again unchanged; never shown to anybody.

    Empty when the row had none, or when the key of its batch was destroyed.
    """
    sealed = [file.path for file in files(scope, batch_no, home=settings.HOME) if file.path.name == PERSONAL_COLUMNS]
    key_id = Batch.objects.get(number=batch_no).seal_key
    if not sealed or key_id is None:
        return {}
    clear = settings.HOME.tmp / f"personal-{uuid.uuid4().hex}"
    try:
        open_file(sealed[0], clear, key_id)
        rows = pq.read_table(clear, filters=[("row_no", "=", row_no)]).to_pylist()
    except Refused:
        return {}
    finally:
        clear.unlink(missing_ok=True)
    return {name: cell for row in rows for name, cell in row.items() if name != "row_no" and cell}


def _row(contract: Contract, values: Mapping[str, str], operation: str) -> dict[str, str]:
    """Every column of the contract, so that what is missing is an empty cell and no missing column."""
    if operation not in OPERATIONS:
        raise Refused(f"没有“{operation}”这种操作。", f"请选择{'或'.join(OPERATIONS)}。")
    row = {name: values.get(name, "").strip() for name in contract.names}
    row[OPERATION] = operation
    if operation == ASSERT:
        row[WITHDRAWAL_REASON] = ""
    return row


@contextmanager
def _typed_file(home: Home, cells: Mapping[str, str]) -> Iterator[Path]:
    path = home.tmp / f"typed-{uuid.uuid4().hex}.jsonl"
    path.write_text(json.dumps(cells, ensure_ascii=False) + "\n", encoding="utf-8")
    try:
        yield path
    finally:
        path.unlink()
