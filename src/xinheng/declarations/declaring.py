"""What was filled in, checked against its kind and against the contract it will become a record of."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from xinheng.base.clock import format_date
from xinheng.base.errors import Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.catalogue.contract import ASSERT
from xinheng.declarations.rules import CONTRACT, FIELDS, DeclarationKind, verifiers
from xinheng.intake.actions.single import check_single
from xinheng.people.models import Department, Region, Role

LONGEST = {"title": 200, "certificate_no": 100, "issuer": 200, "obtained_on": 10, "valid_to": 10, "statement": 2000}
_DAYS = ("obtained_on", "valid_to")


class DeclaredWrong(Refused):
    """Something must be put right; `problems` says what, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("还有内容需要填写或者改正。", "".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Declared:
    """What an organisation says of itself, clean."""

    kind: DeclarationKind
    title: str
    certificate_no: str
    issuer: str
    obtained_on: date | None
    valid_to: date
    statement: str


@dataclass(frozen=True)
class Declarer:
    """The organisation that speaks, as the register knows it."""

    number: int
    name: str
    credit_code: str


def verifier(region: Region, kind: DeclarationKind) -> Department:
    """The department that verifies a kind in a region: the one the pack names, else the credit office."""
    here = Department.objects.filter(region=region, is_active=True)
    office = here.filter(user__grants__role=Role.CREDIT_OFFICE, user__grants__revoked_at=None).order_by("pk")
    found = here.filter(code=verifiers(settings.PACK).get(kind.key, "")).first() or office.first()
    if found is None:
        raise Refused("本地还没有核验自主申报信息的部门。", "请联系当地的信用工作机构。")
    return found


def checked(
    kind: DeclarationKind, typed: Mapping[str, str], *, declarer: Declarer, department: Department, today: date
) -> Declared:
    """The declaration, or DeclaredWrong with every field to put right. Numbers of persons are refused."""
    clean = {name: _clean(typed.get(name, "")) for name in FIELDS}
    problems = {name: problem for name in FIELDS if (problem := _problem(kind, name, clean[name], today))}
    if problems:
        raise DeclaredWrong(problems)
    found = Declared(
        kind=kind,
        title=clean["title"],
        certificate_no=clean["certificate_no"],
        issuer=clean["issuer"],
        obtained_on=date.fromisoformat(clean["obtained_on"]) if clean["obtained_on"] else None,
        valid_to=date.fromisoformat(clean["valid_to"]),
        statement=clean["statement"],
    )
    row = row_of(found, declarer, number="申报", pledged_on=today, how="核对", on=today, department=department)
    told = check_single(type=CONTRACT, values=row, operation=ASSERT, department=department, today=today)
    wrong = {one.column: f"{one.message}{one.advice}" for one in told if one.level == "error"}
    if wrong:
        raise DeclaredWrong(wrong)
    return found


def row_of(
    declared: Declared,
    declarer: Declarer,
    *,
    number: str,
    pledged_on: date,
    how: str,
    on: date,
    department: Department,
) -> dict[str, str]:
    """The row by which a verified declaration enters the ledger."""
    return {
        "organisation_name": declarer.name,
        "uscc": declarer.credit_code,
        "declaration_no": number,
        "kind": declared.kind.value,
        "title": declared.title,
        "certificate_no": declared.certificate_no,
        "issuer": declared.issuer,
        "obtained_on": f"{declared.obtained_on:%Y/%m/%d}" if declared.obtained_on else "",
        "statement": declared.statement,
        "valid_to": f"{declared.valid_to:%Y/%m/%d}",
        "pledged_on": f"{pledged_on:%Y/%m/%d}",
        "verified_how": how,
        "verified_on": f"{on:%Y/%m/%d}",
        "verified_by": department.name,
        "verified_by_uscc": department.code,
        "data_source_unit": department.name,
        "data_source_unit_uscc": department.code,
    }


def last_day(kind: DeclarationKind, today: date) -> date:
    """The furthest day until which a declaration of that kind may be valid."""
    months = today.month - 1 + kind.longest_months
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _clean(text: str) -> str:
    return "".join(one for one in text if one.isprintable() or one == "\n").strip()


def _problem(kind: DeclarationKind, name: str, text: str, today: date) -> str:
    label = kind.labels[name]
    if not text:
        return f"请填写“{label}”。" if name in kind.needs else ""
    if len(text) > LONGEST[name]:
        return f"“{label}”最多 {LONGEST[name]} 字，现在有 {len(text)} 字。"
    if name in _DAYS:
        return _day_problem(kind, name, text, today)
    if find_personal_numbers(text):
        return f"“{label}”里有像证件号码、手机号码或者银行卡号的数字，请删去后再提交。"
    return ""


def _day_problem(kind: DeclarationKind, name: str, text: str, today: date) -> str:
    label = kind.labels[name]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return f"“{label}”请写成 2026-11-21 这样的日期。"
    if name == "obtained_on":
        return f"“{label}”不能晚于今天。" if day > today else ""
    if day <= today:
        return f"“{label}”应晚于今天；已经到期的不用申报。"
    furthest = last_day(kind, today)
    return f"“{label}”最晚到{format_date(furthest)}，到期前可以变更申报。" if day > furthest else ""
