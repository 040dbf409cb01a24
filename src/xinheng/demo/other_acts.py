"""The other eight kinds of administrative act."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from xinheng.demo.days import after_years
from xinheng.demo.decisions import PLACES, Made, Row, Stream, amount, in_wan
from xinheng.demo.texts import read_text
from xinheng.rulebook.reading import Section, read_each

AMOUNTS = {
    "collection": "levied_amount_wan",
    "payment": "paid_amount_wan",
    "compensation": "compensation_amount_wan",
}
MATTERS = {
    "award": "honour_name",
    "collection": "levied_matter",
    "compensation": "compensated_matter",
    "compulsion": "compulsion_kind",
    "confirmation": "confirmed_matter",
    "payment": "paid_matter",
    "ruling": "ruled_matter",
}
INSPECTION_KINDS = ("双随机抽查", "双随机抽查", "日常检查", "日常检查", "专项检查", "举报核查")
RESULTS = (
    ("未发现问题", "现场检查{n}项，未发现问题。"),
    ("未发现问题", "查阅台账{n}份，未发现问题。"),
    ("未发现问题", "检查情况正常。"),
    ("发现问题已责令改正", "发现{n}处问题，已责令当场改正。"),
    ("发现问题待后续处理", "发现{n}处问题，责令限期改正，待复查。"),
    ("通过登记的住所或经营场所无法联系", "到登记住所两次均无人应答。"),
)


@dataclass(frozen=True)
class Matter:
    """One kind of act of a department."""

    matter: str
    basis: str
    fields: tuple[str, ...]
    amount: tuple[int, int] | None


def read_matters() -> dict[str, dict[str, tuple[Matter, ...]]]:
    """Matters by record type and department."""
    types = read_text("other_acts").section("types")
    return {
        key: {name: tuple(read_each(section.sections(name), _matter)) for name in section.text_keys()}
        for key, section in ((key, types.section(key)) for key in types.text_keys())
    }


def acts(stream: Stream, record_type: str, matters: tuple[Matter, ...]) -> Iterator[Made]:
    """The stream's decisions of one of the generic types."""
    unit: Row = {
        **stream.source(),
        "authority": stream.department.name,
        "authority_uscc": stream.department.code,
    }
    slots = {matter.fields: stream.roster.slots_of(matter.fields) for matter in matters}
    for rng, day, number in stream.drawn():
        matter = matters[int(rng.random() * len(matters))]
        row, party = stream.subject(rng, day, slots[matter.fields])
        row["legal_basis"] = matter.basis
        if record_type == "inspection":
            row["inspection_no"] = number
            row["inspected_on"] = day
            _inspect(row, matter, rng)
        else:
            row["decision_no"] = number
            row["decision_date"] = day
            row["current_status"] = "1"
            row[MATTERS[record_type]] = matter.matter
            row["act_content"] = _content(row, record_type, matter, rng)
            if record_type == "award":
                row["valid_from"] = day
                row["valid_to"] = after_years(day, 2)
                row["honour_level"] = "县级"
        row.update(unit)
        yield row, party


def _inspect(row: Row, matter: Matter, rng: Random) -> None:
    result, details = RESULTS[int(rng.random() * len(RESULTS))]
    row["inspected_matter"] = matter.matter
    row["inspection_kind"] = INSPECTION_KINDS[int(rng.random() * len(INSPECTION_KINDS))]
    row["inspection_result"] = result
    row["result_details"] = details.format(n=int(rng.random() * 12) + 2)


def _content(row: Row, record_type: str, matter: Matter, rng: Random) -> str:
    if matter.amount and record_type in AMOUNTS:
        yuan = amount(rng, *matter.amount)
        row[AMOUNTS[record_type]] = in_wan(yuan)
        return f"{matter.matter}{yuan}元。"
    place = PLACES[int(rng.random() * len(PLACES))]
    return f"{matter.matter}，地点：云屿县{place}。"


def _matter(section: Section) -> Matter:
    bounds = section.text("amount", "")
    low, _, high = bounds.partition("-")
    return Matter(
        matter=section.text("matter"),
        basis=section.text("basis"),
        fields=section.texts("fields"),
        amount=(int(low), int(high)) if bounds else None,
    )
