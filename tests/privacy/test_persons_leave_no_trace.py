"""Whatever a file says about natural persons lies nowhere in clear: not in files, not in the database, not in logs."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.intake.intake_rows import MILL, MILL_NAME, organisation, penalty, workbook
from tests.kept import building, lent
from tests.privacy.searching import found_in_database, found_in_files
from tests.world import MARKET, World, table

from xinheng.audit.actor import Actor
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.identifiers import citizen_number
from xinheng.intake.correction import write_correction_file
from xinheng.intake.models import Delivery
from xinheng.intake.queries import findings, receipt
from xinheng.ledger.models import Batch, FileKind
from xinheng.ledger.queries import files
from xinheng.register.models import Organisation, Record
from xinheng.vault.actions import erase_person, open_record
from xinheng.vault.models import SealedRecord
from xinheng.vault.sealing import open_file

pytestmark = pytest.mark.django_db
OFFICER = Actor("officer", "1", "林信予")


def number(day: int) -> str:
    """A valid citizen number of the fictional county, one for each day."""
    return citizen_number.complete(f"990001900{300 + day:03d}00{day % 10}")


NUMBERS = {name: number(day) for day, name in enumerate(
    ("accepted", "refused", "taken_back", "award", "first_generation", "representative", "in_text", "as_code",
     "in_remarks", "as_number", "as_amount", "in_open_value", "in_name", "in_document", "extra", "heading", "file"),
    start=1,
)}  # fmt: skip
NAMES = {
    "accepted": "欧阳翡翠", "refused": "司徒琉璃", "taken_back": "上官玛瑙", "award": "慕容琥珀",
    "first_generation": "阿依古丽·买买提江", "representative": "诸葛珊瑚", "extra": "令狐珍珠", "broken": "皇甫水晶",
    "blank_category": "东方砗磲",
}  # fmt: skip
MOBILE = "13900990017"
HEARD = "what is said from here on is heard"
PLANTED = [*NUMBERS.values(), *NAMES.values(), MOBILE]


def person(key: str, **more: str) -> dict[str, str]:
    """A penalty against one of the planted persons."""
    return penalty(
        key, "", NAMES[key], 行政相对人类别="自然人", 法定代表人="", 证件类型="身份证", 证件号码=NUMBERS[key],
        违法事实=f"{NAMES[key]}（{NUMBERS[key]}）在云屿县摆摊", **more,
    )  # fmt: skip


def penalties() -> list[dict[str, str]]:
    of_company = penalty(
        "甲", 法定代表人=NAMES["representative"], 备注=f"联系{MOBILE}，{NUMBERS['in_remarks']}",
        违法事实=f"法定代表人{NAMES['representative']}承认，经手人证件{NUMBERS['in_text']}",
    )  # fmt: skip
    with_number = of_company | {"法定代表人证件类型": "身份证", "法定代表人证件号码": NUMBERS["representative"]}
    extra = {"联系人": NAMES["extra"], "联系人证件": NUMBERS["extra"]}
    rows = [
        person("accepted"),
        person("refused", 处罚内容=""),
        person("taken_back"),
        penalty("乙", "", NAMES["blank_category"], 行政相对人类别=""),
        with_number,
        with_number | {"行政处罚决定书文号": "云市监罚〔2026〕丙号", "处罚内容": ""},
        penalty("丁", NUMBERS["as_code"]),
        penalty("戊", 处罚类别=f"其他-{NUMBERS['in_open_value']}"),
        penalty("己", MILL, f"{MILL_NAME}{NUMBERS['in_name']}"),
        penalty(NUMBERS["in_document"]),
        penalty("庚", 处罚机关=f"经办{NUMBERS['in_name']}"),
        penalty("辛", **{"罚款金额(万元)": NUMBERS["as_amount"]}),
        penalty("壬", **{"行政相对人代码_2(工商注册号)": NUMBERS["as_code"]}),
    ]
    columns = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name, "") for name in columns} | extra for row in rows]


def first_generation(key: str, **more: str) -> dict[str, str]:
    return {
        "CF_WSH": f"云旧罚〔2015〕{key}号", "CF_CFMC": "处罚", "CF_XDR_MC": NAMES["first_generation"],
        "CF_XDR_SFZ": NUMBERS["first_generation"], "CF_JDRQ": "2015/03/02", "CF_XZJG": "云屿县市场监督管理局",
        "CF_SY": f"{NAMES['first_generation']}无照经营",
    } | more  # fmt: skip


def award() -> dict[str, str]:
    return {
        "行政相对人名称": NAMES["award"], "行政相对人类别": "自然人",
        "证件类型": "身份证", "证件号码": NUMBERS["award"],
        "行政决定文书号": "云奖〔2026〕1号", "决定内容": f"表彰{NAMES['award']}",
        "决定依据": "办法", "决定日期": "2026/11/02",
        "决定机关": MARKET.name, "决定机关统一社会信用代码": MARKET.code, "荣誉名称": "先进个人",
        "数据来源单位": MARKET.name, "数据来源单位统一社会信用代码": MARKET.code,
    }  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """The batches of the files that were sent, and all that was logged meanwhile."""

    world: World
    batches: dict[str, Batch]
    logged: str


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """What any logger says, down to the last detail."""
    said = io.StringIO()
    handler, everything = logging.StreamHandler(said), logging.getLogger()
    before = everything.level
    everything.addHandler(handler)
    everything.setLevel(logging.DEBUG)
    logging.getLogger("xinheng.intake").debug(HEARD)
    yield said
    everything.setLevel(before)
    everything.removeHandler(handler)


@pytest.fixture(scope="module")
def kept(module_world: World, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Every kind of file that may speak of persons, as senders have it outside our home."""
    with building(module_world), listening() as said:
        batches = send_all(module_world, tmp_path_factory.mktemp("sender"))
    return Sent(module_world, batches, said.getvalue())


