"""Programs that read records, are told to remove them, and say that they did."""

from typing import Any

import pytest
from tests.portal.senders import SHOP, SHOP_NAME, penalty
from tests.world import NOW, SCHOOLS, SYSTEM, World, table

from xinheng.base.clock import today
from xinheng.base.scope import PUBLIC
from xinheng.effects.actions import end_effects, publish_again
from xinheng.effects.models import EndReason, Retraction
from xinheng.effects.queries import published_of
from xinheng.register.models import Record
from xinheng.register.queries import organisation

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
KEY = "acknowledge-0001"


def penalties_of_the_shop() -> tuple[Any, ...]:
    return published_of(PUBLIC, organisation(PUBLIC, SHOP).id, as_at=today(NOW), type="penalty")


def repair() -> None:
    """What is public of the shop's penalties ends by repair."""
    numbers = [one.effect_id for one in penalties_of_the_shop()]
    end_effects(effect_ids=numbers, reason=EndReason.REPAIRED, why="准予修复", by=SYSTEM, now=NOW, today=today(NOW))


def acknowledge(reader: Any, id: str, version: int = 1, key: str = KEY) -> Any:
    return reader.client.post(
        f"/api/v1/retractions/{id}/acknowledge",
        {"version": version},
        content_type="application/json",
        headers={"Authorization": f"Bearer {reader.secret}", "Idempotency-Key": key},
    )


@pytest.fixture
def reader(county: World, program: Any) -> Any:
    """A program that read the shop's records with its secret; then they were repaired."""
    found = program(scopes=("read",))
    assert len(found.get(f"/organisations/{SHOP}/records").json()["records"]) == 2
    repair()
    return found


def test_a_program_that_read_a_record_is_told_to_remove_it(reader):
    (found,) = reader.get("/retractions").json()["retractions"]
    assert set(found) == {"id", "kind", "record", "version", "written_at", "due_on", "confirmed_at"}
    assert (found["version"], found["due_on"], found["confirmed_at"]) == (1, "2026-11-25", None)
    assert reader.get(f"/records/{found['record']}").status_code == 404


def test_the_retraction_says_nothing_of_whom_or_why(reader):
    text = reader.get("/retractions").content.decode()
    assert [word for word in (SHOP, SHOP_NAME, "修复", "repair", "罚") if word in text] == []


def test_it_is_acknowledged_with_the_version_removed(reader):
    (found,) = reader.get("/retractions").json()["retractions"]
    answer = acknowledge(reader, found["id"])
    assert answer.status_code == 200
    assert answer.json()["confirmed_at"]
    assert reader.get("/retractions").json()["retractions"] == []
    assert len(reader.get("/retractions", all="true").json()["retractions"]) == 1


def test_the_same_call_again_gets_the_same_answer_and_another_one_a_conflict(reader):
    (found,) = reader.get("/retractions").json()["retractions"]
    first, again = acknowledge(reader, found["id"]), acknowledge(reader, found["id"])
    assert first.json() == again.json()
    replay = acknowledge(reader, found["id"], key="acknowledge-0002")
    assert (replay.status_code, replay["Content-Type"]) == (409, PROBLEM)
    assert acknowledge(reader, found["id"], version=2).status_code == 409


def test_a_wrong_version_is_refused_and_leaves_it_open(reader):
    (found,) = reader.get("/retractions").json()["retractions"]
    answer = acknowledge(reader, found["id"], version=2)
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert "第 1 版" in answer.json()["detail"]
    assert Retraction.objects.get().confirmed_at is None
    assert acknowledge(reader, found["id"]).status_code == 200


def test_somebody_elses_retraction_does_not_exist(reader, program):
    (found,) = reader.get("/retractions").json()["retractions"]
    other = program(scopes=("read",))
    assert acknowledge(other, found["id"]).status_code == 404
    assert other.get(f"/retractions/{found['id']}").status_code == 404
    assert other.get("/retractions").json()["retractions"] == []


