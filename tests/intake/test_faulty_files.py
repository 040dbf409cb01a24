"""A file that cannot be taken in gets one plain sentence, and nothing of it stays."""

import io
import json
import os
import struct
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.intake.intake_rows import SHOP, organisation, penalty, workbook, zipped
from tests.world import MARKET, SYSTEM, World, table

from xinheng.base.errors import Conflict, Refused
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.actions.processing import process
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.ledger.models import Batch, Channel
from xinheng.register.models import Record
from xinheng.vault.models import DataKey

pytestmark = pytest.mark.django_db
GOOD = table([penalty(1), penalty(2)])
MANY_COLUMNS = ",".join(f"列{number}" for number in range(10_000)) + "\n" + "," * 9_999 + "\n"


def parquet(rows: int = 2_000) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([penalty(number) for number in range(rows)]), buffer, compression="none")
    return buffer.getvalue()


def damaged_parquet() -> bytes:
    content = parquet()
    return content[:400] + b"\xff" * 4_000 + content[4_400:]


def locked_zip() -> bytes:
    content = bytearray(zipped({"数据.csv": GOOD.encode()}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = content.index(signature) + offset
        content[where : where + 2] = struct.pack("<H", struct.unpack("<H", content[where : where + 2])[0] | 1)
    return bytes(content)


def damaged_zip() -> bytes:
    content = zipped({"data.csv": os.urandom(100) + GOOD.encode()})
    start = content.index(b"data.csv") + len("data.csv") + 20
    return content[:start] + b"\xff" * 60 + content[start + 60 :]


def zip_with_method(method: int) -> bytes:
    content = bytearray(zipped({"data.csv": GOOD.encode()}))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        where = content.index(signature) + offset
        content[where : where + 2] = struct.pack("<H", method)
    return bytes(content)


def swollen_workbook() -> bytes:
    """A workbook whose sheet is a gigabyte of blanks."""
    buffer = io.BytesIO(workbook([penalty(1)]))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/media/image.xml", b" " * 60_000_000)
    return buffer.getvalue()


UNREADABLE = {
    "empty": (b"", "空的"),
    "blank lines only": (b"\n\n\n", "没有"),
    "binary": (bytes(range(256)) * 40, "二进制"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
    "truncated workbook": (workbook([penalty(1)])[:-200], "不完整"),
    "truncated ZIP": (zipped({"数据.csv": GOOD.encode()})[:-30], "不完整"),
    "truncated Parquet": (parquet()[:-100], "不完整"),
    "web page": ("<!DOCTYPE html><html><body><table><tr><td>行政相对人名称".encode(), "网页"),
    "JSON array": (json.dumps([penalty(1)], ensure_ascii=False).encode(), "数组"),
    "UTF-16": (GOOD.encode("utf-16"), "UTF-16"),
    "neither UTF-8 nor GB 18030": (GOOD.encode() + b"\xff\xff\n", "编码"),
    "cut in a character": (GOOD.encode()[:-30] + "云".encode()[:2], "断开"),
    "10 000 columns": (MANY_COLUMNS.encode(), "10000 列"),
    "JSON with 10 000 keys": (json.dumps({f"列{n}": 1 for n in range(10_000)}).encode(), "500 列"),
    "no header, only records with numbers": (f"云屿,99000119900307001X,{SHOP}\n".encode(), "第一行"),
    "columns of another kind": (b"a,b,c\n1,2,3\n", "没有一列"),
    "ZIP with a password": (locked_zip(), "密码"),
    "ZIP in a ZIP": (zipped({"数据.zip": zipped({"数据.csv": GOOD.encode()})}), "不能报送"),
    "ZIP in a ZIP under another name": (zipped({"数据.csv": zipped({"数据.csv": GOOD.encode()})}), ""),
    "ZIP bomb": (zipped({"数据.csv": GOOD.encode() + b"," * 60_000_000}), "异常地大"),
    "swollen workbook": (swollen_workbook(), "异常地大"),
    "damaged ZIP": (damaged_zip(), "解不开"),
    "ZIP packed by an unknown method": (zip_with_method(9), "压缩"),
    "empty ZIP": (zipped({"__MACOSX/._a": b"x"}), "没有文件"),
}
READ_TO_THE_END = {
    "header only": (GOOD.splitlines()[0].encode() + b"\n", "没有记录"),
    "one giant row": (GOOD.encode() + b'"' + b"x" * 3_000_000 + b'"\n', "2 MB"),
    "a quote left open": ((GOOD + '"' + "云屿,\n" * 700_000).encode(), "引号"),
    "damaged in the middle": (damaged_parquet(), "损坏"),
}


def assert_nothing_stays(world: World) -> None:
    assert not Batch.objects.exists()
    assert not Record.objects.exists()
    assert not [path for path in world.home.sources.rglob("*") if path.is_file()]
    assert not [path for path in world.home.ledger.rglob("*") if path.is_file()]
    assert not [path for path in world.home.tmp.iterdir() if not path.name.startswith("sent-")]


def test_an_unreadable_file_is_refused_at_the_door(world: World) -> None:
    for fault, (content, words) in UNREADABLE.items():
        with pytest.raises(Refused) as refusal:
            world.deliver(content, "penalty")
        assert words in refusal.value.message, fault
        assert (refusal.value.message[-1], refusal.value.advice[-1]) == ("。", "。"), fault
        assert not Delivery.objects.exists(), fault
    assert_nothing_stays(world)


def test_a_file_found_faulty_while_reading_leaves_only_the_sentence(world: World) -> None:
    for fault, (content, words) in READ_TO_THE_END.items():
        delivery = world.deliver(content, "penalty")
        assert (delivery.state, delivery.stored_path) == (DeliveryState.REFUSED, ""), fault
        assert words in delivery.message, fault
        assert delivery.advice.endswith("。"), fault
        assert DataKey.objects.get(pk=delivery.key_id).destroyed_at == world.now, fault
    assert_nothing_stays(world)


def test_a_file_of_another_kind_waits_for_a_person(world: World) -> None:
    path = world.home.tmp / "sent-other"
    path.write_text(table([organisation()]))
    sender = Sender(world.department(MARKET.code), Channel.COMMAND, SYSTEM)
    (delivery,) = receive(path=path, file_name="主体.csv", type="penalty", sender=sender, now=world.now)
    assert delivery.state == DeliveryState.MAPPING
    with pytest.raises(Conflict, match="列名"):
        process(delivery_id=delivery.pk, by=SYSTEM, clock=lambda: world.now)
    assert not Batch.objects.exists()


def test_one_bad_file_refuses_its_whole_archive(world: World) -> None:
    with pytest.raises(Refused, match="PDF"):
        world.deliver(zipped({"a.csv": GOOD.encode(), "b.csv": b"%PDF-1.7"}), "penalty")
    assert not Delivery.objects.exists()
    assert_nothing_stays(world)


def test_a_file_refused_once_may_come_again(world: World) -> None:
    header = GOOD.splitlines()[0] + "\n"
    first, second = world.deliver(header, "penalty"), world.deliver(header, "penalty")
    assert first.pk != second.pk
