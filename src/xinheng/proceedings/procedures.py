"""Procedures as printable tables: which step leads from where to where, who may take it, until when, on which basis.

`procedures/<key>.yaml` holds the steps, `procedures/deadlines/<key>.yaml` the numbers of working days; an inner pack
replaces a file of the same name. What follows from the table (what is open, what is final, who must act) is computed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from xinheng.base.errors import NotFound
from xinheng.rulebook.loader import PackFile, load_pack
from xinheng.rulebook.reading import RulebookError, Section, read_each
from xinheng.rulebook.rules import read_citation

Party = Literal["applicant", "concerned", "source", "office", "auditor", "decider", "clock"]
PARTIES: tuple[Party, ...] = ("applicant", "concerned", "source", "office", "auditor", "decider", "clock")
PARTY_LABELS: Mapping[str, str] = {
    "applicant": "申请人",
    "concerned": "当事人员",
    "source": "报送部门",
    "office": "信用办",
    "auditor": "审计员",
    "decider": "决定人",
    "clock": "到期自动",
}
FieldKind = Literal["line", "text", "day", "choice"]
FIELD_KINDS: tuple[FieldKind, ...] = ("line", "text", "day", "choice")


@dataclass(frozen=True)
class State:
    """One stage of a case. `waits_for` is the party whose turn it is; nobody's in a final state."""

    key: str
    title: str
    final: bool
    waits_for: Party | Literal[""]
    public_title: str
    """What the applicant reads on the progress page."""


@dataclass(frozen=True)
class FormField:
    """Something that must be stated when a step is taken."""

    key: str
    label: str
    kind: FieldKind
    options: tuple[tuple[str, str], ...]
    help: str


@dataclass(frozen=True)
class Tell:
    """A message that a step sends, with places to fill in such as {number}."""

    to: Party
    text: str


@dataclass(frozen=True)
class Step:
    """One row of the table. `sources` is empty for the step that opens a case."""

    event: str
    title: str
    sources: tuple[str, ...]
    target: str
    who: tuple[Party, ...]
    deadline: str
    extends: str
    needs: tuple[str, ...]
    documents: tuple[str, ...]
    two_person: bool
    adverse: bool
    external: bool
    """The decision was taken, with its own notice, by another authority and is only recorded here."""
    notice: bool
    hearing: bool
    guard: str
    then: tuple[str, ...]
    issues: str
    tells: tuple[Tell, ...]
    basis: tuple[str, ...]
    once: bool
    reopens: bool
    line: int


@dataclass(frozen=True)
class DeadlineValue:
    """How many working days from a day on; never executed while unverified."""

    since: date
    days: int
    warn: int
    extend: int
    citation: str
    verified: bool
    provision: str


@dataclass(frozen=True)
class DeadlineRule:
    """What must be done within so many working days after an event; of several events the last one counts."""

    key: str
    title: str
    counted_from: tuple[str, ...]
    values: tuple[DeadlineValue, ...]

    def value_at(self, day: date) -> DeadlineValue | None:
        """The value for cases opened on that day; None where there is none that may be executed."""
        found = [value for value in self.values if value.since <= day and value.verified]
        return found[-1] if found else None


@dataclass(frozen=True)
class Procedure:
    """One dated version of a table, as one pack states it."""

    key: str
    title: str
    sign: str
    description: str
    since: date
    citation: str
    verified: bool
    pack: str
    file: str
    states: tuple[State, ...]
    fields: tuple[FormField, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[DeadlineRule, ...]
    attachments: tuple[tuple[str, str], ...]
    """Kinds of attachment and what they are called."""

    @property
    def rule_set(self) -> str:
        """How a case names the table it is handled by."""
        return f"{self.pack}/{self.key}@{self.since.isoformat()}"

    @property
    def opening(self) -> Step:
        return next(step for step in self.steps if not step.sources)

    @property
    def final_states(self) -> frozenset[str]:
        return frozenset(state.key for state in self.states if state.final)

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)

    def field(self, key: str) -> FormField:
        return next(field for field in self.fields if field.key == key)

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """What the table allows in that state."""
        return tuple(step for step in self.steps if state in step.sources)

    def step(self, state: str, event: str) -> Step | None:
        """The step of that name from that state; None where the table has none."""
        return next((step for step in self.steps_from(state) if step.event == event), None)

    def deadline(self, key: str) -> DeadlineRule | None:
        return next((rule for rule in self.deadlines if rule.key == key), None)


@cache
def load_procedures(pack: str) -> dict[str, tuple[Procedure, ...]]:
    """All procedures of a pack with its parents, each with its versions, oldest first."""
    files: dict[str, PackFile] = {}
    for file in load_pack(pack).files("procedures"):
        files[file.name] = file
    deadlines = {file.name: file for file in load_pack(pack).files("procedures/deadlines")}
    result = {}
    for name, file in sorted(files.items()):
        rules = _read_deadlines(deadlines[name].section, name) if name in deadlines else ()
        versions = _read_procedure(file, rules, deadlines[name].pack if name in deadlines else file.pack)
        result[name] = versions
    return result


