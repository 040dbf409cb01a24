"""What may be done with lists of measures, and with what follows from an entry."""

from xinheng.measures.actions.annulling import annul_measure, put_right
from xinheng.measures.actions.governing import note_treatment
from xinheng.measures.actions.publishing import confirm_list, drop_proposal, propose_list, withdraw_list
from xinheng.measures.actions.serving import (
    agree_to_electronic_service,
    serve_notices,
    withdraw_electronic_service,
)
from xinheng.measures.actions.tasking import Done, accept_task, cannot_execute, chase_tasks, feed_back

__all__ = [
    "Done",
    "accept_task",
    "agree_to_electronic_service",
    "annul_measure",
    "cannot_execute",
    "chase_tasks",
    "confirm_list",
    "drop_proposal",
    "feed_back",
    "note_treatment",
    "propose_list",
    "put_right",
    "serve_notices",
    "withdraw_electronic_service",
    "withdraw_list",
]
