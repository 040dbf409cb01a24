"""What may change the manifest and the holds on its files."""

from xinheng.ledger.actions.gathering import Gathered, optimise
from xinheng.ledger.actions.holding import held
from xinheng.ledger.actions.listing import list_batch, take_turn
from xinheng.ledger.actions.retiring import RETENTION, Freed, remove_retired

__all__ = ["RETENTION", "Freed", "Gathered", "held", "list_batch", "optimise", "remove_retired", "take_turn"]
