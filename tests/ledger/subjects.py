"""Rows that only the ledger keeps, about shops by number."""

from tests.portal.senders import organisation
from tests.world import World, table

from xinheng.base.identifiers import credit_code
from xinheng.ledger.models import Batch
from xinheng.register.models import Identifier

LIST = "env_subject_list"


def code_of(shop: int) -> str:
    return credit_code.make("91", "990001", f"MB{shop:06d}")


def number_of(shop: int) -> int:
    """The subject number of a registered shop."""
    return Identifier.objects.get(value=code_of(shop), kind="credit_code", known_to=None).organisation_id


def name_of(shop: int) -> str:
    return f"云屿县浮光第{shop}号商贸有限公司"


def register_shops(world: World, count: int) -> None:
    """Open the archives of shops 1 to `count`."""
    rows = [organisation(code_of(shop), name_of(shop)) for shop in range(1, count + 1)]
    world.batch(table(rows), "organisation")


def listing(shop: int, batch: str, entry: int, **fields: str) -> dict[str, str]:
    """One row: the shop's entry in a list."""
    return {
        "名单批次": f"第{batch}批",
        "序列": f"{batch}{entry}",
        "企业名称": name_of(shop),
        "代码": code_of(shop),
    } | fields


def subject_list(world: World, rows: list[dict[str, str]], **options: object) -> Batch:
    """Send rows as one file."""
    return world.batch(table(rows), LIST, **options)
