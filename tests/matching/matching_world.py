"""A small register of invented firms, and penalties that name them without a code."""

from tests.portal.senders import organisation, penalty
from tests.world import MARKET, World, table

from xinheng.base.identifiers import credit_code
from xinheng.base.identifiers.credit_code import PLACEHOLDER
from xinheng.ledger.models import Batch
from xinheng.register.models import Organisation, Record, Review

FIRMS = {
    "sail": "云屿县云帆机械配件有限公司",
    "spring": "云屿县甘泉食品有限公司",
    "first": "云屿县大营建筑公司第一分公司",
    "second": "云屿县大营建筑公司第二分公司",
    "east": "云屿县鹿鸣达商贸有限公司",
    "west": "云屿县鹿鸣商贸有限公司",
    "renamed": "云屿县青禾农业科技有限公司",
}
FORMER = {"renamed": "云屿县青苗种子商店"}


def code(number: int) -> str:
    return credit_code.make("91", "990001", f"MA{number:06d}")


def register_firms(world: World) -> None:
    """All firms, registered under codes of their own."""
    rows = [
        organisation(code(100 + number), name, 曾用名=FORMER.get(key, ""))
        for number, (key, name) in enumerate(FIRMS.items())
    ]
    world.batch(table(rows), "organisation")


def firm(key: str) -> Organisation:
    return Organisation.objects.get(name=FIRMS[key])


def fined(
    world: World, *names: str, first: int = 1, old_code: str = PLACEHOLDER, department: str = MARKET.code, **said: str
) -> Batch:
    """One batch of penalties under these names, without a credit code."""
    said = {"行政相对人类别": "个体工商户"} | said
    rows = [penalty(first + place, old_code, name, **said) for place, name in enumerate(names)]
    return world.batch(table(rows), "penalty", department=department)


def record(number: int) -> Record:
    return Record.objects.get(decision_no=f"云市监罚〔2026〕{number}号", known_to=None)


def question(number: int) -> Review:
    """The newest question about the record with this number."""
    return Review.objects.filter(record_no=record(number).record_no, kind="link").latest("id")
