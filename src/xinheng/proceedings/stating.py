"""What the form of a step asks for, checked: filled in, within bounds, without numbers of persons."""

from collections.abc import Mapping
from datetime import date

from xinheng.base.clock import format_date
from xinheng.base.errors import Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.proceedings.procedures import FormField, Procedure, Step

LONGEST = {"line": 200, "text": 4000, "day": 10, "choice": 40}


class StatedWrong(Refused):
    """Something on the form must be put right; `problems` says what, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("还有内容需要填写或者改正。", "".join(problems.values()))
        self.problems = dict(problems)


def checked(procedure: Procedure, step: Step, stated: Mapping[str, str], today: date) -> dict[str, str]:
    """What the step needs of what was stated, clean; StatedWrong names every field to put right."""
    clean, problems = {}, {}
    for key in step.needs:
        field = procedure.field(key)
        text = "".join(one for one in stated.get(key, "") if one.isprintable() or one == "\n").strip()
        problem = _problem(field, text, today)
        if problem:
            problems[key] = problem
        clean[key] = text
    if problems:
        raise StatedWrong(problems)
    return clean


def shown(procedure: Procedure, stated: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What was stated, with labels, choices in words."""
    words = spelled(procedure, stated)
    return tuple((field.label, words[field.key]) for field in procedure.fields if words.get(field.key))


def spelled(procedure: Procedure, stated: Mapping[str, str]) -> dict[str, str]:
    """What was stated as a reader knows it: choices by their titles, days as dates."""
    words = dict(stated)
    for field in procedure.fields:
        value = stated.get(field.key)
        if value and field.kind == "day":
            words[field.key] = format_date(date.fromisoformat(value))
        elif value:
            words[field.key] = dict(field.options).get(value, value)
    return words


def _problem(field: FormField, text: str, today: date) -> str:
    if not text:
        return f"请{'选择' if field.kind == 'choice' else '填写'}“{field.label}”。"
    if len(text) > LONGEST[field.kind]:
        return f"“{field.label}”最多 {LONGEST[field.kind]} 字，现在有 {len(text)} 字。"
    if field.kind == "choice" and text not in dict(field.options):
        return f"“{field.label}”请从列表中选择。"
    if field.kind == "day":
        return _day_problem(field, text, today)
    if find_personal_numbers(text):
        return f"“{field.label}”里有像证件号码、手机号码或者银行卡号的数字，请删去后再提交。"
    return ""


def _day_problem(field: FormField, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return f"“{field.label}”请写成 2026-11-21 这样的日期。"
    return f"“{field.label}”不能晚于今天。" if day > today else ""
