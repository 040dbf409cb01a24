"""What the archives hold all together, computed over the files of the ledger by an engine of the caller's choice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.catalogue.contracts import load_contracts
from xinheng.engines.archives import ArchiveTotals
from xinheng.engines.questions import Engine, Files
from xinheng.ledger.queries import AcceptedFile, accepted_files
from xinheng.register.models import SubjectLink

STATEMENTS, ALIASES = "statements", "aliases"


@dataclass(frozen=True)
class TypeTotals:
    """How many subjects have statements of a type in force, how many statements, and of which days."""

    type: str
    subjects: int
    rows: int
    first_day: date | None
    last_day: date | None


def archive_totals(scope: Scope, *, engine: Engine, home: Home) -> tuple[TypeTotals, ...]:
    """The statements in force by type, in the whole region of the caller; take a hold on the ledger's files before.

    Refused for a caller bound to departments, since files hold the rows of many.
    """
    if scope.departments:
        raise Refused("档案统计包含各部门的信息。", "请由信用管理部门运行。")
    question = ArchiveTotals()
    engine.put(ALIASES, question.tables[ALIASES], [*subject_aliases(scope)])
    found: list[TypeTotals] = []
    for files in _by_region(accepted_files(scope, home=home)):
        engine.read(STATEMENTS, question.tables[STATEMENTS], _as_statements(files))
        found.extend(TypeTotals(**row) for row in engine.answer(question))
    return tuple(_together(found))


def subject_aliases(scope: Scope) -> tuple[dict[str, int], ...]:
    """Subject numbers of ledger rows that are known to be an organisation's today (`alias`, `subject_no`)."""
    if scope.public:
        return ()
    links = SubjectLink.objects.filter(known_to=None)
    if scope.region:
        links = links.filter(organisation__region__code=scope.region)
    pairs = links.order_by("number").values_list("number", "organisation_id")
    return tuple({"alias": number, "subject_no": organisation} for number, organisation in pairs)


def _by_region(files: Iterable[AcceptedFile]) -> list[list[AcceptedFile]]:
    # A business key speaks of one decision within a region only.
    regions: dict[int, list[AcceptedFile]] = defaultdict(list)
    for file in files:
        regions[file.region_id].append(file)
    return list(regions.values())


def _as_statements(files: Sequence[AcceptedFile]) -> list[Files]:
    contracts = load_contracts(settings.PACK)
    by_type: dict[str, list[AcceptedFile]] = defaultdict(list)
    for file in files:
        by_type[file.type].append(file)
    return [
        Files(
            tuple(file.path for file in found),
            {"key": "key_hash", "day": (contracts[type_].roles.decided_on or None) if type_ in contracts else None},
        )
        for type_, found in sorted(by_type.items())
    ]


def _together(found: Sequence[TypeTotals]) -> list[TypeTotals]:
    by_type: dict[str, list[TypeTotals]] = defaultdict(list)
    for one in found:
        by_type[one.type].append(one)
    return [
        TypeTotals(
            type=type_,
            subjects=sum(one.subjects for one in parts),
            rows=sum(one.rows for one in parts),
            first_day=min((one.first_day for one in parts if one.first_day), default=None),
            last_day=max((one.last_day for one in parts if one.last_day), default=None),
        )
        for type_, parts in sorted(by_type.items())
    ]
