"""Everything that may change a case. Each action is one transaction with its audit event."""

from xinheng.proceedings.actions.attaching import Upload, add_attachment
from xinheng.proceedings.actions.breaching import open_breach
from xinheng.proceedings.actions.declaring import Statement, change_declaration, open_declaration
from xinheng.proceedings.actions.determining import look_for_fallen_grounds, open_determination, open_removal
from xinheng.proceedings.actions.handing import cover_leave, hand_over
from xinheng.proceedings.actions.importing import ImportedRow, import_results
from xinheng.proceedings.actions.incidents import open_incident
from xinheng.proceedings.actions.moving import confirm, move, propose, send_back
from xinheng.proceedings.actions.opening import Application, Opened, open_case
from xinheng.proceedings.actions.progress import Progress, forget_tries, read_progress

__all__ = [
    "Application",
    "ImportedRow",
    "Opened",
    "Progress",
    "Statement",
    "Upload",
    "add_attachment",
    "change_declaration",
    "confirm",
    "cover_leave",
    "forget_tries",
    "hand_over",
    "import_results",
    "look_for_fallen_grounds",
    "move",
    "open_breach",
    "open_case",
    "open_declaration",
    "open_determination",
    "open_incident",
    "open_removal",
    "propose",
    "read_progress",
    "send_back",
]
