"""What one stream of decisions has in common: one department, one kind of act, its subjects and its numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from xinheng.demo.names import mobile_number, person_name, person_number
from xinheng.demo.organisations import Party, Roster
from xinheng.demo.texts import Department

Row = dict[str, str | date]
Made = tuple[Row, Party | None]
"""A row as it should be, and the organisation it is about; None for natural persons."""

PERSON_SHARE = 0.03
REDRAWS = 5
"""So often another subject is drawn when the first was not yet registered; then a clerk's date is simply odd."""
CATEGORIES = {"个体工商户": "个体工商户"}
ORGANISATION, PERSON = "法人及非法人组织", "自然人"
PLACES = ("潮音镇", "鹭汀镇", "沉星镇", "望澜镇", "月砚镇", "螺湾街道", "灯影街道", "雾屿街道", "望灯大道", "听涛街")


@dataclass
class Stream:
    """One department's decisions of one kind, in the order of their dates."""

    department: Department
    mark: str
    word: str
    """Stands between mark and year in the document number: 云市监罚〔2025〕12号."""
    roster: Roster
    slots: tuple[int, ...]
    days: list[date]
    count: int
    seed: str
    persons: bool = True
    numbers: dict[int, int] = field(default_factory=dict)

    def drawn(self) -> Iterator[tuple[Random, date, str]]:
        """For each decision the dice, its day and its document number."""
        rng = Random(self.seed)  # noqa: S311 - a generator of test data must be repeatable
        roll = rng.random
        size, count = len(self.days), self.count
        for place in range(count):
            day = self.days[int((place + roll()) / count * size)]
            number = self.numbers.get(day.year, 0) + 1
            self.numbers[day.year] = number
            yield rng, day, f"{self.mark}{self.word}〔{day.year}〕{number}号"

    def subject(self, rng: Random, day: date, slots: tuple[int, ...] = ()) -> tuple[Row, Party | None]:
        """The columns that say whom a decision of that day is about; `slots` narrows the stream's own."""
        roll = rng.random
        if self.persons and roll() < PERSON_SHARE:
            number = int(roll() * 900_000)
            return {
                "counterparty_name": person_name(number),
                "counterparty_category": PERSON,
                "person_id_type": "身份证",
                "person_id_no": person_number(number),
            }, None
        party = self.roster.drawn(slots or self.slots, roll(), roll())
        for _ in range(REDRAWS):
            if party.established_on <= day:
                break
            party = self.roster.drawn(slots or self.slots, roll(), roll())
        row: Row = {
            "counterparty_name": party.name,
            "counterparty_category": CATEGORIES.get(party.kind, ORGANISATION),
            "uscc": party.code,
            "legal_rep_name": party.representative,
        }
        if party.registration_no and roll() < 0.2:
            row["business_reg_no"] = party.registration_no
        return row, party

    def source(self) -> Row:
        """The columns that say who uploads the row."""
        return {"data_source_unit": self.department.name, "data_source_unit_uscc": self.department.code}


def in_wan(yuan: int) -> str:
    """Yuan written in ten thousands, without trailing zeros.

    >>> in_wan(2000), in_wan(120_000)
    ('0.2', '12')
    """
    whole, rest = divmod(yuan, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0") if rest else str(whole)


def amount(rng: Random, low: int, high: int) -> int:
    """Yuan between the bounds, small amounts more often, as round as officers decide."""
    raw = low * (high / low) ** rng.random()
    step = 50 if raw < 1_000 else 100 if raw < 10_000 else 1_000
    return max(low, int(raw / step) * step)


def telling_too_much(rng: Random) -> str:
    """A sentence with an invented person's number, as clerks paste it into a text."""
    number = int(rng.random() * 900_000)
    if rng.random() < 0.5:
        return f"联系电话{mobile_number(number)}。"
    return f"现场负责人{person_name(number)}，身份证号{person_number(number)}。"
