"""Administrative licences of the demo county."""

from collections.abc import Iterator

from xinheng.demo.days import WITHOUT_END, after_years
from xinheng.demo.decisions import PLACES, Made, Row, Stream
from xinheng.demo.texts import Permissions, repeated_by_weight


def licences(stream: Stream, texts: Permissions) -> Iterator[Made]:
    """The stream's licence decisions with the columns of the 2018 standard."""
    acts = repeated_by_weight(texts.acts, [act.weight for act in texts.acts])
    slots = {act.fields: stream.roster.slots_of(act.fields or texts.fields) for act in texts.acts}
    head = stream.department.code[8:16]
    unit: Row = {
        **stream.source(),
        "license_authority": stream.department.name,
        "license_authority_uscc": stream.department.code,
    }
    for rng, day, decision_no in stream.drawn():
        roll = rng.random
        act = acts[int(roll() * len(acts))]
        row, party = stream.subject(rng, day, slots[act.fields])
        row["decision_title"] = act.title
        row["decision_no"] = decision_no
        row["license_category"] = act.category
        row["license_content"] = act.content.format(
            thing=act.things[int(roll() * len(act.things))] if act.things else "",
            kind=party.kind if party else "个体工商户",
            place=PLACES[int(roll() * len(PLACES))],
        )
        if act.certificate:
            row["certificate_name"] = act.certificate
            row["certificate_no"] = f"YY{head}{day.year}{int(roll() * 1_000_000):06d}"
        row["decision_date"] = day
        row["valid_from"] = day
        row["valid_to"] = after_years(day, act.years) if act.years else WITHOUT_END
        row["current_status"] = "2" if act.title.startswith("准予注销") or roll() < 0.02 else "1"
        row.update(unit)
        yield row, party
