"""The real, dirty files come in like any department's file, and every row's end is what plain Python counts too."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.realdata.counting import Row, repeats, rows_of, wrong_codes
from tests.world import World

from xinheng.base.identifiers.credit_code import GENUINE, inspect
from xinheng.base.identifiers.normalise import normalise
from xinheng.base.names import name_key
from xinheng.effects.models import Effect
from xinheng.intake.queries import findings
from xinheng.ledger.models import Batch
from xinheng.register.models import Identifier, Organisation, OrganisationName, Record

pytestmark = [pytest.mark.django_db, pytest.mark.realdata, pytest.mark.slow]


@dataclass(frozen=True)
class Source:
    """One real file: its record type, and where its key stands."""

    file: str
    type: str
    code: str
    beside: tuple[str, ...] = ()
    blanks: frozenset[str] = frozenset()

    def key(self, row: Row) -> tuple[str, ...]:
        code = "" if row[self.code] in self.blanks else normalise(row[self.code])
        return (*(row[name].strip() for name in self.beside), code or name_key(row["企业名称"]))


NOTHING = frozenset({"-", "无", "N/A"})
SOURCES = (
    Source("orgs_registry_random", "organisation", "统一社会信用代码", blanks=NOTHING),
    Source("orgs_registry_full", "organisation", "统一社会信用代码", blanks=NOTHING),
    Source("orgs_registry_dirty", "organisation", "统一社会信用代码", blanks=NOTHING),
    Source("penalties_env_shandong", "env_penalty_notice", "统一社会信用代码", ("序列",)),
    Source("registry_detail_shandong_fujian", "registry_detail", "统一社会信用代码", blanks=frozenset({"-"})),
    Source("env_subject_lists", "env_subject_list", "代码", ("名单批次", "序列")),
)


@dataclass
class Imported:
    """The six files in one world, in this order, with the errors of each by check."""

    batches: dict[str, Batch]
    errors: dict[str, dict[str, set[int]]]


def import_all(world: World, folder: Path, report: Callable[[str], None]) -> Imported:
    imported = Imported({}, {})
    for source in SOURCES:
        batch = world.batch(folder / f"{source.file}.csv", source.type, name=f"{source.file}.csv")
        by_check: dict[str, set[int]] = {}
        for one in findings(world.scope, batch.number):
            by_check.setdefault(one.code, set()).add(one.row)
        imported.batches[source.file], imported.errors[source.file] = batch, by_check
        report(
            f"{source.file}: {batch.rows} rows, {batch.accepted} accepted, {batch.amended} amended, "
            f"{batch.unchanged} unchanged, {batch.rejected} rejected "
            f"({', '.join(f'{check} {len(rows)}' for check, rows in sorted(by_check.items()))}), linked {batch.linked}"
        )
    return imported


def lost_characters(rows: list[Row]) -> set[int]:
    """Rows with a private-use character, where a rare character of a name was lost (V15)."""
    return {
        row_no
        for row_no, row in enumerate(rows, start=2)
        if any(0xE000 <= ord(character) <= 0xF8FF or character == "\ufffd" for character in row["企业名称"])
    }


def assert_counts_agree(source: Source, rows: list[Row], imported: Imported, known: set[tuple[str, ...]]) -> None:
    """Every row ended in one way, and the way plain Python says."""
    batch, errors = imported.batches[source.file], imported.errors[source.file]
    refused = set().union(*errors.values()) if errors else set()
    assert batch.rows == len(rows)
    assert batch.rejected == len(refused)
    assert batch.accepted + batch.amended + batch.unchanged + batch.rejected == batch.rows
    assert errors.get("V04", set()) == wrong_codes(rows, source.code, source.blanks)
    assert errors.get("V15", set()) >= lost_characters(rows)
    before_repeats = set().union(*(found for check, found in errors.items() if check != "V11"), set())
    assert errors.get("V11", set()) == repeats(rows, source.key, before_repeats)
    taken = [source.key(row) for row_no, row in enumerate(rows, start=2) if row_no not in refused]
    assert batch.accepted == sum(key not in known for key in taken)
    known.update(taken)


def explain_links(rows: list[Row], report: Callable[[str], None]) -> None:
    """How the penalties found their organisations, and why the others did not."""
    registered = {
        (kind, value): organisation
        for kind, value, organisation in Identifier.objects.filter(known_to=None).values_list(
            "kind", "value", "organisation_id"
        )
    }
    names = set(OrganisationName.objects.filter(known_to=None).values_list("name_key", flat=True))
    in_files = set(Organisation.objects.filter(registered=True).values_list("id", flat=True))
    methods: Counter[str] = Counter()
    for record in Record.objects.filter(type="env_penalty_notice", known_to=None):
        row = rows[record.row_no - 2]
        inspection = inspect(row["统一社会信用代码"])
        if record.link_method == "none":
            assert inspection.kind not in GENUINE, "a genuine code always finds or opens an archive"
            assert ("registration_no", inspection.normalised) not in registered or record.gate == "unlinked"
            fifteen = len(inspection.normalised) == 15
            methods["missed: 15 characters nobody registered" if fifteen else f"missed: {inspection.kind}"] += 1
        elif record.subject_no in in_files:
            methods[f"linked to a registered organisation by {record.link_method}"] += 1
        else:
            assert inspection.kind in GENUINE or record.link_method != "code"
            methods[f"linked by {record.link_method} to an organisation only records speak of"] += 1
    total = sum(methods.values())
    missed = sum(count for method, count in methods.items() if method.startswith("missed"))
    report(f"penalties linked: {total - missed} of {total} ({(total - missed) / total:.1%}); names known: {len(names)}")
    for method, count in methods.most_common():
        report(f"  {method}: {count}")
    assert (total - missed) / total > 0.85


def test_every_row_of_the_real_files_ends_as_an_independent_count_says(
    world: World, real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def report(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", end="")

    imported = import_all(world, real_data, report)
    known: dict[str, set[tuple[str, ...]]] = {}
    for source in SOURCES:
        rows = rows_of(real_data / f"{source.file}.csv")
        assert_counts_agree(source, rows, imported, known.setdefault(source.type, set()))
    explain_links(rows_of(real_data / "penalties_env_shandong.csv"), report)
    assert not Effect.objects.exists()
