"""Whoever takes files only gets its notices as a file: what to remove, put right or use again, never what it says."""

import csv
import io
from datetime import date

import pytest
from tests.exchange.test_leaving import TODAY, file_of, repair, sent  # noqa: F401 - a fixture of the neighbour
from tests.world import NOW, SYSTEM, World

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import PUBLIC, Scope
from xinheng.effects.actions import confirm_in_writing, publish_again, undo_effects
from xinheng.effects.models import Effect, Recipient, Retraction
from xinheng.exchange.actions import log_export
from xinheng.exchange.notices import NOTICE, log_notices, notice_file, notice_types
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(sent: World) -> World:  # noqa: F811
    """The upper platform holds two penalties; one was repaired, one never should have been."""
    log_export(file=file_of(sent), by=sent.officer("lin.xinyu"), now=NOW)
    repair(1)
    wrong = Record.objects.get(decision_no="云市监罚〔2026〕2号")
    living = Effect.objects.filter(record_id=wrong.pk).values_list("pk", flat=True)
    undo_effects(record_no=wrong.record_no, effect_ids=list(living), why="撤销", by=SYSTEM, now=NOW)
    return sent


def receiver() -> int:
    return Recipient.objects.get(name="上级平台").pk


def rows(world: World) -> list[dict[str, str]]:
    file = notice_file(world.scope, recipient=receiver(), type="penalty", as_at=TODAY)
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


def test_each_open_notice_is_a_row_that_names_the_record_and_says_nothing_of_it(told: World):
    assert notice_types(told.scope, recipient=receiver()) == (("penalty", "行政处罚信息", 2),)
    first, second = rows(told)
    assert (first["CF_WSH"], first["TZ_LX"], first["TZ_BB"]) == ("云市监罚〔2026〕1号", "停用", "1")
    assert (second["CF_WSH"], second["TZ_LX"]) == ("云市监罚〔2026〕2号", "停用并纠正")
    assert first["CF_JDRQ"] == "2026/11/18"
    assert "进货查验" not in "".join(first.values())


def test_what_is_public_again_is_told_in_the_file_too(told: World):
    record = Record.objects.get(decision_no="云市监罚〔2026〕1号")
    publish_again(record_no=record.record_no, why="撤销修复", by=told.officer("lin.xinyu"), now=NOW)
    assert [row["TZ_LX"] for row in rows(told)] == ["停用并纠正", "恢复使用"]


def test_what_was_confirmed_leaves_the_file(told: World):
    done = list(Retraction.objects.order_by("pk").values_list("pk", flat=True)[:1])
    confirm_in_writing(recipient=receiver(), retractions=done, note="来文", by=told.officer("lin.xinyu"), now=NOW)
    assert len(rows(told)) == 1


def test_nobody_else_gets_it(told: World):
    with pytest.raises(Refused):
        notice_file(PUBLIC, recipient=receiver(), type="penalty", as_at=TODAY)
    with pytest.raises(NotFound):
        notice_file(Scope(region="990002"), recipient=receiver(), type="penalty", as_at=TODAY)
    with pytest.raises(NotFound):
        notice_file(told.scope, recipient=receiver(), type="licence", as_at=TODAY)


def test_the_desk_gives_it_out_and_logs_it(told: World, client):
    client.force_login(told.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/desk/retractions?recipient={receiver()}").content.decode()
    assert f"/desk/recipients/{receiver()}/notices?type=penalty" in page
    answer = client.get(f"/desk/recipients/{receiver()}/notices?type=penalty")
    assert answer["Content-Type"].startswith("text/csv")
    assert NOTICE[0][0] in answer.content.decode("utf-8-sig")
    assert AuditEvent.objects.filter(act="exchange.notices").count() == 1
    assert client.get("/desk/recipients/999999/notices?type=penalty").status_code == 404


def test_taking_the_file_is_not_a_confirmation(told: World):
    file = notice_file(told.scope, recipient=receiver(), type="penalty", as_at=TODAY)
    log_notices(file=file, recipient=receiver(), by=told.officer("lin.xinyu"), now=NOW)
    assert Retraction.objects.filter(confirmed_at=None).count() == 2
    assert date(2026, 11, 21) == TODAY
