"""The legal register: taken over from packs, never edited, and strict about what effects may rest on."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.scope import PUBLIC, Scope
from xinheng.law import actions, queries
from xinheng.law.actions import intern_basis_set, sync_register
from xinheng.law.models import BasisRole, BasisSet, BasisSetMember, Consultation, LegalText, Provision
from xinheng.law.reading import read_texts

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CLERK = Actor.system("测试")


@pytest.fixture
def register():
    return sync_register(pack="demo", by=CLERK, now=NOW)


def provision(reference: str) -> Provision:
    key, article = reference.split("#")
    return Provision.objects.get(text_key=key, article=article, superseded_at=None)


def refused(message: str):
    return pytest.raises((DatabaseError, IntegrityError), match=message)


def test_a_pack_is_taken_over_once_and_repeating_it_changes_nothing(register):
    again = sync_register(pack="demo", by=CLERK, now=NOW)

    assert register.added == again.unchanged == LegalText.objects.count()
    assert (again.added, again.changed) == (0, 0)
    assert AuditEvent.objects.filter(act="law.register_synced").count() == 1


def test_a_changed_text_adds_a_version_and_keeps_the_old_one(register, monkeypatch):
    changed = tuple(
        dataclasses.replace(text, effective_to=date(2026, 12, 31)) if text.key == "order-36-2025" else text
        for text in read_texts("demo")
    )
    monkeypatch.setattr(actions, "read_texts", lambda pack: changed)

    outcome = sync_register(pack="demo", by=CLERK, now=NOW + timedelta(days=1))

    assert (outcome.added, outcome.changed) == (0, 1)
    old, new = LegalText.objects.filter(key="order-36-2025").order_by("version")
    assert old.superseded_at
    assert new.superseded_at is None
    assert old.effective_to is None
    assert new.effective_to == date(2026, 12, 31)
    assert provision("order-36-2025#公示期").text == new


def test_the_database_refuses_to_edit_or_delete_a_text(register):
    for statement in (
        "UPDATE law_legaltext SET title = '改'",
        "UPDATE law_provision SET summary = '改'",
        "DELETE FROM law_provision",
        "DELETE FROM law_legaltext",
    ):
        with refused("never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nothing_may_rest_on_an_unverified_provision(register):
    with refused("is not verified"), transaction.atomic():
        intern_basis_set(members=[(provision("order-36-2025#起算").pk, BasisRole.GOVERNING)], now=NOW)


def test_the_same_members_are_the_same_set_in_any_order(register):
    one, two = provision("order-36-2025#公示期").pk, provision("ndrc-2018-424#公示原则").pk

    first = intern_basis_set(members=[(one, BasisRole.GOVERNING), (two, BasisRole.ENABLING)], now=NOW)
    second = intern_basis_set(members=[(two, BasisRole.ENABLING), (one, BasisRole.GOVERNING)], now=NOW)

    assert first == second
    assert BasisSetMember.objects.filter(basis_set=first).count() == 2


def test_a_set_never_gains_or_loses_a_member(register):
    one, two = provision("order-36-2025#公示期").pk, provision("ndrc-2018-424#公示原则").pk
    basis_set = intern_basis_set(members=[(one, BasisRole.GOVERNING)], now=NOW)

    with refused("members of its digest"), transaction.atomic():
        BasisSetMember.objects.create(basis_set_id=basis_set, provision_id=two, role=BasisRole.ENABLING)
    with refused("never changed"), transaction.atomic():
        BasisSetMember.objects.all().delete()
    with refused("never changed"), transaction.atomic():
        BasisSet.objects.update(digest="0" * 64)


def test_a_local_list_rule_carries_nothing_without_thirty_days_of_consultation(register):
    text = LegalText.objects.get(key="demo-measures")
    rule = Provision.objects.create(
        text=text,
        text_key="demo-measures",
        article="名单",
        version=1,
        position=99,
        title="名单",
        summary="虚构",
        effective_from=text.effective_from,
        citation="虚构",
        verified=True,
        transition=False,
        local_list_rule=True,
    )
    members = [(rule.pk, BasisRole.ENABLING)]
    with refused("no public consultation"), transaction.atomic():
        intern_basis_set(members=members, now=NOW)

    Consultation.objects.create(
        text_key="demo-measures",
        opened_on=date(2026, 1, 1),
        closed_on=date(2026, 1, 20),
        url="虚构",
        citation="虚构",
    )
    with refused("no public consultation"), transaction.atomic():
        intern_basis_set(members=members, now=NOW)

    Consultation.objects.create(
        text_key="demo-measures",
        opened_on=date(2026, 2, 1),
        closed_on=date(2026, 3, 3),
        url="虚构",
        citation="虚构",
    )
    assert intern_basis_set(members=members, now=NOW)


def test_a_text_tells_whether_it_is_in_force_on_the_day_asked(register):
    def status(key: str, day: date) -> str:
        return {text.key: text.status for text in queries.texts(PUBLIC, as_at=day)}[key]

    assert status("order-58-2023", date(2026, 3, 31)) == "in_force"
    assert status("order-58-2023", date(2026, 4, 1)) == "ended"
    assert status("order-36-2025", date(2026, 3, 31)) == "future"
    assert status("order-36-2025", date(2026, 4, 1)) == "in_force"


def test_the_public_reads_verified_articles_only(register):
    public = queries.text(PUBLIC, "order-36-2025", as_at=TODAY)
    officer = queries.text(Scope(region="990001"), "order-36-2025", as_at=TODAY)

    assert all(line.verified for line in public.provisions)
    assert {line.article for line in officer.provisions} - {line.article for line in public.provisions} == {
        "起算",
        "停产关闭",
    }


def test_a_number_we_could_not_confirm_says_so(register):
    notice = queries.text(PUBLIC, "ndrc-2019-527", as_at=TODAY)

    assert notice.document_no.endswith("（文号待核实）")


def test_every_reliable_article_belongs_to_a_verified_text(register):
    reliable = queries.reliable_provisions(PUBLIC)

    assert "order-36-2025#公示期" in reliable
    assert "order-36-2025#起算" not in reliable
    assert not any(reference.startswith("pipl#") for reference in reliable)
