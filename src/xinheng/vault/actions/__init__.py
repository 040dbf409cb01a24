"""What may change in the vault: keys made, rows sealed, opened with a purpose, erased with their keys."""

from xinheng.vault.actions.erasing import Erasure, destroy_files, destroy_key, erase_person
from xinheng.vault.actions.keys import new_key, rotate_master, settle_master
from xinheng.vault.actions.own_view import OwnRecord, OwnView, own_view, person_of
from xinheng.vault.actions.persons import (
    ACCEPTED,
    AMENDED,
    ERASED,
    NO_SUCH_KEY,
    UNCHANGED,
    WITHDRAWN,
    PersonRow,
    note_mentions,
    seal_person_rows,
)
from xinheng.vault.actions.reading import OpenedRecord, open_record
from xinheng.vault.actions.retention import RetentionEnd, end_retention

__all__ = [
    "ACCEPTED",
    "AMENDED",
    "ERASED",
    "NO_SUCH_KEY",
    "UNCHANGED",
    "WITHDRAWN",
    "Erasure",
    "OpenedRecord",
    "OwnRecord",
    "OwnView",
    "PersonRow",
    "RetentionEnd",
    "destroy_files",
    "destroy_key",
    "end_retention",
    "erase_person",
    "new_key",
    "note_mentions",
    "open_record",
    "own_view",
    "person_of",
    "rotate_master",
    "seal_person_rows",
    "settle_master",
]
