"""Which lists departments of this place may put somebody on, on which kind of document: one file a list.

`determinations/<list>.yaml` says what qualifies, for how long, with whose consent and which persons may be named;
`contacts/determinations.yaml` says which departments of the place are competent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.law.queries import reliable_provisions
from xinheng.register.models import Record
from xinheng.rulebook.loader import Pack, load_pack
from xinheng.rulebook.reading import Place, Section
from xinheng.rulebook.rules import read_citation

FEN = 100


@dataclass(frozen=True)
class DeterminationRule:
    """What one list asks of a determination.

    A document qualifies by one of `kinds` or by a fine from `fine_from` yuan on (0: no amount qualifies). `consent` in
    words where the level above must agree; `persons` are the parts in which its law names a person.
    """

    list_key: str
    basis: tuple[str, ...]
    types: tuple[str, ...]
    kinds: tuple[str, ...]
    fine_from: int
    criteria: str
    months: tuple[int, ...]
    consent: str
    removal_after: int
    early_removal: str
    persons: tuple[str, ...]
    departments: tuple[str, ...]
    citation: str
    verified: bool
    place: Place

    def why_not_in_force(self, day: date) -> str:
        """Why nobody may be put on this list on that day; empty when it may be done."""
        known = reliable_provisions(PUBLIC)
        if not self.verified:
            return "这份名单的认定规则尚未核实，不能据以列入。"
        if any(one not in known or not known[one].in_force_on(day) for one in self.basis):
            return "认定这份名单的依据尚未核实或者没有生效，不能据以列入。"
        return ""

    def qualifies(self, record: Record) -> bool:
        """Whether a penalty is of the kind or weight the list asks for."""
        if record.type not in self.types:
            return False
        kinds = {one.partition("-")[0] for one in record.penalty_categories.split(";")}
        heavy = self.fine_from and record.amount_fen is not None and record.amount_fen >= self.fine_from * FEN
        return bool(heavy or kinds & set(self.kinds))


@cache
def load_determination_rules(pack: str) -> Mapping[str, DeterminationRule]:
    """All rules by list key; an inner layer's file replaces the outer one of the same name."""
    loaded = load_pack(pack)
    departments = _departments(loaded)
    found = {}
    for file in loaded.files("determinations"):
        rule = _read(file.section, departments.get(file.name, ()))
        if rule.list_key != file.name:
            raise file.section.refuse("list", f"“list”应与文件同名：{file.name}。")
        found[file.name] = rule
    loose = sorted(departments.keys() - found.keys())
    if loose:
        section = loaded.file("contacts/determinations.yaml").section
        raise section.section("departments").refuse(loose[0], f"没有“{loose[0]}”这份名单的认定规则。")
    return found


def rule_of(pack: str, list_key: str) -> DeterminationRule | None:
    """The rule of a list; None where no department of any place determines it."""
    return load_determination_rules(pack).get(list_key)


def lists_of_department(pack: str, code: str, day: date) -> tuple[str, ...]:
    """Keys of the lists that the department may put somebody on that day."""
    found = load_determination_rules(pack).items()
    return tuple(sorted(key for key, one in found if code in one.departments and not one.why_not_in_force(day)))


def _departments(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    try:
        section = pack.file("contacts/determinations.yaml").section
    except NotFound:
        return {}
    section.text("description")
    named = section.section("departments")
    found = {key: named.texts(key) for key in named.text_keys()}
    section.done()
    return found


def _read(section: Section, departments: tuple[str, ...]) -> DeterminationRule:
    citation, verified, _ = read_citation(section)
    rule = DeterminationRule(
        list_key=section.text("list"),
        basis=section.texts("basis"),
        types=section.texts("types"),
        kinds=section.texts("kinds"),
        fine_from=section.whole("fine_from", 0),
        criteria=section.text("criteria"),
        months=tuple(int(one) for one in section.texts("months")),
        consent=section.text("consent", ""),
        removal_after=section.whole("removal_after", 0),
        early_removal=section.text("early_removal"),
        persons=section.texts("persons"),
        departments=departments,
        citation=citation,
        verified=verified,
        place=section.place,
    )
    section.done()
    if not rule.basis or not rule.types or not rule.months:
        raise section.refuse("basis", "必须写明依据、作为依据的信息种类和列入期限。")
    return rule
