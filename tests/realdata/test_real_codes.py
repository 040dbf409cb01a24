"""Every fault of a code that the real registrations are tagged with is found, and no other, as plain Python counts.

Tags about names alone (brackets, aliases, lost characters) are no faults of codes; checks of intake speak of them.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.realdata.counting import Row, rows_of
from tests.world import MARKET, NOW, SYSTEM, World

from xinheng.base.identifiers.credit_code import GENUINE, Kind, inspect
from xinheng.base.identifiers.normalise import normalise
from xinheng.base.names import name_key
from xinheng.governance.actions import check_codes
from xinheng.governance.models import Finding
from xinheng.governance.queries import rates
from xinheng.intake.queries import findings

pytestmark = [pytest.mark.django_db, pytest.mark.realdata, pytest.mark.slow]
CODE, NAME = "统一社会信用代码", "企业名称"
BLANK = frozenset({"", "-", "无", "N/A"})
OLD = {Kind.REGISTRATION_NUMBER, Kind.REGISTRATION_NUMBER_13, Kind.ORGANISATION_CODE}
NO_CODE = {Kind.WRONG_LENGTH, Kind.ILLEGAL_CHARACTER, Kind.PLACEHOLDER, Kind.EMPTY}
Faults = dict[str, set[str]]


def without(path: Path, columns: Iterable[str], target: Path) -> Path:
    """The file without columns that no department would send."""
    rows = rows_of(path)
    kept = [name for name in rows[0] if name not in set(columns)]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return target


def look_at(world: World, path: Path) -> tuple[Faults, set[int]]:
    """The faults by kind after one delivery, and the rows that were refused for something else than their code."""
    batch = world.batch(path, "organisation", name=path.name)
    told = list(findings(world.scope, batch.number))
    check_codes(region=world.region, by=SYSTEM, now=NOW)
    found: Faults = defaultdict(set)
    for one in Finding.objects.filter(closed_at=None):
        found[one.kind].add(one.key)
    return found, {one.row for one in told if one.code not in {"V04", "V11"}}


def counted(rows: list[Row], elsewhere: set[int]) -> Faults:
    """The same by hand: what is taken in, what is refused for its code, and which of them contradict each other."""
    found: Faults = defaultdict(set)
    taken: dict[str, str] = {}
    for row_no, row in enumerate(rows, start=2):
        text = "" if row[CODE] in BLANK else row[CODE]
        code, name, kind = normalise(text), name_key(row[NAME]), inspect(text).kind
        if row_no in elsewhere or kind is Kind.CITIZEN_NUMBER:
            continue
        if text and kind is Kind.WRONG_CHECK_DIGIT:
            found["check_digit"].add(code)
        elif text and kind in NO_CODE:
            found["code_form"].add(code)
        elif (key := code or name) in taken:
            if kind in GENUINE:
                found["code_repeated" if taken[key] == name else "code_names"].add(code)
        else:
            taken[key] = name
            if kind is Kind.WRONG_ORGANISATION_PART:
                found["organisation_part"].add(code)
            if not code:
                found["missing"].add(row[NAME].strip())
            elif kind in OLD:
                found["old_code"].add(code)
    by_name, by_part = defaultdict(set), defaultdict(set)
    for code, name in taken.items():
        if inspect(code).kind in GENUINE:
            by_name[name].add(code)
            by_part[code[8:17]].add(code)
    found["name_codes"] = {name for name, codes in by_name.items() if len(codes) > 1}
    found["part_codes"] = {part for part, codes in by_part.items() if len(codes) > 1}
    return found


def tell(title: str, found: Faults, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{title}: " + ", ".join(f"{kind} {len(keys)}" for kind, keys in sorted(found.items())), end="")


def assert_same(found: Faults, expected: Faults) -> None:
    for kind in sorted({*found, *expected}):
        assert len(found[kind]) == len(expected[kind]), (kind, len(found[kind]), len(expected[kind]))
        assert found[kind] == expected[kind], kind


def test_registrations_that_contradict_each_other_are_all_found(world, real_data, tmp_path, capsys):
    source = real_data / "orgs_registry_conflicts.csv"
    found, elsewhere = look_at(world, without(source, ("组号", "冲突类型"), tmp_path / "conflicts.csv"))
    rows = rows_of(source)
    assert_same(found, counted(rows, elsewhere))
    tell("conflicts", found, capsys)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["组号"]].append(row)
    tags: Counter[str] = Counter()
    for members in groups.values():
        codes, names = [normalise(row[CODE]) for row in members], {name_key(row[NAME]) for row in members}
        parts = {code[8:17] for code in codes}
        for tag in members[0]["冲突类型"].split(";"):
            tags[tag] += 1
            if tag == "same_code" and len(codes) > len(set(codes)):
                assert set(codes) & (found["code_repeated"] | found["code_names"] | found["code_form"])
            elif tag == "same_code_other_name" and len(set(codes)) == 1 and len(names) > 1:
                assert set(codes) & (found["code_names"] | found["code_form"])
            elif tag == "same_orgpart_other_code" and len(set(codes)) > 1 and len(parts) == 1:
                assert parts & found["part_codes"], members[0]["组号"]
            elif tag in ("same_name_other_org", "name_equal_after_normalising") and len(set(codes)) > 1 == len(names):
                assert names & found["name_codes"], members[0]["组号"]
    tell("conflict groups", {tag: {str(one) for one in range(count)} for tag, count in tags.items()}, capsys)
    assert tags.keys() == {
        "same_code", "same_code_other_name", "same_orgpart_other_code", "same_name_other_org",
        "name_equal_after_normalising",
    }  # fmt: skip


def test_codes_that_are_wrong_in_themselves_are_all_found(world, real_data, capsys):
    source = real_data / "orgs_registry_dirty.csv"
    found, elsewhere = look_at(world, source)
    rows = rows_of(source)
    assert_same(found, counted(rows, elsewhere))
    tell("dirty", found, capsys)
    wanted = {
        "code:badcheck": ("check_digit",), "code:orgpart_badcheck": ("organisation_part",),
        "code:old_reg15": ("old_code",), "code:len15": ("old_code", "code_form"),
        "code:len13": ("old_code", "code_form"),
        "code:len10": ("code_form", "old_code"), "code:len11": ("code_form",), "code:len12": ("code_form",),
        "code:len17": ("code_form",), "code:badregion": ("code_form", "check_digit"),
        "code:placeholder": ("missing", "code_form"),
    }  # fmt: skip
    unseen: Counter[str] = Counter()
    for row_no, row in enumerate(rows, start=2):
        for tag in row["异常标签"].split(";"):
            key = row[NAME].strip() if row[CODE] in BLANK else normalise(row[CODE])
            if tag in wanted and row_no not in elsewhere and not any(key in found[kind] for kind in wanted[tag]):
                unseen[tag] += 1
            if tag == "code:lowercase" and inspect(row[CODE]).kind is Kind.VALID:
                assert key not in found["check_digit"] | found["code_form"], "put right by intake, not a fault"
    assert not unseen, unseen
    counted_rates = rates(world.scope)
    assert counted_rates is not None
    (market,) = counted_rates.departments
    assert market.department_name == MARKET.name
    assert market.faults["check_digit"] == len(found["check_digit"])
