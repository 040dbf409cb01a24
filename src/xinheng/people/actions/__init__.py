"""What may change about regions, departments, officers and programs. Every change leaves an audit event.

Doors check `people.permissions` first; `by` says who acts and is kept.
"""

from xinheng.people.actions.clients import (
    CLIENT_SCOPES,
    create_api_client,
    limit_api_client,
    revoke_api_client,
    rotate_api_client,
)
from xinheng.people.actions.consents import answer_consent_request, ask_consent, give_consent, withdraw_consent
from xinheng.people.actions.departments import (
    create_department,
    create_region,
    set_department_hold,
    update_department,
)
from xinheng.people.actions.first_setup import NewDepartment, NewOfficer, NewRegion, set_up_county
from xinheng.people.actions.messages import mail_copy, mark_read, send_message
from xinheng.people.actions.officers import (
    WrongPassword,
    change_own_password,
    create_officer,
    grant_role,
    revoke_role,
    set_officer_active,
    set_password,
    unlock_login,
)
from xinheng.people.actions.organisation_users import (
    BINDING_DAYS,
    accept_hand_over,
    bind_organisation,
    drop_hand_over,
    end_colleague,
    invite_colleague,
    issue_binding_code,
    leave_organisation,
    propose_hand_over,
    register_organisation_user,
    revoke_membership,
    set_organisation_password,
    withdraw_binding_code,
)
from xinheng.people.actions.recovering import RECOVERY_DAYS, WrongWord, issue_recovery_word, recover_login
from xinheng.people.actions.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    prove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from xinheng.people.actions.second_factor_key import rotate_second_factor_key, settle_second_factor_key
from xinheng.people.actions.sessions import end_sessions, open_session, see_session, sweep_sessions
from xinheng.people.actions.single_sign_on import (
    claimed_code,
    officer_signs_on,
    organisation_user_signs_on,
    release_sign_on,
)

__all__ = [
    "BINDING_DAYS",
    "CLIENT_SCOPES",
    "RECOVERY_DAYS",
    "NewDepartment",
    "NewOfficer",
    "NewRegion",
    "WrongPassword",
    "WrongWord",
    "accept_hand_over",
    "answer_consent_request",
    "ask_consent",
    "begin_second_factor",
    "bind_organisation",
    "change_own_password",
    "claimed_code",
    "confirm_second_factor",
    "create_api_client",
    "create_department",
    "create_officer",
    "create_region",
    "drop_hand_over",
    "end_colleague",
    "end_sessions",
    "give_consent",
    "grant_role",
    "invite_colleague",
    "issue_binding_code",
    "issue_recovery_word",
    "leave_organisation",
    "limit_api_client",
    "mail_copy",
    "mark_read",
    "officer_signs_on",
    "open_session",
    "organisation_user_signs_on",
    "propose_hand_over",
    "prove_second_factor",
    "recover_login",
    "register_organisation_user",
    "release_sign_on",
    "renew_recovery_codes",
    "reset_second_factor",
    "revoke_api_client",
    "revoke_membership",
    "revoke_role",
    "rotate_api_client",
    "rotate_second_factor_key",
    "see_session",
    "send_message",
    "set_department_hold",
    "set_officer_active",
    "set_organisation_password",
    "set_password",
    "set_up_county",
    "settle_second_factor_key",
    "sweep_sessions",
    "unlock_login",
    "update_department",
    "withdraw_binding_code",
    "withdraw_consent",
]
