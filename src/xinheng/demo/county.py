"""Writes the department files of 云屿县, a county that does not exist.

The same arguments give the same bytes. Rows are made one by one, so a county a hundred times as large takes
longer but not more memory.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from xinheng.catalogue.contract import OPERATION, WITHDRAWAL_REASON, Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.demo.answers import FileAnswers, Sheet, answer_sheet
from xinheng.demo.days import DecisionDays
from xinheng.demo.decisions import Made, Row, Stream
from xinheng.demo.dirty import Planted, Profile, read_profiles, spoiled
from xinheng.demo.first_generation import first_licences, first_penalties
from xinheng.demo.formats import Style, opened
from xinheng.demo.licences import licences
from xinheng.demo.lists import abnormal_entries, honour_entries, serious_list
from xinheng.demo.organisations import Roster
from xinheng.demo.other_acts import Matter, acts, read_matters
from xinheng.demo.penalties import penalties
from xinheng.demo.plan import Office, Part, Plan, parts, read_plan
from xinheng.demo.registrations import Registry, registrations
from xinheng.demo.second_delivery import sent_again
from xinheng.demo.texts import (
    Department,
    Penalties,
    Permissions,
    read_departments,
    read_permissions,
    read_violations,
)

DEMO_DAY = date(2026, 11, 21)
SEED = 990001
ORGANISATIONS, RECORDS = 50_000, 400_000
SMALLEST = 200
"""Organisations and records of even the smallest county, so that every kind occurs."""
REPORT_EVERY = 5_000
WITH_PERSONS = {"licence", "penalty", "licence_gen1", "penalty_gen1", "serious_list"}
"""Types whose natural persons are sealed; the others refuse them."""
UNUSED = {"tax_reg_no", "institution_cert_no", "social_org_reg_no", "legal_rep_id_type", "legal_rep_id_no"}
"""Columns that departments with a table of their own leave out."""
OWN_TABLES = {"alias", "name"}
LEDGER_DEPARTMENTS = ("县市监局", "县审批局", "县交通局", "县税务局", "县综合执法局", "县消防大队")
UNREPORTED_EVERY = 40
"""In a department's own ledger there is one decision more for so many it sends."""
ACT_KINDS = {"licence": "行政许可", "penalty": "行政处罚", "inspection": "行政监督检查"}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class DemoFile:
    """One file as a department would hand it in."""

    path: Path
    type: str
    department: str
    """Credit code of the delivering department."""
    delivered_on: date
    rows: int


Finished = Callable[[DemoFile], None]


def write_county_files(
    out: Path,
    *,
    seed: int = SEED,
    scale: float = 1.0,
    as_at: date = DEMO_DAY,
    progress: Progress | None = None,
    finished: Finished | None = None,
    with_answers: bool = False,
) -> list[DemoFile]:
    """Write all files into `out` and return them in the order in which they should be taken in.

    `scale` 1 gives about 50 000 organisations and 400 000 records. `progress` hears rows written and rows to
    write. `with_answers` adds `answers.json`, the account of every planted fault.
    """
    out.mkdir(parents=True, exist_ok=True)
    sheet_path = out / "answers.json" if with_answers else None
    with answer_sheet(sheet_path, seed=seed, as_at=as_at, scale=scale) as sheet:
        county = _County(out, seed=seed, scale=scale, as_at=as_at, progress=progress, finished=finished, sheet=sheet)
        return county.write()


