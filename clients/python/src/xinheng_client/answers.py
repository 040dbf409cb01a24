"""What the platform answers, as frozen dataclasses. Facts that a later platform adds are left aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from xinheng_client.errors import NotUnderstood

T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """One entry of a list that is in force. `last_day` None: until it is removed (`removal_rule`)."""

    list_key: str
    list_title: str
    decision_no: str
    authority_name: str
    decided_on: date | None
    starts: date
    last_day: date | None
    removal_rule: str
    basis: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class Measure:
    """One measure that belongs to the item: what to do, on which basis, until when."""

    key: str
    title: str
    list_key: str
    executing_body: str
    applies_to: str
    basis: tuple[str, ...]
    starts: date
    last_day: date | None
    removal_rule: str


@dataclass(frozen=True)
class Source:
    """One source of the answer. Not fresh: nothing from it may be said to be absent."""

    key: str
    title: str
    department_name: str
    last_delivery: datetime | None
    fresh: bool


@dataclass(frozen=True)
class Answer:
    """The answer about one code. Show `sentence` in full; keep `receipt`, also when nothing was found."""

    number: str
    code: str
    name: str
    known: bool
    hit: bool
    sentence: str
    entries: tuple[Entry, ...]
    measures: tuple[Measure, ...]
    incentives: tuple[Measure, ...]
    warnings: tuple[str, ...]
    sources: tuple[Source, ...]
    item: str
    item_title: str
    case_no: str
    purpose: str
    asked_at: datetime
    receipt: str

    @property
    def stale(self) -> bool:
        """Whether a source is late or missing, so that “nothing found” means nothing."""
        return not self.sources or not all(one.fresh for one in self.sources)


@dataclass(frozen=True)
class Line:
    """The answer about one of many codes, or in `refused` why there is none."""

    place: int
    code: str = ""
    name: str = ""
    known: bool = False
    hit: bool = False
    entries: tuple[Entry, ...] = ()
    measures: tuple[Measure, ...] = ()
    incentives: tuple[Measure, ...] = ()
    warnings: tuple[str, ...] = ()
    refused: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Answers:
    """The answers in the order of the codes, under one receipt."""

    number: str
    codes: int
    hits: int
    refused: int
    stale: bool
    sentence: str
    lines: tuple[Line, ...]
    sources: tuple[Source, ...]
    item: str
    case_no: str
    purpose: str
    asked_at: datetime
    receipt: str


@dataclass(frozen=True)
class CodeFile:
    """A file of codes that the platform answers in the background; with state `done` there is a receipt."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed", "ended"]
    codes: int
    progress: int
    hits: int | None
    refused: int
    sentence: str
    receipt: str
    message: str
    ends_on: date

    @property
    def going_on(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in {"waiting", "running"}


@dataclass(frozen=True)
class CreditList:
    """One list, by which law it exists, and who decides on it."""

    key: str
    title: str
    kind: str
    deciding_body: str


@dataclass(frozen=True)
class ListedMeasure:
    """One measure of the list of measures, and why it may not be carried out today (`reasons`)."""

    edition: str
    key: str
    title: str
    text: str
    objects: str
    executing_body: str
    lists: tuple[str, ...]
    executable: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What was done about one measure of an answer; a measure that was not applied needs a reason in `note`."""

    measure: str
    applied: bool
    note: str = ""
    document_no: str = ""

    def as_facts(self) -> Mapping[str, str]:
        """As the platform reads it."""
        outcome = "applied" if self.applied else "not_applied"
        return {"measure": self.measure, "outcome": outcome, "note": self.note, "document_no": self.document_no}


def read(kind: type[T], facts: Any) -> T:
    """`facts` as `kind`, or `NotUnderstood`."""
    try:
        return TypeAdapter(kind).validate_python(facts)
    except ValidationError as error:
        places = "、".join(".".join(str(part) for part in one["loc"]) or "整体" for one in error.errors()[:3])
        raise NotUnderstood(f"平台的答复读不懂：{places}。", "请核对平台地址，或者更新本程序。") from error
