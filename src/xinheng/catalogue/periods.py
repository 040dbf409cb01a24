"""How long a kind of information is shown, in words, read from the pack's publicity rules.

Only for reading: what is published until when is decided by `effects`, from the same files.
"""

from dataclasses import dataclass
from datetime import date

from xinheng.rulebook.loader import Pack
from xinheng.rulebook.reading import Section
from xinheng.rulebook.rules import read_citation


@dataclass(frozen=True)
class PeriodLine:
    """One publicity rule as a line: for which decisions, which class, how long."""

    rules: tuple[str, ...]
    description: str
    field: str
    """The special field it is limited to (市场监管); empty for all."""
    decided_from: date
    decided_to: date | None
    classes: tuple[str, ...]
    """Each class with its period; empty when the description says it all."""
    citation: str
    verified: bool


def load_periods(pack: Pack) -> tuple[PeriodLine, ...]:
    """All publicity rules of the pack's layers, newest first; an inner layer's rule replaces the outer one."""
    lines: dict[str, PeriodLine] = {}
    for file in pack.files("publicity"):
        lines[file.name] = _read_line(file.section)
    return tuple(sorted(lines.values(), key=lambda line: line.decided_from, reverse=True))


def periods_of(rule: str, lines: tuple[PeriodLine, ...]) -> tuple[PeriodLine, ...]:
    """The lines of one publicity rule, newest first."""
    return tuple(line for line in lines if rule in line.rules)


def in_one_sentence(lines: tuple[PeriodLine, ...]) -> str:
    """The period of the newest decisions; what is not verified publishes nothing, and the sentence says so."""
    general = [line for line in lines if not line.field and line.verified]
    if not general:
        return "公示规则的依据尚未核实，暂不公示"
    return "；".join(general[0].classes) or general[0].description


def _read_line(section: Section) -> PeriodLine:
    citation, verified, _ = read_citation(section)
    return PeriodLine(
        rules=section.texts("rules"),
        description=section.text("description"),
        field=section.text("field", ""),
        decided_from=section.day("decided_from"),
        decided_to=section.optional_day("decided_to"),
        classes=tuple(
            f"{entry.text('label')}：{_period(entry)}"
            for entry in section.sections("classes")
            if entry.text("label", "")
        ),
        citation=citation,
        verified=verified,
    )


def _period(entry: Section) -> str:
    if not entry.flag("publish", True):
        return "不公示"
    shortest, longest = entry.whole("min_months", 0), entry.whole("max_months", 0)
    parts = [f"最短{_months(shortest)}"] if shortest else []
    parts += [f"最长{_months(longest)}"] if longest else []
    return "，".join(parts) or "公示至移出之日"


def _months(count: int) -> str:
    return f"{count // 12}年" if count % 12 == 0 else f"{count}个月"
