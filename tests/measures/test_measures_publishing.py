"""A list of measures is published by two persons; only then may what stands on it be carried out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests.world import NOW, World

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, NotFound, Refused, WrongUsage
from xinheng.base.scope import PUBLIC, Scope
from xinheng.law.models import Provision
from xinheng.measures import actions, reading
from xinheng.measures.models import ListPublication
from xinheng.measures.queries import editions, list_of, lists, measure, measures, measures_for, publications
from xinheng.people.models import User

pytestmark = pytest.mark.django_db
PACK, EDITION, TODAY = "demo", "demo-2026", NOW.date()


@pytest.fixture
def first(world: World) -> User:
    return world.officer("lin.xinyu")


@pytest.fixture
def second(world: World) -> User:
    return world.officer("zhou.ming")


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def propose(by: User) -> ListPublication:
    return actions.propose_list(edition=EDITION, pack=PACK, by=by, now=NOW)


def publish(first: User, second: User) -> ListPublication:
    return actions.confirm_list(publication=propose(first).pk, pack=PACK, by=second, now=NOW)


def executable_keys() -> set[str]:
    return {one.measure.key for one in measures(PUBLIC, pack=PACK, as_at=TODAY) if one.executable}


def test_before_publication_no_measure_may_be_carried_out(world: World) -> None:
    assert executable_keys() == set()


def test_a_proposal_alone_publishes_nothing(first: User) -> None:
    propose(first)
    assert executable_keys() == set()


def test_after_a_second_person_confirmed_the_founded_measures_may_be_carried_out(first: User, second: User) -> None:
    publish(first, second)

    assert executable_keys() == {f"D-{number}" for number in range(1, 12)} - {"D-8"}
    assert set(AuditEvent.objects.values_list("act", flat=True)) >= {"measures.propose_list", "measures.confirm_list"}


def test_an_entry_sets_going_only_the_measures_whose_text_names_its_list(first: User, second: User) -> None:
    publish(first, second)

    assert [one.key for one in measures_for(PUBLIC, "L03", pack=PACK, as_at=TODAY)] == ["D-1", "D-2", "D-6"]
    assert [one.key for one in measures_for(PUBLIC, "L08", pack=PACK, as_at=TODAY)] == ["D-10", "D-11"]
    assert measures_for(PUBLIC, "A01", pack=PACK, as_at=TODAY) == ()


def test_whoever_proposed_cannot_confirm(first: User) -> None:
    with pytest.raises(Refused, match="不同的人"):
        actions.confirm_list(publication=propose(first).pk, pack=PACK, by=first, now=NOW)


def test_the_database_refuses_one_person_in_both_places(first: User) -> None:
    proposal = propose(first)
    with pytest.raises(DatabaseError, match="two_persons"), transaction.atomic():
        ListPublication.objects.filter(pk=proposal.pk).update(confirmed_by=first, confirmed_at=NOW, starts=TODAY)


@pytest.mark.parametrize("column", ["digest = '0'", "edition = 'other'", "starts = '2020-01-01'"])
def test_the_database_refuses_to_edit_what_was_published(first: User, second: User, column: str) -> None:
    publish(first, second)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE measures_listpublication SET {column}")


def test_the_database_refuses_to_delete_a_publication(first: User, second: User) -> None:
    publish(first, second)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        ListPublication.objects.all().delete()


def test_an_unverified_edition_cannot_be_published(first: User) -> None:
    with pytest.raises(Refused, match="原文尚未取得"):
        actions.propose_list(edition="national-2021", pack=PACK, by=first, now=NOW)


def test_an_edition_that_does_not_exist_cannot_be_published(first: User) -> None:
    with pytest.raises(NotFound):
        actions.propose_list(edition="nothing", pack=PACK, by=first, now=NOW)


def test_an_edition_that_is_not_in_force_cannot_be_published(first: User) -> None:
    with pytest.raises(Refused, match="没有施行"):
        actions.propose_list(edition=EDITION, pack=PACK, by=first, now=NOW - timedelta(days=400))


def test_the_same_text_is_proposed_and_published_once(first: User, second: User) -> None:
    proposal = propose(first)
    with pytest.raises(Conflict, match="待确认"):
        propose(second)
    actions.confirm_list(publication=proposal.pk, pack=PACK, by=second, now=NOW)
    with pytest.raises(Conflict, match="没有变动"):
        propose(first)
    with pytest.raises(Conflict, match="他人处理"):
        actions.confirm_list(publication=proposal.pk, pack=PACK, by=second, now=NOW)


@pytest.fixture
def changed_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack after its text was changed, as if the program had been started anew with it."""
    found = dict(reading.load_editions(PACK))
    one = found[EDITION]
    measures = (replace(one.measures[0], text="改动后的内容"), *one.measures[1:])
    changed = replace(one, measures=measures)
    found[EDITION] = replace(changed, digest=reading.digest_of(changed))
    for module in ("actions.publishing", "queries.register", "proving"):
        monkeypatch.setattr(f"xinheng.measures.{module}.load_editions", lambda pack: found)


