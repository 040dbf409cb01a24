"""Who works here and who is served: regions, departments, officers, programs, organisation users, messages."""

from xinheng.people.models.messages import Message
from xinheng.people.models.offices import ApiClient, Department, Region, Role, RoleGrant, User, UserManager
from xinheng.people.models.organisations import (
    BindingCode,
    Consent,
    ConsentRequest,
    HandOver,
    OrganisationMembership,
    OrganisationUser,
    VerifiedHow,
)
from xinheng.people.models.signing_in import OfficerSession, RecoveryCode, RecoveryWord, SecondFactor, SignOnSubject

__all__ = [
    "ApiClient",
    "BindingCode",
    "Consent",
    "ConsentRequest",
    "Department",
    "HandOver",
    "Message",
    "OfficerSession",
    "OrganisationMembership",
    "OrganisationUser",
    "RecoveryCode",
    "RecoveryWord",
    "Region",
    "Role",
    "RoleGrant",
    "SecondFactor",
    "SignOnSubject",
    "User",
    "UserManager",
    "VerifiedHow",
]
