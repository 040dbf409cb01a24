"""A shop that authorises, and departments that send and use special information about it."""

from datetime import date
from pathlib import Path

from tests.people.test_organisation_users import SHOP, join, word_for
from tests.portal.senders import SHOP_NAME
from tests.world import MARKET, NOW, SCHOOLS, World, table

from xinheng.authorisations import actions
from xinheng.authorisations.models import Authorisation
from xinheng.authorisations.terms import Terms
from xinheng.base.home import Home
from xinheng.ledger.models import Batch
from xinheng.people.models import Department, OrganisationMembership

SENDER = MARKET
"""Who sends special information here."""
USER = SCHOOLS
"""Who may use it."""
PURPOSE = "funding"
TODAY = NOW.date()
UNTIL = date(2026, 12, 31)
SINCE = date(2025, 1, 1)
PDF = b"%PDF-1.4\n% signed on paper\n"


def terms(world: World, *, classes: tuple[str, ...] = ("tax_payment",), starts: date = TODAY, until: date = UNTIL,
          facts_from: date = SINCE, grantee: str = USER.code, purpose_code: str = PURPOSE,
          signer_name: str = "钱守信") -> Terms:  # fmt: skip
    return Terms(
        classes=classes, grantee=Department.objects.get(code=grantee, region=world.region), purpose_code=purpose_code,
        purpose="技改资金申报", starts=starts, until=until, facts_from=facts_from, signer_name=signer_name,
        signer_title="财务负责人",
    )  # fmt: skip


def holder(world: World) -> OrganisationMembership:
    """The shop's holder, with a login of her own."""
    found = OrganisationMembership.objects.filter(credit_code=SHOP, region=world.region).first()
    return found or join(world, "shop.a", word_for(world))


def give(world: World, **changes: object) -> Authorisation:
    """The shop authorises the schools' department in the organisation centre."""
    return actions.give(membership=holder(world), terms=terms(world, **changes), now=NOW)  # type: ignore[arg-type]


def image(home: Home, content: bytes = PDF) -> tuple[str, Path]:
    path = home.tmp / "scan"
    path.write_bytes(content)
    return "授权书.pdf", path


def paid(
    month: int, *, code: str = SHOP, name: str = SHOP_NAME, year: int = 2026, **changes: object
) -> dict[str, object]:
    """One month of tax as its department sends it."""
    return {
        "单位名称": name, "统一社会信用代码": code, "税种": "增值税", "税款所属期起": f"{year}-{month:02d}-01",
        "税款所属期止": f"{year}-{month:02d}-28", "应纳税额(元)": "42000.50", "已缴税额(元)": "42000.50",
        "数据来源单位": SENDER.name, "数据来源单位统一社会信用代码": SENDER.code, "数据操作": "", "撤回原因": "",
    } | changes  # fmt: skip


def taken_back(month: int) -> dict[str, object]:
    return paid(month, 数据操作="撤回", 撤回原因="申报表已作废")


def send(world: World, *rows: dict[str, object], type: str = "tax_payment", now: object = None) -> Batch:
    return world.batch(table(rows), type, department=SENDER.code, now=now)
