"""What may be written to the log, and how it is closed: record, seal, check-point."""

from xinheng.audit.actions.checkpoints import (
    write_checkpoint,
    write_head,
)
from xinheng.audit.actions.recording import Happening, record, record_many
from xinheng.audit.actions.sealing import Sealed, run_sealer, seal

__all__ = [
    "Happening",
    "Sealed",
    "record",
    "record_many",
    "run_sealer",
    "seal",
    "write_checkpoint",
    "write_head",
]
