"""Who may act for an organisation: binding codes, hand-over, ending."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.world import NOW, PASSWORD, World

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.identifiers import credit_code
from xinheng.people import actions as people
from xinheng.people.models import BindingCode, Message, OrganisationMembership, OrganisationUser
from xinheng.people.queries import binding_codes, hand_over, members

SHOP = credit_code.make("91", "990001", "MA000001")
MILL = credit_code.make("91", "990001", "MA000002")
NOT_USABLE = "统一社会信用代码或绑定码不对，或者绑定码已经用过、过期"


def counter(world: World) -> Actor:
    return Actor.of(world.officer("lin.xinyu"))


def word_for(world: World, code: str = SHOP, *, for_holder: bool = True) -> str:
    made = people.issue_binding_code(
        credit_code=code, region=world.region, for_holder=for_holder, by=counter(world), now=NOW
    )
    return made[1]


def join(world: World, username: str, word: str, code: str = SHOP, *, days: int = 0) -> OrganisationMembership:
    return people.register_organisation_user(
        username=username, display_name=f"经办{username[-1]}", password=PASSWORD, email=f"{username}@example.com",
        credit_code=code, word=word, now=NOW + timedelta(days=days),
    )  # fmt: skip


def colleagues(world: World) -> tuple[OrganisationMembership, OrganisationMembership]:
    """The holder of the shop and a colleague she invited."""
    holder = join(world, "shop.a", word_for(world))
    return holder, join(world, "shop.b", people.invite_colleague(holder=holder, now=NOW)[1])


def test_a_code_from_the_counter_makes_a_holder(world):
    made = join(world, "shop.a", word_for(world))
    assert made.is_holder
    assert made.verified_by == world.officer("lin.xinyu")
    assert {one.act for one in AuditEvent.objects.filter(object_id=SHOP)} >= {"binding.issue", "membership.bind"}
    assert [one.username for one in members(world.scope, credit_code=SHOP)] == ["shop.a"]


def test_the_word_is_kept_as_a_hash_only(world):
    word = word_for(world)
    kept = BindingCode.objects.get().code_hash
    assert word.replace("-", "") not in kept
    assert word not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_small_letters_and_blanks_do_not_matter(world):
    assert join(world, "shop.a", f" {word_for(world).lower().replace('-', ' ')} ").pk


def test_a_code_works_once(world):
    word = word_for(world)
    join(world, "shop.a", word)
    with pytest.raises(Refused, match=NOT_USABLE):
        join(world, "shop.b", word)
    assert not OrganisationUser.objects.filter(username="shop.b").exists()


def test_a_code_of_one_organisation_is_worthless_for_another(world):
    with pytest.raises(Refused, match=NOT_USABLE):
        join(world, "shop.a", word_for(world, SHOP), MILL)


def test_unknown_used_expired_and_withdrawn_codes_get_the_same_answer(world):
    answers = set()
    used, withdrawn, expired = word_for(world), word_for(world), word_for(world)
    join(world, "shop.a", used)
    people.withdraw_binding_code(code=BindingCode.objects.order_by("pk")[1], by=counter(world), now=NOW)
    for name, word, days in (("b", used, 0), ("c", withdrawn, 0), ("d", expired, 9), ("e", "2222-3333-4444-5555", 0)):
        with pytest.raises(Refused) as refused:
            join(world, f"shop.{name}", word, days=days)
        answers.add((refused.value.message, refused.value.advice))
    assert len(answers) == 1


def test_a_code_lasts_five_working_days(world):
    # 2026-11-21 is a Saturday.
    word_for(world)
    assert BindingCode.objects.get().last_day.isoformat() == "2026-11-27"
    assert join(world, "shop.a", word_for(world), days=6).pk


def test_only_officers_hand_out_codes_at_the_counter(world):
    holder = join(world, "shop.a", word_for(world))
    with pytest.raises(Refused, match="窗口工作人员"):
        people.issue_binding_code(
            credit_code=SHOP, region=world.region, for_holder=True, by=Actor.organisation_user(holder.user_id, "甲"),
            now=NOW,
        )  # fmt: skip


def test_a_wrong_credit_code_gets_no_binding_code(world):
    with pytest.raises(Refused, match="统一社会信用代码不正确"):
        word_for(world, "91990001MA0000010X")


def test_only_the_holder_invites(world):
    _, colleague = colleagues(world)
    assert not colleague.is_holder
    with pytest.raises(Refused, match="只有单位负责人"):
        people.invite_colleague(holder=colleague, now=NOW)


def test_a_new_holder_from_the_counter_replaces_the_former_who_stays_a_user(world):
    former, _ = colleagues(world)
    join(world, "shop.c", word_for(world))
    former.refresh_from_db()
    assert not former.is_holder
    assert former.revoked_at is None


def test_one_user_acts_for_several_organisations(world):
    user = join(world, "shop.a", word_for(world)).user
    people.bind_organisation(user=user, credit_code=MILL, word=word_for(world, MILL), now=NOW)
    assert {one.credit_code for one in user.memberships.all()} == {SHOP, MILL}


def test_binding_twice_uses_up_nothing(world):
    _, colleague = colleagues(world)
    word = word_for(world, for_holder=False)
    with pytest.raises(Conflict, match="已经是"):
        people.bind_organisation(user=colleague.user, credit_code=SHOP, word=word, now=NOW)
    assert join(world, "shop.c", word).pk


def test_a_hand_over_needs_both_and_ends_the_former_holder(world):
    holder, colleague = colleagues(world)
    people.propose_hand_over(holder=holder, successor_id=colleague.pk, now=NOW)
    holder.refresh_from_db()
    assert holder.is_holder, "nothing changes before the successor confirms"
    people.accept_hand_over(successor=colleague, now=NOW)
    holder.refresh_from_db()
    colleague.refresh_from_db()
    assert (holder.is_holder, holder.handed_to, colleague.is_holder) == (False, colleague, True)
    assert holder.revoked_at == NOW
    assert hand_over(world.scope, credit_code=SHOP) is None


def test_only_the_one_named_may_accept(world):
    holder, colleague = colleagues(world)
    third = join(world, "shop.c", people.invite_colleague(holder=holder, now=NOW)[1])
    people.propose_hand_over(holder=holder, successor_id=colleague.pk, now=NOW)
    with pytest.raises(Conflict):
        people.accept_hand_over(successor=third, now=NOW)


def test_nobody_of_another_organisation_can_be_named(world):
    holder, _ = colleagues(world)
    stranger = join(world, "mill.a", word_for(world, MILL), MILL)
    with pytest.raises(NotFound):
        people.propose_hand_over(holder=holder, successor_id=stranger.pk, now=NOW)
    with pytest.raises(NotFound):
        people.end_colleague(holder=holder, membership_id=stranger.pk, now=NOW)


def test_a_dropped_hand_over_cannot_be_accepted(world):
    holder, colleague = colleagues(world)
    people.propose_hand_over(holder=holder, successor_id=colleague.pk, now=NOW)
    people.drop_hand_over(membership=colleague, now=NOW)
    with pytest.raises(Conflict):
        people.accept_hand_over(successor=colleague, now=NOW)


def test_ending_a_colleague_ends_her_invitations_and_hand_over_too(world):
    holder, colleague = colleagues(world)
    people.propose_hand_over(holder=holder, successor_id=colleague.pk, now=NOW)
    people.end_colleague(holder=holder, membership_id=colleague.pk, now=NOW)
    assert hand_over(world.scope, credit_code=SHOP) is None
    with pytest.raises(Conflict):
        people.accept_hand_over(successor=colleague, now=NOW)


def test_the_holder_cannot_simply_leave(world):
    holder, colleague = colleagues(world)
    with pytest.raises(Refused, match="须先移交"):
        people.leave_organisation(membership=holder, now=NOW)
    people.leave_organisation(membership=colleague, now=NOW)
    assert [one.id for one in members(world.scope, credit_code=SHOP)] == [holder.pk]


def test_the_organisation_is_told_of_every_new_user(world):
    colleagues(world)
    assert Message.objects.filter(credit_code=SHOP, title="有新的使用人").count() == 2


def test_the_database_allows_one_holder_only(world):
    _, colleague = colleagues(world)
    with pytest.raises(IntegrityError, match="membership_one_holder"), transaction.atomic():
        OrganisationMembership.objects.filter(pk=colleague.pk).update(is_holder=True)


def test_codes_are_listed_without_the_word(world):
    word = word_for(world)
    (line,) = binding_codes(world.scope)
    assert word not in str(line)
    assert line.state(NOW.date()) == "可使用"
