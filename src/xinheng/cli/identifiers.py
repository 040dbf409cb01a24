"""`xinheng identifiers`: a look at all codes, and the rates by department."""

from datetime import date
from typing import Annotated, Any

from django.conf import settings
from typer import Option

from xinheng.base import clock
from xinheng.base.scope import Scope
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, print_table, say
from xinheng.cli.parsing import SERVER, day, operator
from xinheng.governance.actions import Checked, check_codes
from xinheng.governance.models import Kind
from xinheng.governance.queries import Rates, rates, rates_as_at
from xinheng.people.models import Region
from xinheng.people.queries import region, regions


def check(
    as_at: Annotated[str | None, Option("--as-at", help="按这一天终了时已知的情况只作统计，不登记问题")] = None,
    region_code: Annotated[str | None, Option("--region", help="只核对一个地区（行政区划代码）")] = None,
    as_json: AsJson = False,
) -> None:
    """Look at all codes: open what is new, end what was put right; with `--as-at` only count."""
    found = [region(SERVER, region_code)] if region_code else list(regions(SERVER))
    asked = day(as_at, date.min) if as_at else None
    answers = []
    for one in found:
        checked, counted = _checked(one.code) if asked is None else (None, _counted(one.code, asked))
        answers.append(_answer(one.code, checked, counted))
        if not as_json:
            _say(one.name, checked, counted)
    if asked is None:
        close_log()
    if as_json:
        print_json({"as_at": asked, "regions": answers})


def _checked(code: str) -> tuple[Checked, Rates]:
    done = check_codes(region=Region.objects.get(code=code), by=operator(), now=clock.now())
    counted = rates(Scope(region=code))
    if counted is None:
        raise LookupError(code)
    return done, counted


def _counted(code: str, asked: date) -> Rates:
    with settings.HOME.workplace("codes") as folder:
        return rates_as_at(Scope(region=code), as_at=asked, folder=folder)


def _answer(code: str, checked: Checked | None, counted: Rates) -> dict[str, Any]:
    answer: dict[str, Any] = {"region": code, "last_batch": counted.last_batch}
    if checked is not None:
        answer |= {"found": checked.found, "opened": checked.opened, "corrected": checked.corrected}
    answer["departments"] = [
        {
            "department": one.department_name,
            "subjects": one.subjects,
            "faults": {kind.value: one.faults.get(kind.value, 0) for kind in Kind},
            "wrong_per_10000": str(one.wrong),
            "double_per_10000": str(one.double),
            "without_per_10000": str(one.without),
        }
        for one in (*counted.departments, counted.total)
    ]
    return answer


def _say(name: str, checked: Checked | None, counted: Rates) -> None:
    if checked is not None:
        say(f"{name}：发现代码问题 {checked.found} 项，其中新发现 {checked.opened} 项，已改正 {checked.corrected} 项。")
    print_table(
        ("部门", "主体", *(str(kind.label) for kind in Kind), "错码‱", "重码‱", "无现行代码‱"),
        (
            (
                one.department_name, one.subjects, *(one.faults.get(kind.value, 0) for kind in Kind), str(one.wrong),
                str(one.double), str(one.without),
            )
            for one in (*counted.departments, counted.total)
        ),
    )  # fmt: skip
