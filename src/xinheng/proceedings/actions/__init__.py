"""Everything that may change a case. Each action is one transaction with its audit event."""

from xinheng.proceedings.actions.attaching import Upload, add_attachment
from xinheng.proceedings.actions.handing import cover_leave, hand_over
from xinheng.proceedings.actions.moving import confirm, move, propose, send_back
from xinheng.proceedings.actions.opening import Application, Opened, open_case

__all__ = [
    "Application",
    "Opened",
    "Upload",
    "add_attachment",
    "confirm",
    "cover_leave",
    "hand_over",
    "move",
    "open_case",
    "propose",
    "send_back",
]
