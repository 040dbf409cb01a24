"""What may change about regions, departments, officers and programs. Every change leaves an audit event.

Doors check `people.permissions` first; `by` says who acts and is kept.
"""

from xinheng.people.actions.clients import CLIENT_SCOPES, create_api_client, revoke_api_client
from xinheng.people.actions.departments import (
    create_department,
    create_region,
    set_department_hold,
    update_department,
)
from xinheng.people.actions.first_setup import NewDepartment, NewOfficer, NewRegion, set_up_county
from xinheng.people.actions.officers import (
    create_officer,
    grant_role,
    revoke_role,
    set_officer_active,
    set_password,
)

__all__ = [
    "CLIENT_SCOPES",
    "NewDepartment",
    "NewOfficer",
    "NewRegion",
    "create_api_client",
    "create_department",
    "create_officer",
    "create_region",
    "grant_role",
    "revoke_api_client",
    "revoke_role",
    "set_department_hold",
    "set_officer_active",
    "set_password",
    "set_up_county",
    "update_department",
]
