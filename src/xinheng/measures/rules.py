"""Lists, measures and memoranda as the rulebook states them: facts, no behaviour that asks what today is."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from xinheng.rulebook.reading import Place

ListKind = Literal["serious", "adverse", "honour", "attention"]
"""serious 严重失信主体名单 · adverse 异常名录等 · honour 守信激励名单 · attention 内部关注标签（不公示、不采取措施）"""

ListLevel = Literal["national", "local"]
ListEnd = Literal["planned_to", "removal"]
"""planned_to: ends on the day the decision names · removal: ends when the entry is removed"""

MeasureClass = Literal["I", "II", "III", "graduated", "incentive"]
"""I 减损权利或增加义务 · II 相关管理 · III 由其他组织自主实施 · graduated 分级监管（名单以下） · incentive 守信激励"""

Consequence = Literal["", "inspection", "convenience"]
"""What may follow from what is below a list: inspection 提高抽查频次 · convenience 不适用便利措施; nothing else."""

ObjectKind = Literal["organisation", "person"]

LIST_KINDS: tuple[ListKind, ...] = ("serious", "adverse", "honour", "attention")
LIST_LEVELS: tuple[ListLevel, ...] = ("national", "local")
LIST_ENDS: tuple[ListEnd, ...] = ("planned_to", "removal")
MEASURE_CLASSES: tuple[MeasureClass, ...] = ("I", "II", "III", "graduated", "incentive")
CONSEQUENCES: tuple[Consequence, ...] = ("", "inspection", "convenience")
OBJECT_KINDS: tuple[ObjectKind, ...] = ("organisation", "person")


@dataclass(frozen=True)
class ListRule:
    """One list: by which law it exists, who decides it, when an entry ends.

    `record_type` and `record_value` say how its entries arrive: the contract, and the word under the contract's
    role `list_key`. An attention tag has neither. `names` are the words by which legal texts call the list; a trigger
    must contain one of them.
    """

    key: str
    title: str
    names: tuple[str, ...]
    kind: ListKind
    level: ListLevel
    basis: tuple[str, ...]
    """Provisions `text_key#article`."""
    basis_text: str
    deciding_body: str
    criteria: str
    ends: ListEnd
    term_months: int
    """Longest term in months where the law names one; 0 where it names none."""
    term: str
    early_removal: str
    named_persons: str
    correction: str
    record_type: str
    record_value: str
    citation: str
    verified: bool
    reviewed_on: date | None
    pack: str
    place: Place = field(compare=False)

    @property
    def public(self) -> bool:
        """Attention tags are internal: neither published nor a trigger of anything."""
        return self.kind != "attention"


@dataclass(frozen=True)
class Trigger:
    """What may set a measure going: a list the cited provision names, or (no `list_key`) acts under that provision.

    `quote` stands word for word in the register's summary of `provision`. With `grounds` only entries whose reasons
    contain one of these words; they stand in the quote. Without a list: entries whose reasons cite the provision.
    """

    list_key: str
    provision: str
    quote: str
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """One measure of one edition of a list of measures.

    `execute` False: text for reference, the platform does nothing with it. `max_months` 0: as long as its cause.
    `executors` are credit codes of the region's departments that carry it out.
    """

    key: str
    edition: str
    measure_class: MeasureClass
    title: str
    text: str
    objects: str
    object_kind: ObjectKind
    basis: tuple[str, ...]
    basis_text: str
    executing_body: str
    executors: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    max_months: int
    execute: bool
    fair_competition: str
    citation: str
    verified: bool
    reviewed_on: date | None
    pack: str
    place: Place = field(compare=False)
    consequence: Consequence = ""
    """Of a graduated measure: what it changes. Empty for all others."""

    @property
    def incentive(self) -> bool:
        """Whether it rewards instead of restraining."""
        return self.measure_class == "incentive"

    @property
    def graduated(self) -> bool:
        """Whether it only grades supervision and conveniences below the lists, and is no restraint."""
        return self.measure_class == "graduated"

    @property
    def list_keys(self) -> tuple[str, ...]:
        """Keys of the lists that may trigger it, in the order of the file."""
        return tuple(dict.fromkeys(one.list_key for one in self.triggers if one.list_key))


@dataclass(frozen=True)
class Edition:
    """One edition of a list of measures, the unit that is published. `digest` changes with anything it says."""

    key: str
    title: str
    issuer: str
    provision: str
    effective_from: date | None
    effective_to: date | None
    local: bool
    citation: str
    verified: bool
    reviewed_on: date | None
    measures: tuple[Measure, ...]
    digest: str
    pack: str
    place: Place = field(compare=False)

    def in_force_on(self, day: date) -> bool:
        """Whether the edition applies on that day; never while its first day is not known."""
        if self.effective_from is None or day < self.effective_from:
            return False
        return self.effective_to is None or day <= self.effective_to


@dataclass(frozen=True)
class Memorandum:
    """A memorandum of joint reward and discipline (合作备忘录): history and reference, never a basis."""

    key: str
    title: str
    document_no: str
    initiator: str
    signatories: tuple[str, ...]
    objects: str
    measures: tuple[str, ...]
    basis_text: str
    feedback: str
    signed_on: date | None
    ended_on: date | None
    fictional: bool
    citation: str
    verified: bool
    reviewed_on: date | None
    pack: str
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Executable:
    """Whether a measure may be carried out on a day; `reasons` say in Chinese why not and are empty when it may."""

    reasons: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.reasons
