"""The archive page shows what only the ledger holds, by record type."""

import pytest
from tests.desk.reading import text_of
from tests.desk.things import officer_browser
from tests.kept import building, lent
from tests.ledger.subjects import code_of, listing, register_shops, subject_list
from tests.world import SCHOOLS, World

from xinheng.audit.models import AuditEvent
from xinheng.base.home import Home

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world) as world:
        register_shops(world, 3)
        subject_list(world, [listing(1, "甲", 1), listing(2, "甲", 2)], department=SCHOOLS.code)
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


def archive_of(office: World, shop: int, officer: str = "lin.xinyu") -> str:
    return text_of(officer_browser(office, officer), f"/desk/archives/{code_of(shop)}")


def test_rows_of_the_organisation_are_shown_with_their_source(office):
    page = archive_of(office, 1)
    assert "环境执法主体清单（转录）" in page
    assert "第甲批" in page
    assert "第2批第2行" in page
    assert "第2批第3行" not in page
    assert AuditEvent.objects.filter(act="register.history").latest("pk").detail["ledger_rows"] == 1


def test_a_department_does_not_see_what_another_sent(office):
    assert "环境执法主体清单" not in archive_of(office, 1, "he.shuo")


def test_an_organisation_without_such_rows_has_no_section(office):
    assert "环境执法主体清单" not in archive_of(office, 3)
