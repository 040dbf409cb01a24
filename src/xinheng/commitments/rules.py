"""What may be promised and in which words, from the rulebook (`commitments/*.yaml`): templates, items, follow-up."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from xinheng.base.errors import NotFound, Refused
from xinheng.catalogue.boundaries import Boundaries, load_boundaries
from xinheng.catalogue.contracts import load_contracts
from xinheng.commitments.places import places_of
from xinheng.rulebook.loader import load_pack
from xinheng.rulebook.reading import Section, read_each
from xinheng.rulebook.rules import read_citation

COMMITMENT, FULFILMENT = "commitment", "fulfilment"
"""The contracts."""
FactKind = Literal["line", "text", "day"]
ConsequenceKind = Literal["record", "publish", "end", "outside"]
FACT_KINDS: tuple[FactKind, ...] = ("line", "text", "day")
CONSEQUENCE_KINDS: tuple[ConsequenceKind, ...] = ("record", "publish", "end", "outside")
PERSONAL = ("身份证", "证件号", "手机", "电话", "住址", "家庭", "银行卡", "出生", "籍贯")
"""Words by which a letter would ask for data on a person; no letter may."""
FREE = ("主动型", "行业自律型")
"""Types that nothing is granted on, so that whoever promised may take them back."""


@dataclass(frozen=True)
class Fact:
    """One thing that the organisation fills in."""

    key: str
    label: str
    kind: FactKind
    help: str


@dataclass(frozen=True)
class Consequence:
    """What follows from a breach, in the words of the letter, and the provision that carries it.

    `record`: it is recorded. `publish`: the finding is published. `end`: the commitment ends when nothing was kept.
    `outside`: the department acts under its own law, and nothing follows here.
    """

    kind: ConsequenceKind
    text: str
    provision: str


@dataclass(frozen=True)
class Template:
    """One dated version of a letter."""

    key: str
    type: str
    title: str
    version: str
    since: date
    citation: str
    verified: bool
    basis: tuple[str, ...]
    reason: str
    facts: tuple[Fact, ...]
    statement: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    consent: str
    publicity: str
    valid_months: int
    valid_until: str
    """The fact that names the last day; empty: counted in months."""

    def may(self, kind: ConsequenceKind, provisions: Collection[str]) -> bool:
        """Whether a breach has this consequence, resting on one of the provisions in force."""
        return any(one.kind == kind and one.provision in provisions for one in self.consequences)


@dataclass(frozen=True)
class Item:
    """One business item of a department and the letter it takes."""

    code: str
    title: str
    template: str
    department: str


@dataclass(frozen=True)
class FollowUpRule:
    """When commitments of some types are looked after; `days` after the signing, or None: on their last day."""

    key: str
    types: tuple[str, ...]
    what: str
    days: int | None
    citation: str
    verified: bool
    provision: str


@cache
def load_templates(pack: str) -> dict[str, tuple[Template, ...]]:
    """All letters of a pack with their versions, oldest first; an inner pack replaces a letter of the same name."""
    found = {}
    boundaries = load_boundaries(load_pack(pack))
    contract = load_contracts(pack)[COMMITMENT]
    types, publicities = contract.field("commitment_type").values, contract.field("publicity_type").values
    for file in load_pack(pack).files("commitments/templates"):
        section = file.section
        if section.text("key") != file.name:
            raise section.refuse("key", f"“key”应与文件同名：{file.name}。")
        reader = _Reader(file.name, section.choice("type", types), section.text("title"), publicities, boundaries)
        versions = tuple(read_each(section.sections("versions"), reader.read))
        found[file.name] = tuple(sorted(versions, key=lambda one: one.since))
        section.done()
    return found


def template_on(pack: str, key: str, day: date) -> Template:
    """The words that are signed on that day; Refused where the place has adopted none."""
    adopted = [one for one in load_templates(pack).get(key, ()) if one.verified and one.since <= day]
    if not adopted:
        raise Refused("本地还没有采用这种承诺书，现在不能签署。", "请向信用办询问。")
    return adopted[-1]


def template_signed(pack: str, key: str, version: str) -> Template | None:
    """The version that was signed; None where the rulebook has it no longer."""
    return next((one for one in load_templates(pack).get(key, ()) if one.version == version), None)


@cache
def load_items(pack: str) -> dict[str, Item]:
    """The items of all departments that take a commitment, by code, in the order of the file."""
    section = load_pack(pack).file("commitments/items.yaml").section
    section.text("description")
    templates, found = load_templates(pack), dict[str, Item]()
    for group in section.sections("departments"):
        department = group.text("department")
        for inner in group.sections("items"):
            item = Item(inner.text("code"), inner.text("title"), inner.text("template"), department)
            inner.done()
            if item.template not in templates:
                raise inner.refuse("template", f"没有承诺书“{item.template}”。")
            if item.code in found:
                raise inner.refuse("code", f"事项“{item.code}”写了两次。")
            found[item.code] = item
        group.done()
    section.done()
    return found


def item_of(pack: str, code: str) -> Item:
    """The item of that code; NotFound in words for any other."""
    found = load_items(pack).get(code)
    if found is None:
        raise NotFound("没有这个承诺事项。", "请从“信用承诺”页选择一项。")
    return found


@cache
def load_follow_up(pack: str) -> tuple[FollowUpRule, ...]:
    """When promises are looked after."""
    section = load_pack(pack).file("commitments/follow_up.yaml").section
    section.text("description")
    found = tuple(read_each(section.sections("rules"), _read_rule))
    section.done()
    return found


def follow_up_of(pack: str, type: str) -> FollowUpRule | None:
    """The rule for a type; None where the place has stated none that may be executed."""
    plain = type.split("-", 1)[0]
    return next((one for one in load_follow_up(pack) if one.verified and plain in one.types), None)


def commitment_mistakes(pack: str, stated: Collection[str]) -> list[str]:
    """Every mistake in the letters, items and rules of a pack. `stated` are the provisions of the legal register."""
    load_items(pack)
    named = [
        (f"承诺书“{one.title}”（{one.version}）", reference)
        for versions in load_templates(pack).values()
        for one in versions
        for reference in (*one.basis, *(each.provision for each in one.consequences))
    ]
    named += [(f"承诺检查规则“{one.key}”", one.provision) for one in load_follow_up(pack) if one.provision]
    return list(
        dict.fromkeys(
            f"{who}引用的依据 {reference} 不在依据目录中。" for who, reference in named if reference not in stated
        )
    )


@dataclass(frozen=True)
class _Reader:
    """Reads the versions of one letter and refuses what no letter may hold."""

    key: str
    type: str
    title: str
    publicities: tuple[str, ...]
    boundaries: Boundaries

    def read(self, section: Section) -> Template:
        citation, verified, _ = read_citation(section)
        facts = tuple(read_each(section.sections("facts"), self._fact))
        template = Template(
            key=self.key,
            type=self.type,
            title=self.title,
            version=section.text("version"),
            since=section.day("since"),
            citation=citation,
            verified=verified,
            basis=section.texts("basis"),
            reason=section.text("reason"),
            facts=facts,
            statement=section.texts("statement"),
            consequences=tuple(read_each(section.sections("consequences"), _read_consequence)),
            consent=section.text("consent"),
            publicity=section.choice("publicity", self.publicities),
            valid_months=section.whole("valid_months"),
            valid_until=section.text("valid_until", ""),
        )
        for key, problem in self._mistakes(template):
            raise section.refuse(key, problem)
        return template

    def _fact(self, section: Section) -> Fact:
        fact = Fact(
            section.text("key"), section.text("label"), section.choice("kind", FACT_KINDS), section.text("help")
        )
        self._refuse_persons(section.refuse, fact.label)
        return fact

    def _refuse_persons(self, refuse: Callable[[object, str], Exception], text: str) -> None:
        word = next((one for one in PERSONAL if one in text), "")
        if word:
            raise refuse("label", f"承诺书不得收集个人信息：“{text}”里有“{word}”。")
        hit = self.boundaries.find(text)
        if hit:
            raise refuse("label", f"“{hit.text}”涉及{hit.ban.title}，不得收集（{hit.ban.basis}）。")

    def _mistakes(self, one: Template) -> Iterator[tuple[str, str]]:
        keys = {fact.key for fact in one.facts}
        used = {place for text in (one.reason, *one.statement) for place in places_of(text)}
        if not one.facts or not one.statement or not one.basis:
            yield "facts", "承诺书须写明承诺的事实 facts、内容 statement 和依据 basis。"
        if not any(each.kind == "record" for each in one.consequences):
            yield "consequences", "承诺书须写明违诺责任，至少写明记入信用记录。"
        for place in sorted(used - keys):
            yield "statement", f"没有“{place}”这个填写项。"
        for place in sorted(keys - used):
            yield "facts", f"填写项“{place}”没有写进承诺书。"
        if one.valid_months < 1 or one.valid_months > 60:
            yield "valid_months", "承诺的期限为 1 至 60 个月。"
        if one.valid_until and not any(f.key == one.valid_until and f.kind == "day" for f in one.facts):
            yield "valid_until", "“valid_until”应为一个日期填写项。"
        for text in one.statement:
            word = next((each for each in PERSONAL if each in text), "")
            if word:
                yield "statement", f"承诺书不得收集个人信息：“{text}”里有“{word}”。"


def _read_consequence(section: Section) -> Consequence:
    found = Consequence(section.choice("kind", CONSEQUENCE_KINDS), section.text("text"), section.text("provision", ""))
    if not found.provision:
        raise section.refuse("kind", f"违诺责任“{found.text}”没有写明依据条款，不得写入承诺书。")
    return found


def _read_rule(section: Section) -> FollowUpRule:
    citation, verified, _ = read_citation(section)
    at = section.choice("at", ("days", "valid_to"))
    return FollowUpRule(
        key=section.text("key"),
        types=section.texts("types"),
        what=section.text("what"),
        days=section.whole("days") if at == "days" else None,
        citation=citation,
        verified=verified,
        provision=section.text("provision", ""),
    )
