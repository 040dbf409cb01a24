"""The letter itself: what was filled in, checked, and the one text that is shown, hashed, signed and printed."""

import calendar
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinheng.base.clock import format_date
from xinheng.base.errors import Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.commitments.places import filled, places_of
from xinheng.commitments.rules import Fact, Item, Template
from xinheng.people.models import Department

LONGEST = {"line": 200, "text": 1500, "day": 10}
_REASON, _CONTENT = 512, 4000


class LetterWrong(Refused):
    """Something must be put right; `problems` says what, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("还有内容需要填写或者改正。", "".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Promisor:
    """The organisation that promises, as the register knows it."""

    number: int
    name: str
    credit_code: str


@dataclass(frozen=True)
class Letter:
    """A letter ready to be signed on a day. `text` is the whole of it, and `sha256` its digest."""

    item: Item
    template: Template
    facts: tuple[tuple[str, str], ...]
    reason: str
    content: str
    liability: str
    committed_on: date
    valid_to: date
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))


def letter_of(
    item: Item, template: Template, typed: Mapping[str, str], *, promisor: Promisor, department: Department, today: date
) -> Letter:
    """The letter with what was typed; LetterWrong names every field to put right. Numbers of persons are refused."""
    clean = {fact.key: _clean(typed.get(fact.key, ""), fact) for fact in template.facts}
    problems = {fact.key: problem for fact in template.facts if (problem := _problem(fact, clean[fact.key], today))}
    if problems:
        raise LetterWrong(problems)
    shown = {fact.key: _shown(fact, clean[fact.key]) for fact in template.facts}
    reason = filled(template.reason, shown)
    if len(reason) > _REASON:
        longest = (places_of(template.reason) or (template.facts[-1].key,))[-1]
        raise LetterWrong({longest: f"承诺的事由最多 {_REASON} 字，请写得简短一些。"})
    paragraphs = [filled(one, shown) for one in template.statement]
    liability = "".join(one.text for one in template.consequences)
    content = "".join(one if one.endswith("。") else f"{one}。" for one in paragraphs)
    if len(content) > _CONTENT:
        raise LetterWrong({template.facts[-1].key: f"承诺的内容最多 {_CONTENT} 字，请写得简短一些。"})
    valid_to = date.fromisoformat(clean[template.valid_until]) if template.valid_until else None
    last = valid_to or months_after(today, template.valid_months)
    text = "\n".join(
        [
            template.title,
            f"致：{department.name}",
            f"承诺单位：{promisor.name}，统一社会信用代码 {promisor.credit_code}。",
            f"承诺事项：{item.title}。",
            *paragraphs,
            f"违诺责任：{liability}",
            f"依据：{template.citation}。",
            template.consent,
            f"本承诺自{format_date(today)}起生效，有效期至{format_date(last)}。",
        ]
    )
    return Letter(
        item=item,
        template=template,
        facts=tuple((fact.label, shown[fact.key]) for fact in template.facts),
        reason=reason,
        content=content,
        liability=liability,
        committed_on=today,
        valid_to=last,
        text=text,
    )


def months_after(day: date, months: int) -> date:
    """The day so many months later, the last of a shorter month."""
    months += day.month - 1
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def same_name(typed: str, name: str) -> bool:
    """Whether the name under a letter is the organisation's, brackets of either width."""
    return _plain(typed) == _plain(name)


def _plain(name: str) -> str:
    return name.strip().replace("（", "(").replace("）", ")")


def _clean(text: str, fact: Fact) -> str:
    kept = "".join(one for one in text if one.isprintable() or one == "\n").strip()
    # A line of its own could pass for a sentence of the letter.
    return "；".join(part.strip() for part in kept.split("\n") if part.strip())


def _shown(fact: Fact, text: str) -> str:
    return format_date(date.fromisoformat(text)) if fact.kind == "day" else text.rstrip("。")


def _problem(fact: Fact, text: str, today: date) -> str:
    if not text:
        return f"请填写“{fact.label}”。"
    if len(text) > LONGEST[fact.kind]:
        return f"“{fact.label}”最多 {LONGEST[fact.kind]} 字，现在有 {len(text)} 字。"
    if fact.kind == "day":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return f"“{fact.label}”请写成 2026-11-21 这样的日期。"
        if not today < day <= months_after(today, 60):
            return f"“{fact.label}”应晚于今天，最长五年。"
        return ""
    if find_personal_numbers(text):
        return f"“{fact.label}”里有像证件号码、手机号码或者银行卡号的数字，请删去后再提交。"
    return ""
