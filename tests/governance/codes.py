"""Codes as departments mistype them, and a look at all of them."""

from tests.portal.senders import organisation, penalty
from tests.world import MARKET, NOW, SCHOOLS, SYSTEM, World, table

from xinheng.base.identifiers import credit_code, organisation_code
from xinheng.governance.actions import Checked, check_codes
from xinheng.governance.models import Finding
from xinheng.ledger.models import Batch

MEND = credit_code.make("91", "990001", "MA000077")
MEND_NAME = "云屿县补正修理有限公司"


def wrong_digit(code: str = MEND) -> str:
    """The code with its last character typed wrong."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def same_part(code: str) -> str:
    """Another right code around the same organisation part."""
    return credit_code.make("93", code[2:8], code[8:16])


def registers(world: World, *rows: dict[str, str]) -> Batch:
    return world.batch(table(rows), "organisation", department=MARKET.code)


def penalises(world: World, *rows: dict[str, str], department: str = MARKET.code) -> Batch:
    return world.batch(table(rows), "penalty", department=department)


def looked(world: World) -> Checked:
    return check_codes(region=world.region, by=SYSTEM, now=NOW)


def open_ones(world: World) -> set[tuple[str, str, str]]:
    """(kind, key, department) of the findings that are open."""
    found = Finding.objects.filter(region=world.region, closed_at=None)
    return {(one.kind, one.key, one.department.code) for one in found.select_related("department")}


__all__ = [
    "MEND", "MEND_NAME", "SCHOOLS", "looked", "open_ones", "organisation", "organisation_code", "penalises", "penalty",
    "registers", "same_part", "wrong_digit",
]  # fmt: skip