def test_a_change_of_the_pack_stops_all_its_measures_until_it_is_published_again(
    first: User, second: User, request: pytest.FixtureRequest
) -> None:
    publish(first, second)
    request.getfixturevalue("changed_pack")

    assert executable_keys() == set()
    (state,) = [one for one in editions(PUBLIC, pack=PACK, as_at=TODAY) if one.edition.key == EDITION]
    assert state.changed_since
    publish(first, second)
    assert "D-1" in executable_keys()
    assert [one.closing_reason for one in publications(PUBLIC, pack=PACK)] == ["", "由新的公布取代"]


def test_what_changed_after_it_was_proposed_cannot_be_confirmed(
    first: User, second: User, request: pytest.FixtureRequest
) -> None:
    proposal = propose(first)
    request.getfixturevalue("changed_pack")
    with pytest.raises(Refused, match="提出以后清单内容有变动"):
        actions.confirm_list(publication=proposal.pk, pack=PACK, by=second, now=NOW)


def test_a_proposal_is_dropped_with_a_reason(first: User, second: User) -> None:
    proposal = propose(first)
    with pytest.raises(WrongUsage):
        actions.drop_proposal(publication=proposal.pk, reason=" ", by=second, now=NOW)
    actions.drop_proposal(publication=proposal.pk, reason="文字有误", by=second, now=NOW)
    with pytest.raises(Conflict):
        actions.confirm_list(publication=proposal.pk, pack=PACK, by=second, now=NOW)


def test_a_withdrawn_list_stops_all_its_measures_on_the_same_day(first: User, second: User) -> None:
    publication = publish(first, second)

    actions.withdraw_list(publication=publication.pk, reason="依据将修改", by=first, now=NOW)

    assert executable_keys() == set()
    with pytest.raises(Conflict):
        actions.withdraw_list(publication=publication.pk, reason="再次", by=first, now=NOW)


def test_a_provision_that_falls_in_the_register_stops_what_rests_on_it(first: User, second: User) -> None:
    publish(first, second)
    fallen = Provision.objects.filter(text_key="demo-credit-regulation", article="第二十五条", superseded_at=None)
    fallen.update(superseded_at=NOW)

    assert "D-5" not in executable_keys()
    assert "没有登记" in "".join(measure(PUBLIC, "D-5", pack=PACK, as_at=TODAY).executable.reasons)


def test_a_publication_of_one_county_executes_nothing_in_another(first: User, second: User) -> None:
    publish(first, second)
    elsewhere = measures(Scope(region="990002"), pack=PACK, as_at=TODAY)
    assert not any(one.executable for one in elsewhere)


def test_a_list_says_which_measures_name_it(first: User, second: User) -> None:
    publish(first, second)
    found = list_of(PUBLIC, "L01", pack=PACK, as_at=TODAY)
    assert [(key, may) for key, _, _, may in found.measures] == [
        ("I-1h", False), ("D-3", True), ("D-5", True), ("D-6", True),
    ]  # fmt: skip


def test_the_public_does_not_see_internal_tags(world: World) -> None:
    assert "A01" not in {one.rule.key for one in lists(PUBLIC, pack=PACK, as_at=TODAY)}
    assert "A01" in {one.rule.key for one in lists(world.scope, pack=PACK, as_at=TODAY)}
    with pytest.raises(NotFound):
        list_of(PUBLIC, "A01", pack=PACK, as_at=TODAY)


def test_the_register_of_measures_is_read_with_few_questions(world: World, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(3):
        measures(PUBLIC, pack=PACK, as_at=TODAY)
