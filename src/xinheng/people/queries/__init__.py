"""What may be asked about regions, departments, officers, programs, organisation users and messages."""

from xinheng.people.client_keys import Verdict
from xinheng.people.identity import ClientSummary, authenticate_client, scope_of
from xinheng.people.queries.consents import (
    ConsentLine,
    RequestLine,
    consent_request,
    consent_requests,
    consents,
    covering_consents,
)
from xinheng.people.queries.messages import MessageLine, messages_of_officer, messages_of_organisation, unread
from xinheng.people.queries.misuse import MisuseLead, misuse_leads
from xinheng.people.queries.offices import (
    DepartmentSummary,
    OfficerSummary,
    RegionSummary,
    audit_events,
    clients,
    department,
    department_by_code,
    departments,
    is_set_up,
    officers,
    region,
    regions,
)
from xinheng.people.queries.organisations import (
    BindingLine,
    HandOverLine,
    MemberLine,
    binding_codes,
    hand_over,
    member,
    members,
)
from xinheng.people.queries.readings import ReadingLine, ReadingPage, readings
from xinheng.people.queries.sessions import SessionLine, sessions

__all__ = [
    "BindingLine",
    "ClientSummary",
    "ConsentLine",
    "DepartmentSummary",
    "HandOverLine",
    "MemberLine",
    "MessageLine",
    "MisuseLead",
    "OfficerSummary",
    "ReadingLine",
    "ReadingPage",
    "RegionSummary",
    "RequestLine",
    "SessionLine",
    "Verdict",
    "audit_events",
    "authenticate_client",
    "binding_codes",
    "clients",
    "consent_request",
    "consent_requests",
    "consents",
    "covering_consents",
    "department",
    "department_by_code",
    "departments",
    "hand_over",
    "is_set_up",
    "member",
    "members",
    "messages_of_officer",
    "messages_of_organisation",
    "misuse_leads",
    "officers",
    "readings",
    "region",
    "regions",
    "scope_of",
    "sessions",
    "unread",
]
