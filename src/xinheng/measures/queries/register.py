"""Lists, measures and memoranda with what the legal register and the publications say of them on a day.

The rulebook is the same for every caller; publications are of the scope's region, or of the pack's for the public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.law.queries import Article
from xinheng.law.queries import articles as law_articles
from xinheng.measures.judging import Ground, Published, executable
from xinheng.measures.models import ListPublication
from xinheng.measures.reading import load_editions, load_lists, load_memoranda
from xinheng.measures.rules import Edition, Executable, ListRule, Measure, Memorandum
from xinheng.people.queries import departments
from xinheng.rulebook.loader import load_pack


@dataclass(frozen=True)
class BasisLine:
    """One cited article: where it stands in the register, and whether it may be relied on that day."""

    reference: str
    text_key: str
    article: str
    shown: str
    reliable: bool
    note: str


@dataclass(frozen=True)
class PublicationView:
    """One publication of an edition as the desk shows it."""

    id: int
    edition: str
    title: str
    digest: str
    proposed_by: int
    proposed_by_name: str
    proposed_at: datetime
    confirmed_by_name: str
    confirmed_at: datetime | None
    starts: date | None
    ends: date | None
    closed_at: datetime | None
    closed_by_name: str
    closing_reason: str

    @property
    def waiting(self) -> bool:
        """Proposed, and neither confirmed nor dropped."""
        return self.confirmed_at is None and self.closed_at is None


@dataclass(frozen=True)
class EditionView:
    """One edition: whether it is public on that day, and whether its text changed since."""

    edition: Edition
    published_from: date | None
    changed_since: bool
    in_force: bool
    executable: int
    """How many of its measures may be carried out on that day."""


@dataclass(frozen=True)
class MeasureView:
    """One measure with its basis, the lists that trigger it, who carries it out, and whether it may be today."""

    measure: Measure
    edition_title: str
    basis: tuple[BasisLine, ...]
    lists: tuple[tuple[str, str], ...]
    """Key and title of the lists that trigger it."""
    departments: tuple[str, ...]
    executable: Executable


@dataclass(frozen=True)
class ListView:
    """One list with its basis and the measures that name it."""

    rule: ListRule
    basis: tuple[BasisLine, ...]
    measures: tuple[tuple[str, str, str, bool], ...]
    """Key, edition, title, and whether the measure may be carried out on that day."""


def measures(scope: Scope, *, pack: str, as_at: date) -> tuple[MeasureView, ...]:
    """Every measure of every edition, in the order of the files, with whether and why it is executable that day."""
    found = ground(scope, pack=pack)
    names = _department_names(scope)
    return tuple(
        _view(one, found, as_at, names) for edition in load_editions(pack).values() for one in edition.measures
    )


def measure(scope: Scope, key: str, *, pack: str, as_at: date, edition: str = "") -> MeasureView:
    """One measure; of the edition in force that day where several have the key, unless the edition is named."""
    candidates = [one for one in load_editions(pack).values() if not edition or one.key == edition]
    found = [(one, each) for one in candidates for each in one.measures if each.key == key]
    if not found:
        raise NotFound("没有这项措施。", "请从“措施清单”页选择。")
    found.sort(key=lambda pair: pair[0].in_force_on(as_at))
    return _view(found[-1][1], ground(scope, pack=pack), as_at, _department_names(scope))


def measures_for(scope: Scope, list_key: str, *, pack: str, as_at: date) -> tuple[Measure, ...]:
    """The measures that an entry of that list sets going on that day: executable ones whose text names the list."""
    found = ground(scope, pack=pack)
    return tuple(
        one
        for edition in found.editions.values()
        for one in edition.measures
        if list_key in one.list_keys and executable(one, found, as_at)
    )


def lists(scope: Scope, *, pack: str, as_at: date) -> tuple[ListView, ...]:
    """All lists; the public does not see internal attention tags."""
    found = ground(scope, pack=pack)
    return tuple(_list_view(rule, found, as_at) for rule in found.lists.values() if rule.public or not scope.public)


def list_of(scope: Scope, key: str, *, pack: str, as_at: date) -> ListView:
    """One list; NotFound for the public when it is an internal tag."""
    found = ground(scope, pack=pack)
    rule = found.lists.get(key)
    if rule is None or (scope.public and not rule.public):
        raise NotFound("没有这份名单。", "请从“名单目录”页选择。")
    return _list_view(rule, found, as_at)


def memoranda(scope: Scope, *, pack: str) -> tuple[Memorandum, ...]:
    """All memoranda, the newest first: history, never a basis. The same for every caller."""
    del scope
    return tuple(
        sorted(load_memoranda(pack).values(), key=lambda one: (one.signed_on or date.min, one.key), reverse=True)
    )


def editions(scope: Scope, *, pack: str, as_at: date) -> tuple[EditionView, ...]:
    """All editions with their state on that day: published ones first, then those in force."""
    found = ground(scope, pack=pack)
    result = []
    for edition in found.editions.values():
        standing = [one for one in found.publications if one.edition == edition.key and one.covers(as_at)]
        result.append(
            EditionView(
                edition=edition,
                published_from=min((one.starts for one in standing), default=None),
                changed_since=bool(standing) and all(one.digest != edition.digest for one in standing),
                in_force=edition.verified and edition.in_force_on(as_at),
                executable=sum(1 for one in edition.measures if executable(one, found, as_at)),
            )
        )
    return tuple(sorted(result, key=lambda one: (one.published_from is None, not one.in_force)))


def publications(scope: Scope, *, pack: str) -> tuple[PublicationView, ...]:
    """Every publication and proposal of the region, the newest first."""
    rows = (
        ListPublication.objects.filter(region__code=_region(scope, pack))
        .select_related("proposed_by", "confirmed_by", "closed_by")
        .order_by("-proposed_at", "-pk")
    )
    return tuple(
        PublicationView(
            id=row.pk,
            edition=row.edition,
            title=row.title,
            digest=row.digest,
            proposed_by=row.proposed_by_id,
            proposed_by_name=row.proposed_by.display_name,
            proposed_at=row.proposed_at,
            confirmed_by_name=row.confirmed_by.display_name if row.confirmed_by else "",
            confirmed_at=row.confirmed_at,
            starts=row.starts,
            ends=row.ends,
            closed_at=row.closed_at,
            closed_by_name=row.closed_by.display_name if row.closed_by else "",
            closing_reason=row.closing_reason,
        )
        for row in rows
    )


def ground(scope: Scope, *, pack: str) -> Ground:
    """Everything a judgement on measures looks at, read once for many of them."""
    rows = ListPublication.objects.filter(region__code=_region(scope, pack), confirmed_at__isnull=False)
    return Ground(
        editions=load_editions(pack),
        lists=load_lists(pack),
        provisions=law_articles(scope),
        publications=tuple(
            Published(row.edition, row.digest, row.starts, row.ends) for row in rows if row.starts is not None
        ),
    )


def _region(scope: Scope, pack: str) -> str:
    if scope.region:
        return scope.region
    own = load_pack(pack).region
    return own.code if own else ""


def _department_names(scope: Scope) -> Mapping[str, str]:
    return {one.code: one.name for one in departments(scope)}


def _view(one: Measure, found: Ground, as_at: date, names: Mapping[str, str]) -> MeasureView:
    return MeasureView(
        measure=one,
        edition_title=found.editions[one.edition].title,
        basis=_basis(one.basis, found.provisions, as_at),
        lists=tuple((key, found.lists[key].title) for key in one.list_keys if key in found.lists),
        departments=tuple(names[code] for code in one.executors if code in names),
        executable=executable(one, found, as_at),
    )


def _list_view(rule: ListRule, found: Ground, as_at: date) -> ListView:
    named = [one for edition in found.editions.values() for one in edition.measures if rule.key in one.list_keys]
    return ListView(
        rule=rule,
        basis=_basis(rule.basis, found.provisions, as_at),
        measures=tuple((one.key, one.edition, one.title, bool(executable(one, found, as_at))) for one in named),
    )


def _basis(references: tuple[str, ...], provisions: Mapping[str, Article], as_at: date) -> tuple[BasisLine, ...]:
    return tuple(_basis_line(reference, provisions.get(reference), as_at) for reference in references)


def _basis_line(reference: str, article: Article | None, as_at: date) -> BasisLine:
    text_key, _, name = reference.partition("#")
    if article is None:
        return BasisLine(reference, "", name, reference, False, "没有登记")
    note = "" if article.verified else "尚未核实"
    if article.verified and not article.in_force_on(as_at):
        note = "当天没有生效"
    return BasisLine(reference, text_key, name, article.shown, not note, note)
