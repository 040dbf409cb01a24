"""The correction file: refused rows with their errors in place, persons sealed, ready to come back."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from tests.intake.intake_rows import faults, penalty, workbook
from tests.world import MARKET, OFFICE, World, table

from xinheng.intake.correction import write_correction_file
from xinheng.intake.headings import PROBLEMS, SOURCE_ROW
from xinheng.ledger.models import Batch
from xinheng.vault.models import SealedRecord
from xinheng.vault.tokens import PREFIX

pytestmark = pytest.mark.django_db
REPRESENTATIVE, PERSON, NUMBER = "诸葛珊瑚", "欧阳翡翠", "99000119900307001X"


def of_person(number: int, **more: str) -> dict[str, str]:
    return penalty(
        number, "", PERSON, 行政相对人类别="自然人", 法定代表人="", 证件类型="身份证", 证件号码=NUMBER,
        违法事实=f"{PERSON}无照经营", **more,
    )  # fmt: skip


@pytest.fixture
def refused(world: World) -> Batch:
    rows = [
        penalty(1),
        penalty(2, 法定代表人=REPRESENTATIVE, 违法事实=f"{REPRESENTATIVE}到场", 处罚决定日期="去年"),
        of_person(3, 处罚内容=""),
    ]
    lines = table(rows) + table([of_person(4)]).splitlines()[1] + ",多一格\n"
    return world.batch(lines, "penalty")


def correction(world: World, batch: Batch) -> list[dict[str, str]]:
    """The rows of the batch's correction file, by heading."""
    path = world.home.tmp / "改正.xlsx"
    assert write_correction_file(world.scope, batch.number, target=path, tmp=world.home.tmp) == 3
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    path.unlink()
    return [{str(name): _text(cell) for name, cell in zip(head, row, strict=True)} for row in rows]


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def test_only_refused_rows_stand_there_with_their_errors_and_no_person_in_clear(world: World, refused: Batch) -> None:
    company, person, broken = correction(world, refused)

    assert [row[SOURCE_ROW] for row in (company, person, broken)] == ["3", "4", "5"]
    assert "日期" in company[PROBLEMS]
    assert company["处罚决定日期"] == "去年"
    assert company["行政处罚决定书文号"] == "云市监罚〔2026〕2号"
    for row, sealed in ((company, ("法定代表人", "违法事实")), (person, ("行政相对人名称", "证件号码", "违法事实"))):
        assert all(row[name].startswith(PREFIX) for name in sealed)
    assert "第 5 行" in broken[PROBLEMS]
    everything = str((company, person, broken))
    assert not [word for word in (REPRESENTATIVE, PERSON, NUMBER) if word in everything]


def test_put_right_it_comes_back_with_the_sealed_cells_untouched(world: World, refused: Batch) -> None:
    company, person, _ = correction(world, refused)
    company["处罚决定日期"], person["处罚内容"] = "2026/11/18", "警告"
    batch = world.batch(workbook([company, person]), "penalty", name="改正.xlsx")

    assert (batch.accepted, batch.rejected, batch.sealed_persons) == (2, 0, 1)
    assert SealedRecord.objects.get().batch_no == batch.number
    again = world.batch(table([of_person(3, 处罚内容="警告")]), "penalty")
    assert (again.accepted, again.unchanged) == (0, 1)


def test_another_departments_sealed_cells_do_not_open(world: World, refused: Batch, tmp_path: Path) -> None:
    company, person, _ = correction(world, refused)
    company["处罚决定日期"], person["处罚内容"] = "2026/11/18", "警告"
    assert MARKET.code != OFFICE.code
    delivery = world.deliver(workbook([company, person]), "penalty", department=OFFICE.code)

    assert {(2, "V02", "legal_rep_name"), (3, "V02", "person_id_no")} <= set(faults(world, delivery))
    assert not SealedRecord.objects.exists()
