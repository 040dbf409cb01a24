"""What may be asked of the legal register. The public never reads unverified articles."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.law.models import LegalText, Level, Provision

Status = Literal["in_force", "future", "ended", "unknown"]


@dataclass(frozen=True)
class TextSummary:
    """One text on a list; `effective_to` is the last day in force, None while no end is known."""

    key: str
    title: str
    document_no: str
    issuer: str
    level: str
    effective_from: date | None
    effective_to: date | None
    status: Status
    verified: bool
    fictional: bool
    citation: str
    note: str
    reviewed_on: date | None


@dataclass(frozen=True)
class ProvisionSummary:
    """One article: `summary` is ours, never the wording of the text."""

    reference: str
    article: str
    title: str
    summary: str
    effective_from: date | None
    effective_to: date | None
    status: Status
    verified: bool
    citation: str


@dataclass(frozen=True)
class TextDetail(TextSummary):
    """A text with its articles in order."""

    provisions: tuple[ProvisionSummary, ...]


@dataclass(frozen=True)
class ProvisionInForce:
    """An article that may be relied on: verified, current in the register, with its dates."""

    id: int
    reference: str
    text_title: str
    document_no: str
    article: str
    transition: bool
    effective_from: date
    effective_to: date | None

    def in_force_on(self, day: date) -> bool:
        """Whether the article was in force on that day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class Article:
    """One article as the register knows it, verified or not; `summary` is ours."""

    reference: str
    text_title: str
    article: str
    level: str
    summary: str
    verified: bool
    effective_from: date | None
    effective_to: date | None

    @property
    def shown(self) -> str:
        """How a sentence names it."""
        return f"《{self.text_title}》{self.article}"

    def in_force_on(self, day: date) -> bool:
        """Whether the article was in force on that day; never while its first day is not known."""
        return status_on(self.effective_from, self.effective_to, day) == "in_force"


def texts(scope: Scope, *, as_at: date) -> tuple[TextSummary, ...]:
    """All texts as they stand on that day: verified ones first, by rank, the newest first.

    The register is the same for every caller; an unverified text carries its mark.
    """
    del scope
    ranks = {level: rank for rank, level in enumerate(Level.values)}
    rows = sorted(
        LegalText.objects.filter(superseded_at=None),
        key=lambda row: (
            not row.verified,
            ranks[row.level],
            -(row.effective_from or date.min).toordinal(),
            row.key,
        ),
    )
    return tuple(_summary(row, as_at) for row in rows)


def text(scope: Scope, key: str, *, as_at: date) -> TextDetail:
    """One text with its articles; the public reads only verified articles, since nothing else is law."""
    row = LegalText.objects.filter(superseded_at=None, key=key).first()
    if row is None:
        raise NotFound("法律依据中没有这份文件。", "请从“法律依据”页选择。")
    provisions = Provision.objects.filter(text=row).order_by("position")
    if scope.public:
        provisions = provisions.filter(verified=True)
    return TextDetail(
        **asdict(_summary(row, as_at)),
        provisions=tuple(
            ProvisionSummary(
                reference=provision.reference,
                article=provision.article,
                title=provision.title,
                summary=provision.summary,
                effective_from=provision.effective_from,
                effective_to=provision.effective_to,
                status=status_on(provision.effective_from, provision.effective_to, as_at),
                verified=provision.verified,
                citation=provision.citation,
            )
            for provision in provisions
        ),
    )


def reliable_provisions(scope: Scope) -> dict[str, ProvisionInForce]:
    """Every article that may carry an effect on some day, by reference `text_key#article`.

    Law is the same for every caller: the scope is taken so that no query lacks one.
    """
    del scope
    rows = Provision.objects.filter(superseded_at=None, verified=True, text__verified=True).select_related("text")
    result = {}
    for row in rows:
        if row.effective_from is None:
            continue
        result[row.reference] = ProvisionInForce(
            id=row.pk,
            reference=row.reference,
            text_title=row.text.title,
            document_no=document_no_shown(row.text),
            article=row.article,
            transition=row.transition,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
        )
    return result


def articles(scope: Scope) -> dict[str, Article]:
    """Every article of the register as it stands, by reference; what is not verified says so.

    Law is the same for every caller: the scope is taken so that no query lacks one.
    """
    del scope
    rows = Provision.objects.filter(superseded_at=None).select_related("text")
    return {
        row.reference: Article(
            reference=row.reference,
            text_title=row.text.title,
            article=row.article,
            level=row.text.level,
            summary=row.summary,
            verified=row.verified and row.text.verified,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
        )
        for row in rows
    }


def status_on(begins: date | None, ends: date | None, day: date) -> Status:
    """Whether something is in force on that day; unknown while its first day is not confirmed."""
    if begins is None:
        return "unknown"
    if day < begins:
        return "future"
    return "in_force" if ends is None or day <= ends else "ended"


def document_no_shown(row: LegalText) -> str:
    """The document number; one we could not confirm says so."""
    if not row.document_no or row.document_no_verified:
        return row.document_no
    return f"{row.document_no}（文号待核实）"


def _summary(row: LegalText, as_at: date) -> TextSummary:
    return TextSummary(
        key=row.key,
        title=row.title,
        document_no=document_no_shown(row),
        issuer=row.issuer,
        level=row.get_level_display(),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        status=status_on(row.effective_from, row.effective_to, as_at),
        verified=row.verified,
        fictional=row.fictional,
        citation=row.citation,
        note=row.note,
        reviewed_on=row.reviewed_on,
    )
