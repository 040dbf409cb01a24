"""The same records come in alike from every format, and every row keeps the number its sender sees."""

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.intake.intake_rows import MILL, MILL_NAME, faults, penalty, workbook, zipped
from tests.world import MARKET, SYSTEM, World, table

from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.actions.processing import process
from xinheng.ledger.models import Channel
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
ROWS = [penalty(1, 违法事实='第一行，有逗号；有分号\n第二行说“引号”和"直引号"'), penalty(2, MILL, MILL_NAME)]


def delimited(rows: list[dict[str, str]], delimiter: str, newline: str = "\r\n") -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=delimiter, lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def json_lines(rows: list[dict[str, str]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def parquet(rows: list[dict[str, str]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def in_the_register() -> list[tuple[str, int, str, int]]:
    found = Record.objects.filter(known_to=None).order_by("decision_no")
    return [(one.decision_no, one.amount_fen, one.content["violation_facts"], one.row_no) for one in found]


def expected(first_row: int) -> list[tuple[str, int, str, int]]:
    texts = [row["违法事实"].replace("\r\n", "\n") for row in ROWS]
    return [(f"云市监罚〔2026〕{n}号", 2_000_000, text, first_row + n - 1) for n, text in enumerate(texts, start=1)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_comma_separated_text_in_the_encodings_of_offices(world: World, encoding: str) -> None:
    world.batch(delimited(ROWS, ",").encode(encoding), "penalty")
    assert in_the_register() == expected(first_row=2)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_tabs_and_semicolons_separate_as_commas_do(world: World, delimiter: str) -> None:
    world.batch(delimited(ROWS, delimiter, "\n").encode(), "penalty")
    assert in_the_register() == expected(first_row=2)


def test_a_workbook_with_numbers_and_dates(world: World) -> None:
    world.batch(workbook([{**row, "罚款金额(万元)": 2} for row in ROWS]), "penalty", name="数据.xlsx")
    assert in_the_register() == expected(first_row=2)


def test_json_lines_and_parquet_have_no_header_row(world: World) -> None:
    first = world.batch(json_lines(ROWS), "penalty", name="数据.jsonl")
    assert in_the_register() == expected(first_row=1)
    second = world.batch(parquet(ROWS), "penalty", name="数据.parquet")
    assert (first.accepted, second.unchanged) == (2, 2)


def test_every_file_of_an_archive_becomes_a_delivery(world: World) -> None:
    path = world.home.tmp / "sent.zip"
    path.write_bytes(
        zipped({
            "十月/数据.csv": table([penalty(1)]).encode("gb18030"),
            "数据.xlsx": workbook([penalty(2)]),
            "__MACOSX/._数据.csv": b"leftover",
        })
    )  # fmt: skip
    sender = Sender(world.department(MARKET.code), Channel.COMMAND, SYSTEM)
    sent = receive(path=path, file_name="打包.zip", type="penalty", sender=sender, now=world.now)
    done = [process(delivery_id=one.pk, by=SYSTEM, clock=lambda: world.now) for one in sent]

    assert [one.file_name for one in done] == ["打包.zip/数据.csv", "打包.zip/数据.xlsx"]
    assert [one.batch.accepted for one in done if one.batch] == [1, 1]
    assert not list(world.home.tmp.glob("zip-*"))


def test_the_names_in_an_archive_made_under_chinese_windows_are_read(world: World) -> None:
    path = world.home.tmp / "sent.zip"
    content = zipped({"XXXX.csv": table([penalty(1)]).encode()})
    path.write_bytes(content.replace(b"XXXX", "处罚".encode("gb18030")))
    sender = Sender(world.department(MARKET.code), Channel.COMMAND, SYSTEM)
    (sent,) = receive(path=path, file_name="打包.zip", type="penalty", sender=sender, now=world.now)
    assert sent.file_name == "打包.zip/处罚.csv"


def test_broken_lines_are_reported_in_place_and_the_others_taken_in(world: World) -> None:
    lines = table([penalty(number) for number in range(1, 6)]).splitlines()
    lines[2] += ",一个多出来的逗号"
    lines[3] = lines[3].rsplit(",", 5)[0]
    delivery = world.deliver("\n".join(lines) + "\n", "penalty")

    assert faults(world, delivery) == [(3, "V02", ""), (4, "V02", "")]
    assert delivery.batch
    assert (delivery.batch.rows, delivery.batch.accepted, delivery.batch.rejected) == (5, 3, 2)
    assert sorted(Record.objects.values_list("row_no", flat=True)) == [2, 5, 6]


def test_blank_lines_count_for_the_numbering_and_not_as_records(world: World) -> None:
    header, *lines = table([penalty(number) for number in range(1, 4)]).splitlines()
    empty_cells = "," * (len(ROWS[0]) - 1)
    text = "\n".join([header, lines[0], "", lines[1], empty_cells, "", "", lines[2], "", ""])
    batch = world.batch(text + "\n", "penalty")

    assert (batch.rows, batch.accepted) == (3, 3)
    assert sorted(Record.objects.values_list("row_no", flat=True)) == [2, 4, 8]


def test_blank_rows_of_a_workbook_are_passed_over(world: World) -> None:
    blank = dict.fromkeys(penalty(1), "")
    batch = world.batch(workbook([penalty(1), blank, penalty(2)]), "penalty")
    assert (batch.rows, sorted(Record.objects.values_list("row_no", flat=True))) == (2, [2, 4])


def test_a_json_line_that_is_no_object_is_one_refused_row(world: World) -> None:
    deep = '{"行政相对人名称": ' + "[" * 100_000
    wrong = ['{"行政相对人名称": "云屿', "", "[1, 2]", deep]
    text = json_lines([penalty(1)]) + "\n".join(wrong) + "\n" + json_lines([penalty(2)])
    delivery = world.deliver(text, "penalty", name="数据.jsonl")

    assert faults(world, delivery) == [(2, "V02", ""), (4, "V02", ""), (5, "V02", "")]
    assert sorted(Record.objects.values_list("row_no", flat=True)) == [1, 6]


def test_half_a_character_in_a_json_line_does_not_stop_the_file(world: World) -> None:
    broken = json.dumps(penalty(2, 备注="半个字")).replace("\\u534a", "\\ud83d")
    delivery = world.deliver(json_lines([penalty(1)]) + broken + "\n", "penalty", name="数据.jsonl")
    assert delivery.batch
    assert (delivery.batch.accepted, faults(world, delivery)) == (1, [(2, "V15", "remarks")])


def test_a_null_character_in_a_cell_is_reported_there(world: World) -> None:
    text = table([penalty(1), penalty(2, 备注="前\0后")])
    padded = text.replace("现场检查", "现场检查" * 500, 1)  # beyond the first bytes that tell the format
    delivery = world.deliver(padded, "penalty")
    assert delivery.batch
    assert (delivery.batch.accepted, faults(world, delivery)) == (1, [(3, "V15", "remarks")])