def procedure_at(pack: str, key: str, day: date) -> Procedure:
    """The version that governs cases opened on that day; NotFound where none may be executed."""
    versions = [one for one in load_procedures(pack).get(key, ()) if one.since <= day and one.verified]
    if not versions:
        raise NotFound("这类事项现在没有可以执行的办理程序。", "请联系信用办，或者通过“信用中国”网站提出。")
    return versions[-1]


def procedure_of(pack: str, rule_set: str) -> Procedure:
    """The version a case is handled by, by its name; the pack's layer may have been replaced since."""
    key, _, since = rule_set.partition("/")[2].partition("@")
    for one in load_procedures(pack).get(key, ()):
        if one.since.isoformat() == since:
            return one
    raise NotFound(f"规则包里没有程序“{rule_set}”。", "请恢复这个日期的程序表，正在办理的案件还要用它。")


def _read_procedure(file: PackFile, deadlines: tuple[DeadlineRule, ...], pack: str) -> tuple[Procedure, ...]:
    section = file.section
    key = section.text("key")
    if key != file.name:
        raise section.refuse("key", f"“key”应与文件同名：{file.name}。")
    title, sign, description = section.text("title"), section.text("sign"), section.text("description")
    versions = []
    for inner in section.sections("versions"):
        citation, verified, _ = read_citation(inner)
        versions.append(
            Procedure(
                key=key,
                title=title,
                sign=sign,
                description=description,
                since=inner.day("since"),
                citation=citation,
                verified=verified,
                pack=pack,
                file=section.place.file,
                states=tuple(read_each(inner.sections("states"), _read_state)),
                fields=tuple(read_each(inner.sections("fields"), _read_field)),
                steps=tuple(read_each(inner.sections("steps"), _read_step)),
                deadlines=deadlines,
                attachments=inner.pairs("attachments"),
            )
        )
        _refuse_repeated(inner, "states", [state.key for state in versions[-1].states])
        _refuse_repeated(inner, "fields", [field.key for field in versions[-1].fields])
        inner.done()
    section.done()
    if not versions:
        raise RulebookError(section.place, "至少要有一个版本。")
    return tuple(sorted(versions, key=lambda one: one.since))


def _refuse_repeated(section: Section, key: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise section.refuse(key, f"“{name}”重复。")
        seen.add(name)


def _read_state(section: Section) -> State:
    title = section.text("title")
    final = section.flag("final", False)
    return State(
        key=section.text("key"),
        title=title,
        final=final,
        waits_for=section.choice("waits_for", ("", *PARTIES), "") if final else section.choice("waits_for", PARTIES),
        public_title=section.text("public_title", title),
    )


def _read_field(section: Section) -> FormField:
    kind = section.choice("kind", FIELD_KINDS)
    options = section.pairs("options")
    if (kind == "choice") != bool(options):
        raise section.refuse("options", "“choice”要写明选项，其他种类没有选项。")
    return FormField(section.text("key"), section.text("label"), kind, options, section.text("help", ""))


def _read_step(section: Section) -> Step:
    who = section.texts("who")
    if not who or any(party not in PARTIES for party in who):
        raise section.refuse("who", f"“who”只能是：{'、'.join(PARTIES)}。")
    return Step(
        event=section.text("event"),
        title=section.text("title"),
        sources=section.texts("from"),
        target=section.text("to"),
        who=tuple(party for party in PARTIES if party in who),
        deadline=section.text("deadline", ""),
        extends=section.text("extends", ""),
        needs=section.texts("needs"),
        documents=section.texts("documents"),
        two_person=section.flag("two_person", False),
        adverse=section.flag("adverse", False),
        external=section.flag("external", False),
        notice=section.flag("notice", False),
        hearing=section.flag("hearing", False),
        guard=section.text("guard", ""),
        then=section.texts("then"),
        issues=section.text("issues", ""),
        tells=tuple(read_each(section.sections("tells"), _read_tell)),
        basis=section.texts("basis"),
        once=section.flag("once", False),
        reopens=section.flag("reopens", False),
        line=section.place.line,
    )


def _read_tell(section: Section) -> Tell:
    return Tell(section.choice("to", PARTIES), section.text("text"))


def _read_deadlines(section: Section, name: str) -> tuple[DeadlineRule, ...]:
    if section.text("procedure") != name:
        raise section.refuse("procedure", f"“procedure”应与文件同名：{name}。")
    section.text("description")
    rules = tuple(read_each(section.sections("deadlines"), _read_deadline))
    _refuse_repeated(section, "deadlines", [rule.key for rule in rules])
    section.done()
    return rules


def _read_deadline(section: Section) -> DeadlineRule:
    values = tuple(read_each(section.sections("values"), _read_value))
    return DeadlineRule(
        key=section.text("key"),
        title=section.text("title"),
        counted_from=section.texts("counted_from"),
        values=tuple(sorted(values, key=lambda value: value.since)),
    )


def _read_value(section: Section) -> DeadlineValue:
    citation, verified, _ = read_citation(section)
    days, warn, extend = section.whole("days"), section.whole("warn", 0), section.whole("extend", 0)
    if days < 1 or extend < 0 or not 0 <= warn < days:
        raise section.refuse("days", "期限至少 1 个工作日，提醒的天数小于期限，延长不能是负数。")
    return DeadlineValue(section.day("since"), days, warn, extend, citation, verified, section.text("provision", ""))
