"""Administrative penalties of the demo county."""

from collections.abc import Iterator
from random import Random

from xinheng.demo.days import WITHOUT_END, after_years
from xinheng.demo.decisions import PERSON, PLACES, Made, Row, Stream, amount, in_wan
from xinheng.demo.texts import Penalties, Violation, repeated_by_weight

STATED = 0.6
"""Share of decisions that state their severity themselves."""
SUMMARY = 0.5
"""Share of the minor cases that were decided on the spot."""
PERSON_FINE = 200


def penalties(stream: Stream, texts: Penalties) -> Iterator[Made]:
    """The stream's penalty decisions with the columns of the 2018 standard."""
    acts = repeated_by_weight(texts.acts, [act.weight for act in texts.acts])
    slots = {act.fields: stream.roster.slots_of(act.fields or texts.fields) for act in texts.acts}
    source = stream.source()
    authority: Row = {
        "penalty_authority": stream.department.name,
        "penalty_authority_uscc": stream.department.code,
    }
    for rng, day, decision_no in stream.drawn():
        act = acts[int(rng.random() * len(acts))]
        row, party = stream.subject(rng, day, slots[act.fields])
        row["decision_no"] = decision_no
        row["violation_type"] = act.type
        row["violation_facts"] = _facts(act, texts.goods, rng)
        row["legal_basis"] = act.basis
        row["penalty_category"] = act.kinds
        row["decision_date"] = day
        row["penalty_valid_to"] = WITHOUT_END if rng.random() < 0.1 else after_years(day, 1)
        _decide(row, act, rng)
        if rng.random() < 0.1:
            row["publicity_end"] = after_years(day, 3 if act.level == "严重" else 1)
        row.update(authority)
        row.update(source)
        yield row, party


def _facts(act: Violation, goods: tuple[str, ...], rng: Random) -> str:
    roll = rng.random
    return act.facts.format(
        n=int(roll() * 18) + 2,
        days=int(roll() * 60) + 3,
        goods=goods[int(roll() * len(goods))],
        place=PLACES[int(roll() * len(PLACES))],
    )


def _decide(row: Row, act: Violation, rng: Random) -> None:
    """What was imposed, by which procedure, and how grave the department says it is."""
    parts = []
    for kind in act.kinds.split(";"):
        if kind == "罚款" and act.fine:
            low, high = act.fine
            if row["counterparty_category"] == PERSON:
                low, high = min(low, PERSON_FINE), min(high, 10 * PERSON_FINE)
            yuan = amount(rng, low, high)
            row["fine_amount_wan"] = in_wan(yuan)
            parts.append(f"罚款{yuan}元")
        elif kind == "没收违法所得" and act.gain:
            gain = amount(rng, *act.gain)
            row["confiscated_amount_wan"] = in_wan(gain)
            parts.append(f"没收违法所得{gain}元")
        elif kind == "没收非法财物":
            row.setdefault("confiscated_amount_wan", in_wan(amount(rng, 100, 5_000)))
            parts.append(kind)
        elif kind == "吊销许可证件":
            row["suspended_or_revoked_license"] = f"许可证JY99000100{int(rng.random() * 100_000):05d}"
            parts.append(kind)
        else:
            parts.append(kind.removeprefix("其他-"))
    row["penalty_content"] = "；".join(parts) + "。"
    minor = act.level == "轻微" and rng.random() < SUMMARY
    row["procedure"] = "简易程序" if minor or act.procedure == "简易程序" else "普通程序"
    if act.level and rng.random() < STATED:
        row["severity"] = act.level