def test_made_up_words_and_a_missing_key_are_problems(reader):
    assert acknowledge(reader, "abcdefghij").status_code == 404
    answer = reader.client.post(
        "/api/v1/retractions/abc/acknowledge",
        {"version": 1},
        content_type="application/json",
        headers={"Authorization": f"Bearer {reader.secret}"},
    )
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)


def test_without_a_secret_nobody_sees_retractions(reader, ask):
    assert ask("/retractions").status_code == 401


def test_a_wrong_secret_on_a_public_address_is_said(county, client):
    answer = client.get(f"/api/v1/organisations/{SHOP}/records", headers={"Authorization": "Bearer abc.def"})
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)


def test_who_reads_without_a_secret_holds_nothing(county, ask):
    ask(f"/organisations/{SHOP}/records")
    repair()
    assert Retraction.objects.count() == 0


def test_a_search_by_document_number_counts_as_reading(county, program):
    found = program(scopes=("read",))
    assert found.get("/search", q="云市监罚〔2026〕1号").json()["records"]
    repair()
    assert Retraction.objects.count() == 1


def test_the_feed_is_followed_by_timepoint(county, ask):
    first = ask("/feed", limit=1).json()
    assert first["more"] is True
    rest = ask("/feed", since=first["timepoint"]).json()
    assert rest["more"] is False
    repair()
    (change,) = ask("/feed", since=rest["timepoint"]).json()["changes"]
    assert (change["kind"], change["version"]) == ("ended", 1)
    assert set(change) == {"kind", "record", "version", "at"}


def test_a_correction_is_told_as_an_end_and_a_new_version(county, ask):
    newest = ask("/feed").json()["newest"]
    county.batch(table([penalty(1, 违法事实="更正后的事实")]), "penalty")
    changes = ask("/feed", since=newest).json()["changes"]
    assert [(one["kind"], one["version"]) for one in changes] == [("ended", 1), ("appeared", 2)]
    assert len({one["record"] for one in changes}) == 1


def test_a_timepoint_beyond_the_feed_is_416_and_a_made_up_one_422(county, ask):
    newest = ask("/feed").json()["newest"]
    assert ask("/feed", since=newest).status_code == 200
    beyond = ask("/feed", since="dDk5OTk5LjA")
    assert (beyond.status_code, beyond["Content-Type"]) == (416, PROBLEM)
    assert ask("/feed", since="x").status_code == 422


def several(reader: Any, *named: tuple[str, int]) -> Any:
    return reader.client.post(
        "/api/v1/acknowledgements",
        {"acknowledgements": [{"id": id, "version": version} for id, version in named]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {reader.secret}"},
    )


def test_many_are_acknowledged_by_one_call_and_each_is_answered(reader):
    (found,) = reader.get("/retractions").json()["retractions"]

    answer = several(reader, (found["id"], 2), (found["id"], 1), (found["id"], 1), ("abcdefghij", 1)).json()

    results = [one["result"] for one in answer["answers"]]
    assert results == ["wrong_version", "confirmed", "already_confirmed", "unknown"]
    assert answer["confirmed"] == 1
    assert Retraction.objects.get().confirmed_at is not None


def test_nobody_acknowledges_for_another_program(reader, program):
    (found,) = reader.get("/retractions").json()["retractions"]
    other = program(department=SCHOOLS.code, scopes=("read",))
    assert [one["result"] for one in several(other, (found["id"], 1)).json()["answers"]] == ["unknown"]
    assert Retraction.objects.get().confirmed_at is None


@pytest.mark.parametrize("named", [[], [("abcdefghij", 1)] * 501, [("ABC!", 1)], [("abcdefghij", 0)]])
def test_what_is_no_list_of_acknowledgements_is_a_problem(reader, named):
    answer = several(reader, *named)
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)


def test_a_program_learns_which_notice_asks_for_what(reader, county):
    record = Retraction.objects.get().record_id
    number = Record.objects.get(pk=record).record_no
    publish_again(record_no=number, why="撤销修复", by=county.officer("lin.xinyu"), now=NOW)
    found = reader.get("/retractions", all="true").json()["retractions"]
    assert [(one["kind"], one["confirmed_at"] is not None) for one in found] == [
        ("remove", True),
        ("public_again", False),
    ]
