"""What may change what is known of names: comparing a batch, remembering and undoing what officers decided."""

from xinheng.matching.actions.asking import log_asked
from xinheng.matching.actions.batches import Matched, match_batch, waiting_batches
from xinheng.matching.actions.deciding import forget, remember

__all__ = ["Matched", "forget", "log_asked", "match_batch", "remember", "waiting_batches"]
