"""Rule sets of repair as packs write them: for which publicity regimes, on which conditions, with which materials."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import RulebookError, Section, read_each
from xinheng.rulebook.rules import read_citation


@dataclass(frozen=True)
class LongerPeriod:
    """Fields of work in which the shortest period is longer."""

    fields: tuple[str, ...]
    months: int
    verified: bool
    provision: str


@dataclass(frozen=True)
class Exclusion:
    """What cannot be repaired, because a text says so."""

    severity: str
    why: str
    verified: bool
    provision: str


@dataclass(frozen=True)
class LocalBody:
    """From a day on, repairs of these record types and departments are decided by a department of this place."""

    since: date
    types: tuple[str, ...]
    departments: tuple[str, ...]
    body: str
    """The credit code of the department that decides."""
    verified: bool
    provision: str


@dataclass(frozen=True)
class AfterRevocation:
    """What follows for a record whose repair was revoked."""

    why: str
    verified: bool
    provision: str


@dataclass(frozen=True)
class RepairRule:
    """One text on repair. `by_listing_body`: its earliest day is not known here."""

    key: str
    title: str
    regimes: tuple[str, ...]
    verified: bool
    basis: tuple[str, ...]
    conditions: tuple[str, ...]
    materials: tuple[tuple[str, str], ...]
    commitment: str
    decided_by: str
    by_listing_body: bool
    local: tuple[LocalBody, ...]
    """Where a department of this place decides itself; empty nearly everywhere."""
    after_revocation: AfterRevocation | None
    longer: tuple[LongerPeriod, ...]
    excluded: tuple[Exclusion, ...]
    pack: str

    def shortest(self, months: int, fields: tuple[str, ...]) -> int:
        """The shortest period in months, given that of the class and the department's fields of work."""
        named = [one.months for one in self.longer if one.verified and set(one.fields) & set(fields)]
        return max([months, *named])

    def local_body(self, type: str, department: str, on: date) -> str:
        """The credit code of the department that decides here on that day; empty where another authority does."""
        found = [
            one.body
            for one in self.local
            if one.verified and one.since <= on and type in one.types and department in one.departments
        ]
        return found[-1] if found else ""

    @property
    def provisions(self) -> tuple[str, ...]:
        """Every provision the rule names."""
        named = [
            *self.basis,
            *(one.provision for one in self.longer),
            *(one.provision for one in self.excluded),
            *(one.provision for one in self.local),
            self.after_revocation.provision if self.after_revocation else "",
        ]
        return tuple(one for one in named if one)


@cache
def load_repair_rules(pack: str) -> tuple[RepairRule, ...]:
    """All rule sets of a pack; an inner pack replaces one of the same key."""
    found: dict[str, RepairRule] = {}
    for file in load_pack(pack).files("repair"):
        if file.section.text("key") != file.name:
            raise file.section.refuse("key", f"“key”应与文件同名：{file.name}。")
        found[file.name] = _read(file.section, file.pack)
    taken: dict[str, str] = {}
    for rule in found.values():
        for regime in rule.regimes:
            if regime in taken:
                raise RulebookError(file.section.place, f"公示规则“{regime}”同时属于“{taken[regime]}”和“{rule.key}”。")
            taken[regime] = rule.key
    return tuple(found[key] for key in sorted(found))


def rule_for(pack: str, regime: str) -> RepairRule | None:
    """The rule set that governs what was published under a regime; None where none may be executed."""
    return next((one for one in load_repair_rules(pack) if regime in one.regimes and one.verified), None)


def _read(section: Section, pack: str) -> RepairRule:
    _, verified, _ = read_citation(section)
    rule = RepairRule(
        key=section.text("key"),
        title=section.text("title"),
        regimes=section.texts("regimes"),
        verified=verified,
        basis=section.texts("basis"),
        conditions=section.texts("conditions"),
        materials=section.pairs("materials"),
        commitment=section.text("commitment"),
        decided_by=section.text("decided_by"),
        by_listing_body=section.flag("by_listing_body", False),
        local=tuple(read_each(section.sections("local"), _read_local)),
        after_revocation=_read_after(section.section("after_revocation")) if "after_revocation" in section else None,
        longer=tuple(read_each(section.sections("longer"), _read_longer)),
        excluded=tuple(read_each(section.sections("excluded"), _read_excluded)),
        pack=pack,
    )
    section.done()
    if not rule.regimes or not rule.basis or not rule.materials:
        raise RulebookError(section.place, "必须写明适用的公示规则、依据和材料。")
    return rule


def _read_longer(section: Section) -> LongerPeriod:
    _, verified, _ = read_citation(section)
    return LongerPeriod(section.texts("fields"), section.whole("months"), verified, section.text("provision"))


def _read_excluded(section: Section) -> Exclusion:
    _, verified, _ = read_citation(section)
    return Exclusion(section.text("severity"), section.text("why"), verified, section.text("provision"))


def _read_local(section: Section) -> LocalBody:
    _, verified, _ = read_citation(section)
    local = LocalBody(
        since=section.day("since"),
        types=section.texts("types"),
        departments=section.texts("departments"),
        body=section.text("body"),
        verified=verified,
        provision=section.text("provision"),
    )
    if not local.types or not local.departments:
        raise section.refuse("types", "由本地部门审核的，要写明信息的种类和作出决定的部门。")
    return local


def _read_after(section: Section) -> AfterRevocation:
    _, verified, _ = read_citation(section)
    return AfterRevocation(section.text("why"), verified, section.text("provision", ""))
