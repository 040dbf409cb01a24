"""What people type on the command line, read in one place: who acts, days, departments, records."""

import getpass
from datetime import date

from xinheng.audit.actor import Actor
from xinheng.base.errors import WrongUsage
from xinheng.base.scope import Scope
from xinheng.people.models import Department
from xinheng.people.queries import department_by_code
from xinheng.register.references import record_no_of

SERVER = Scope()
"""Who can run commands on the server sees all its regions; what is looked up there is logged."""


def operator() -> Actor:
    """The account of the server in whose name a command runs."""
    return Actor.system(f"命令行（{getpass.getuser()}）")


def day(text: str | None, default: date) -> date:
    """A day typed as 2026-11-21."""
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(f"“{text}”不是日期。", "请写成 2026-11-21 的形式。") from error


def department(code: str) -> Department:
    """The department with this credit code; NotFound in words."""
    return Department.objects.select_related("region").get(pk=department_by_code(SERVER, code).id)


def record_no(text: str) -> int:
    """A record's number, given as such or as the word that stands in its address."""
    return int(text) if text.isdecimal() else record_no_of(text.rsplit("/", 1)[-1])
