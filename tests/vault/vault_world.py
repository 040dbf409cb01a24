"""Synthetic persons of the fictional county, and who acts in the tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

from xinheng.audit.actor import Actor
from xinheng.people.models import Department
from xinheng.vault.actions import PersonRow, seal_person_rows

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICER = Actor("officer", "7", "林信予")
PERSON = "990001199003070011"
OTHER = "99000119851212002X"


def person_row(
    number: int = 1, *, person: str = PERSON, fact: str = "教师资格证", withdrawn: bool = False
) -> PersonRow:
    return PersonRow(
        person=person,
        payload={"name": "云甲", "id_number": person, "fact": fact},
        key_text=f"云教许字〔2026〕{number}号",
        content_text=fact,
        row_no=number + 1,
        withdrawn=withdrawn,
    )


def deliver(department: Department, *rows: PersonRow, batch_no: int = 1) -> tuple[str, ...]:
    return seal_person_rows(
        rows=rows,
        contract_key="licence",
        batch_no=batch_no,
        region_id=department.region_id,
        department_id=department.pk,
        now=NOW,
    )
