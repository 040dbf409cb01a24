"""Who acts in a case and in which part: an officer by her permissions, an organisation's user, or the clock."""

from dataclasses import dataclass

from xinheng.audit.actor import Actor
from xinheng.people.identity import scope_of
from xinheng.people.models import OrganisationUser, User
from xinheng.people.permissions import Act, may
from xinheng.proceedings.models import Case
from xinheng.proceedings.procedures import Party

ONLY_THE_SOURCE = frozenset({"determination", "removal"})
"""What a law gives to the department itself: the credit office neither proposes nor decides it."""
DECIDED_BY_THE_SOURCE = frozenset({"repair", "breach"}) | ONLY_THE_SOURCE
CLOSED_CIRCLE = frozenset({"incident"})
"""Procedures about what officers did: only those who act in them see them."""
CLOCK = Actor.system("期限管理")


@dataclass(frozen=True)
class Acting:
    """One who acts, with the parts she may play in the case at hand."""

    actor: Actor
    parties: frozenset[Party]
    user: User | None = None
    organisation_user: OrganisationUser | None = None

    def party(self, allowed: tuple[Party, ...]) -> Party | None:
        """In which of the allowed parts she acts; None when in none."""
        return next((party for party in allowed if party in self.parties), None)


def clock() -> Acting:
    """The daily job."""
    return Acting(CLOCK, frozenset({"clock"}))


def officer_in(user: User, case: Case) -> Acting:
    """The parts an officer may play in this case; none outside her region or department."""
    if case.procedure in CLOSED_CIRCLE:
        return Acting(Actor.of(user), _parts_in_circle(user, case), user)
    return Acting(Actor.of(user), parts_of(user, case.procedure, case.region_id, case.department_id), user)


def may_see(user: User, case: Case) -> bool:
    """Whether an officer of the region may open the case at all; a closed circle is shut to everybody else."""
    if case.procedure not in CLOSED_CIRCLE:
        return may(user, Act.READ_CASES)
    if case.concerned_id == user.pk:
        return bool(_parts_in_circle(user, case))
    return user.region_id == case.region_id and (may(user, Act.READ_INCIDENTS) or bool(_parts_in_circle(user, case)))


def _parts_in_circle(user: User, case: Case) -> frozenset[Party]:
    """The one concerned may explain, once she was asked, and do nothing else, whatever her roles."""
    if user.region_id != case.region_id:
        return frozenset()
    asked = case.pk is not None and case.events.filter(event="ask").exists()
    if case.concerned_id == user.pk:
        return frozenset({"concerned"}) if asked else frozenset()
    parts = set[Party]()
    if may(user, Act.HANDLE_INCIDENTS):
        parts.add("auditor")
    if may(user, Act.DECIDE_INCIDENTS):
        parts.add("decider")
    if case.concerned_id is None and asked and may(user, Act.ANSWER_CASE) and user.department_id == case.department_id:
        parts.add("source")
    return frozenset(parts)


def parts_of(user: User, procedure: str, region_id: int, department_id: int) -> frozenset[Party]:
    """What an officer may be in a case of that region and source department.

    A department decides nothing about an objection to its own statement; a repair it may decide (谁认定、谁修复).
    """
    if user.region_id != region_id:
        return frozenset()
    parts = set[Party]()
    region_wide = not scope_of(user).departments
    own = user.department_id == department_id
    if may(user, Act.ANSWER_CASE) and own:
        parts.add("source")
    if procedure in ONLY_THE_SOURCE:
        return frozenset(parts | ({"decider"} if own and may(user, Act.DECIDE_CASE) else set()))
    if may(user, Act.HANDLE_CASE) and region_wide:
        parts.add("office")
    if may(user, Act.DECIDE_CASE) and (region_wide or (own and procedure in DECIDED_BY_THE_SOURCE)):
        parts.add("decider")
    return frozenset(parts)


def parties_of(user: User) -> frozenset[Party]:
    """What an officer is in the cases she sees, taken together; for lists."""
    parts = set[Party]()
    if may(user, Act.ANSWER_CASE):
        parts.add("source")
    if may(user, Act.HANDLE_CASE) and not scope_of(user).departments:
        parts.add("office")
    if may(user, Act.DECIDE_CASE):
        parts.add("decider")
    return frozenset(parts)


def organisation_user_in(user: OrganisationUser, case: Case) -> Acting:
    """An organisation's user is the applicant in her organisation's cases, while she is bound to it."""
    bound = (
        user.is_active
        and user.memberships.filter(credit_code=case.credit_code, region_id=case.region_id, revoked_at=None).exists()
    )
    parties = frozenset[Party]({"applicant"}) if bound and case.credit_code else frozenset[Party]()
    return Acting(Actor.organisation_user(user.pk, user.display_name), parties, organisation_user=user)


def acting_in(by: User | OrganisationUser | None, case: Case) -> Acting:
    """Whoever acts, in this case; nobody means the clock."""
    match by:
        case User():
            return officer_in(by, case)
        case OrganisationUser():
            return organisation_user_in(by, case)
        case None:
            return clock()
