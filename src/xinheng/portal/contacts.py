"""Where an objection or an application for repair is handed in: department, county window, nation."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from xinheng.base.scope import Scope
from xinheng.people.queries import DepartmentSummary, department, departments
from xinheng.rulebook.loader import load_pack


@dataclass(frozen=True)
class Contact:
    """A place a person can go to or call."""

    name: str
    address: str = ""
    telephone: str = ""
    hours: str = ""
    note: str = ""


@dataclass(frozen=True)
class Entrance:
    """The national site that takes objections and applications from the whole country."""

    name: str
    site: str
    note: str


@dataclass(frozen=True)
class Window:
    """The channels of this place beside the departments."""

    county: Contact
    national: Entrance


@cache
def window() -> Window:
    """The county window and the national entrance, from `contacts/repair.yaml` of the pack in use."""
    section = load_pack(settings.PACK).file("contacts/repair.yaml").section
    section.text("description")
    national = section.section("national_entrance")
    county = section.section("county_window")
    result = Window(
        county=Contact(
            name=county.text("name"),
            address=county.text("address"),
            telephone=county.text("telephone"),
            hours=county.text("hours"),
            note=county.text("note"),
        ),
        national=Entrance(name=national.text("name"), site=national.text("site"), note=national.text("note")),
    )
    for part in (national, county, section):
        part.done()
    return result


def department_contacts(scope: Scope) -> tuple[Contact, ...]:
    """All departments with how to reach them, as their administrators keep them."""
    return tuple(_contact(one) for one in departments(scope))


def department_contact(scope: Scope, department_id: int) -> Contact:
    """How to reach one department."""
    return _contact(department(scope, department_id))


def _contact(one: DepartmentSummary) -> Contact:
    return Contact(name=one.name, address=one.address, telephone=one.telephone, hours=one.hours)
