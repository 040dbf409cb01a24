"""A county whose market authority sent files; its pages are asked like a reader asks them, on a fixed day."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from tests.portal import senders
from tests.world import NOW, SYSTEM, World, table

from xinheng.law.actions import sync_register


@pytest.fixture
def county(world: World) -> Iterator[World]:
    """Two registered organisations; the shop has a penalty and a licence, and a person was fined too."""
    with time_machine.travel(NOW, tick=False):
        sync_register(pack="demo", by=SYSTEM, now=NOW)
        world.batch(
            table(
                [
                    senders.organisation(senders.SHOP, senders.SHOP_NAME, 曾用名="云屿县浮光小吃铺"),
                    senders.organisation(senders.MILL, senders.MILL_NAME),
                ]
            ),
            "organisation",
        )
        fined_person = senders.penalty(
            2,
            "",
            "测试自然人",
            行政相对人类别="自然人",
            法定代表人="",
            证件类型="身份证",
            证件号码=senders.CITIZEN_NUMBER,
        )
        shop_penalty = senders.penalty(1) | {"证件类型": "", "证件号码": ""}
        world.batch(table([shop_penalty, fined_person]), "penalty")
        world.batch(table([senders.licence(1)]), "licence")
        yield world


@pytest.fixture
def page(client) -> Callable[[str], str]:
    """The text of a page that must be there."""

    def get(address: str) -> str:
        response = client.get(address, follow=True)
        assert response.status_code == 200, (address, response.status_code)
        return response.content.decode()

    return get
