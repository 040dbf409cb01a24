"""Back-ups of database and ledger together: a folder that any number of back-ups share, each of them complete."""

from xinheng.ledger.backups.manifest import Backup, CopiedFile, backups_in, verify_backup
from xinheng.ledger.backups.restoring import Restored, restore_files
from xinheng.ledger.backups.taking import Taken, take_backup

__all__ = [
    "Backup",
    "CopiedFile",
    "Restored",
    "Taken",
    "backups_in",
    "restore_files",
    "take_backup",
    "verify_backup",
]