class _County:
    """The county while its files are written."""

    def __init__(
        self,
        out: Path,
        *,
        seed: int,
        scale: float,
        as_at: date,
        progress: Progress | None,
        finished: Finished | None,
        sheet: Sheet,
    ) -> None:
        self.out = out
        self.seed = seed
        self.sheet = sheet
        self.records = max(SMALLEST, round(RECORDS * scale))
        self.roster = Roster(count=max(SMALLEST, round(ORGANISATIONS * scale)), seed=seed, as_at=as_at)
        self.days = DecisionDays(as_at)
        self.departments = read_departments()
        self.contracts = load_contracts("demo")
        self.plan: Plan = read_plan()
        self.profiles = read_profiles()
        self.texts = _Texts(read_permissions(), read_violations(), read_matters())
        self.ledger: Counter[tuple[str, str, date]] = Counter()
        self.files: list[DemoFile] = []
        self._progress = progress
        self._finished = finished
        self._written = 0
        self._expected = self.roster.count + len(self.departments) + self.records

    def write(self) -> list[DemoFile]:
        for registry in self.plan.registries:
            self._write_registry(registry)
        planned = [
            part for supply in self.plan.supplies for part in parts(supply, records=self.records, days=self.days)
        ]
        numbers: dict[tuple[str, str], dict[int, int]] = {}
        later = []
        for part in sorted(planned, key=lambda part: part.delivered_on):
            self._write_part(part, numbers.setdefault((part.supply.department, part.supply.type), {}))
            if part.supply.again and part.number == 0:
                later.append(part)
        for part in later:
            self._write_again(part)
        self._write_ledgers()
        if self._progress:
            self._progress(self._written, self._written)
        return self.files

    def _write_registry(self, registry: Registry) -> None:
        department = self.departments[registry.department]
        style = Style(registry.container, registry.headers, "iso")
        rows = self._spoiled(
            registrations(self.roster, registry, self.departments),
            self.contracts["organisation"],
            self.profiles["registry"],
            f"organisation/{registry.title}",
        )
        self._write_file(rows, "organisation", department, style, registry.title, self.days.first)

    def _write_part(self, part: Part, numbers: dict[int, int]) -> None:
        supply = part.supply
        office = self.plan.offices[supply.department]
        title = f"{self.contracts[supply.type].title}{_period(part)}"
        rows = self._part_rows(part, office, numbers)
        if supply.type in ACT_KINDS and supply.department in LEDGER_DEPARTMENTS:
            rows = self._counted(rows, supply.department, supply.type)
        department = self.departments[supply.department]
        self._write_file(rows, supply.type, department, office.style, title, part.delivered_on)

    def _write_again(self, part: Part) -> None:
        supply = part.supply
        office, contract = self.plan.offices[supply.department], self.contracts[supply.type]
        rows = sent_again(self._part_rows(part, office, {}), contract=contract, seed=f"{self.seed}/again/{_key(part)}")
        title = f"{contract.title}更正撤回"
        department = self.departments[supply.department]
        self._write_file(rows, supply.type, department, office.style, title, self.days.as_at, again=True)

    def _write_ledgers(self) -> None:
        """Each department's own count of its acts, against which the reporting rate is measured."""
        for name in LEDGER_DEPARTMENTS:
            department = self.departments[name]
            rows = self._ledger_rows(name, department)
            style = Style("csv-bom", "label", "iso")
            self._write_file(rows, "case_ledger", department, style, "行政行为台账", self.days.as_at)

    def _ledger_rows(self, name: str, department: Department) -> Iterator[tuple[Row, None]]:
        for (owner, act_kind, month), count in sorted(self.ledger.items()):
            if owner == name:
                yield (
                    {
                        "authority": department.name,
                        "authority_uscc": department.code,
                        "act_kind": act_kind,
                        "month": month,
                        "act_count": str(count + count // UNREPORTED_EVERY),
                    },
                    None,
                )

    def _part_rows(self, part: Part, office: Office, numbers: dict[int, int]) -> Iterator[tuple[Row, Planted | None]]:
        supply = part.supply
        stream = Stream(
            department=self.departments[supply.department],
            mark=office.mark,
            word=self.plan.words[supply.type],
            roster=self.roster,
            slots=self.roster.slots_of(self.texts.fields(supply.type, supply.department)),
            days=part.days,
            count=part.rows,
            seed=f"{self.seed}/made/{_key(part)}",
            persons=supply.type in WITH_PERSONS,
            numbers=numbers,
        )
        made = self.texts.made(stream, supply.type)
        return self._spoiled(made, self.contracts[supply.type], self.profiles[office.profile], _key(part))

    def _spoiled(
        self, made: Iterator[Made], contract: Contract, profile: Profile, key: str
    ) -> Iterator[tuple[Row, Planted | None]]:
        return spoiled(
            made,
            profile=profile,
            contract=contract,
            roster=self.roster,
            as_at=self.days.as_at,
            seed=f"{self.seed}/faults/{key}",
        )

    def _counted(
        self, rows: Iterator[tuple[Row, Planted | None]], department: str, record_type: str
    ) -> Iterator[tuple[Row, Planted | None]]:
        decided_on = self.contracts[record_type].roles.decided_on
        for row, planted in rows:
            day = row.get(decided_on)
            if isinstance(day, date) and day <= self.days.as_at:
                self.ledger[department, ACT_KINDS[record_type], day.replace(day=1)] += 1
            yield row, planted

    def _write_file(
        self,
        rows: Iterable[tuple[Row, Planted | None]],
        record_type: str,
        department: Department,
        style: Style,
        title: str,
        delivered_on: date,
        *,
        again: bool = False,
    ) -> None:
        waiting = iter(rows)
        first = next(waiting, None)
        if first is None:  # In a very small county a department may have nothing to hand in.
            return
        contract = self.contracts[record_type]
        path = self.out / f"{len(self.files) + 1:03d}_{department.short_name}_{title}{style.suffix}"
        answers = FileAnswers(keep=self.sheet.wanted)
        with opened(path, contract=contract, names=_columns(contract, style, again), style=style) as put:
            for row, planted in chain([first], waiting):
                put(row)
                answers.note(row, planted)
                self._count_row()
        self.sheet.add(
            path=path,
            record_type=record_type,
            department=department.code,
            delivered_on=delivered_on,
            answers=answers,
        )
        file = DemoFile(path, record_type, department.code, delivered_on, answers.rows)
        self.files.append(file)
        if self._finished:
            self._finished(file)

    def _count_row(self) -> None:
        self._written += 1
        if self._progress and self._written % REPORT_EVERY == 0:
            self._progress(self._written, max(self._written, self._expected))


@dataclass(frozen=True)
class _Texts:
    """What the departments decide about, and the maker of rows for each record type."""

    permissions: dict[str, Permissions]
    violations: dict[str, Penalties]
    matters: dict[str, dict[str, tuple[Matter, ...]]]

    def fields(self, record_type: str, department: str) -> tuple[str, ...]:
        """The fields in which the subjects of these decisions work; empty means any."""
        if record_type.startswith("licence"):
            return self.permissions[department].fields
        if record_type.startswith("penalty"):
            return self.violations[department].fields
        matters = self.matters.get(record_type, {}).get(department, ())
        return tuple(sorted({field for matter in matters for field in matter.fields}))

    def made(self, stream: Stream, record_type: str) -> Iterator[Made]:
        """Clean rows of the stream."""
        department = stream.department.short_name
        match record_type:
            case "licence":
                return licences(stream, self.permissions[department])
            case "licence_gen1":
                return first_licences(stream, self.permissions[department])
            case "penalty":
                return penalties(stream, self.violations[department])
            case "penalty_gen1":
                return first_penalties(stream, self.violations[department])
            case "serious_list":
                return serious_list(stream)
            case "abnormal_entry":
                return abnormal_entries(stream)
            case "honour_entry":
                return honour_entries(stream)
            case _:
                return acts(stream, record_type, self.matters[record_type][department])


def _columns(contract: Contract, style: Style, again: bool) -> tuple[str, ...]:
    left_out = set() if again else {OPERATION, WITHDRAWAL_REASON}
    if style.headers in OWN_TABLES:
        left_out |= UNUSED
    return tuple(name for name in contract.names if name not in left_out)


def _key(part: Part) -> str:
    return f"{part.supply.type}/{part.supply.department}/{part.number}"


def _period(part: Part) -> str:
    if not part.supply.cycle:
        return ""
    return "历史数据" if part.number == 0 else f"{part.delivered_on:%Y%m%d}"