@pytest.fixture
def world(kept: Sent, home: Home, db: None) -> World:
    return lent(kept.world, home)


@pytest.fixture
def sent(kept: Sent, world: World) -> dict[str, Batch]:
    return kept.batches


def send_all(world: World, folder: Path) -> dict[str, Batch]:
    def send(content: str | bytes, type: str, name: str = "数据.csv") -> Delivery:
        path = folder / f"{len(list(folder.iterdir()))}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return world.deliver(path, type, name=name)

    lines = table(penalties())
    broken = lines.splitlines()[1].replace(NAMES["accepted"], NAMES["broken"]) + ",多一格"
    registered = organisation(法定代表人=NAMES["representative"], 曾用名=f"原{NUMBERS['in_name']}")
    numeric = {**penalty("癸"), "行政相对人代码_1(统一社会信用代码)": int(NUMBERS["as_number"][:17] + "0")}
    done = {
        "penalty": send(lines + broken + "\n", "penalty", name=f"处罚{NUMBERS['file']}.csv"),
        "taken_back": send(table([person("taken_back", 数据操作="撤回", 撤回原因="决定已撤销")]), "penalty"),
        "first": send(table([
            first_generation("一"),
            first_generation("二", CF_WSH="云旧罚\u0001二号"),
            first_generation("三", CF_XDR_MC=f"{NAMES['first_generation']}\u0001"),
        ]), "penalty_gen1"),
        "award": send(table([award()]), "award"),
        "organisation": send(
            table([registered, organisation(NUMBERS["as_code"], MILL_NAME, 曾用名="")]), "organisation"
        ),
        "numeric": send(workbook([numeric]), "penalty", name="数据.xlsx"),
    }  # fmt: skip
    with pytest.raises(Refused, match="第一行"):
        send(f"行政相对人名称,{NUMBERS['heading']}\n云屿,1\n", "penalty")
    return {key: one.batch for key, one in done.items() if one.batch}


def correction_files(world: World, batches: dict[str, Batch]) -> list[Path]:
    """A correction file of each batch that has one, left lying about in the home."""
    written = []
    for key, batch in batches.items():
        if batch.rejected and key != "award":
            written.append(world.home.tmp / f"{key}.xlsx")
            write_correction_file(world.scope, batch.number, target=written[-1], tmp=world.home.tmp)
    return written


def test_planted_names_and_numbers_are_found_nowhere(
    world: World, kept: Sent, sent: dict[str, Batch], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert len(sent) == 6
    assert SealedRecord.objects.count() == 4
    assert len(correction_files(world, sent)) >= 4
    said = [receipt(world.scope, one.number).as_json(findings(world.scope, one.number)) for one in sent.values()]

    assert [word for word in PLANTED if word in str(said)] == []
    assert found_in_files(world.home.root, PLANTED) == []
    assert found_in_database(PLANTED) == []
    assert HEARD in kept.logged
    assert [word for word in PLANTED if word in kept.logged + caplog.text] == []


def test_the_search_does_find_what_lies_in_clear(world: World, sent: dict[str, Batch]) -> None:
    Record.objects.filter(batch_no=sent["penalty"].number).update(title=NAMES["accepted"])
    (world.home.tmp / "数据").write_bytes(NAMES["refused"].encode("gb18030"))
    assert found_in_database(PLANTED) == [f"register_record: {NAMES['accepted']}"]
    assert len(found_in_files(world.home.root, PLANTED)) == 1


def test_persons_never_become_subjects_or_records(world: World, sent: dict[str, Batch]) -> None:
    for name in (NAMES["accepted"], NAMES["taken_back"], NAMES["first_generation"], NAMES["award"]):
        assert not Organisation.objects.filter(name__contains=name).exists()
        assert not Record.objects.filter(subject_name__contains=name).exists()
    assert sent["penalty"].sealed_persons == 2
    assert sent["award"].rejected == 1


def test_destroying_a_key_makes_a_persons_rows_unreadable_everywhere(
    world: World, sent: dict[str, Batch], tmp_path: Path
) -> None:
    batch = sent["penalty"]
    row = SealedRecord.objects.filter(batch_no=batch.number).order_by("row_no").first()
    assert row is not None
    opened = open_record(world.scope, row.pk, purpose="办理异议", by=OFFICER, now=world.now)
    assert NAMES["accepted"] in opened.content.values()

    erasure = erase_person(number=NUMBERS["accepted"], by=OFFICER, now=world.now, reason="本人申请删除")

    assert batch.number in erasure.batches
    with pytest.raises(Refused):
        open_record(world.scope, row.pk, purpose="办理异议", by=OFFICER, now=world.now)
    sealed = [one for one in files(world.scope, batch.number, home=world.home) if one.path.suffix == ".sealed"]
    assert {one.kind for one in sealed} == {FileKind.SOURCE, FileKind.SEALED}
    assert batch.seal_key is not None
    source_key = Delivery.objects.get(batch=batch).key_id
    assert source_key is not None
    for one in sealed:
        key = source_key if one.kind is FileKind.SOURCE else batch.seal_key
        with pytest.raises(Refused):
            open_file(one.path, tmp_path / "clear", key)
    with pytest.raises(Refused):
        write_correction_file(world.scope, batch.number, target=tmp_path / "改正.xlsx", tmp=world.home.tmp)
