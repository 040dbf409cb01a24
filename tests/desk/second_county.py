"""A second county on the same platform, with one department and one officer of each kind."""

from dataclasses import dataclass

from tests.world import NOW, PASSWORD, SYSTEM

from xinheng.base.identifiers import credit_code
from xinheng.people.actions import create_department, create_officer, create_region
from xinheng.people.models import Department, Region, Role, User

CODE = credit_code.make("11", "990002", "00000001")


@dataclass(frozen=True)
class SecondCounty:
    region: Region
    department: Department
    credit_officer: User


def found_second_county() -> SecondCounty:
    region = create_region(code="990002", name="演示省幻海市雾屿县", short_name="雾屿县", by=SYSTEM, now=NOW)
    department = create_department(
        region=region, code=CODE, name="雾屿县市场监督管理局", short_name="雾屿市监局", by=SYSTEM, now=NOW
    )
    officer = create_officer(
        username="wu.deng", display_name="吴灯", department=department, password=PASSWORD,
        roles=[Role.CREDIT_OFFICE], by=SYSTEM, now=NOW,
    )  # fmt: skip
    create_officer(
        username="wu.shou", display_name="吴守", department=department, password=PASSWORD, roles=[Role.COLLECTOR],
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    create_officer(
        username="wu.an", display_name="吴岸", department=department, password=PASSWORD, roles=[Role.ADMINISTRATOR],
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    return SecondCounty(region, department, officer)
