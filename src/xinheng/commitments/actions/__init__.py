"""Everything that may happen to a commitment."""

from collections.abc import Sequence

from xinheng.commitments.actions.determining import Finding, find_breach, find_kept
from xinheng.commitments.actions.ending import end_commitment
from xinheng.commitments.actions.following import Swept, close_needless, hand_to_breach, open_follow_ups
from xinheng.commitments.actions.members import add_members, end_member
from xinheng.commitments.actions.signing import Counter, Promise, prepare, sign_at_counter, sign_online

__all__: Sequence[str] = [
    "Counter",
    "Finding",
    "Promise",
    "Swept",
    "add_members",
    "close_needless",
    "end_commitment",
    "end_member",
    "find_breach",
    "find_kept",
    "hand_to_breach",
    "open_follow_ups",
    "prepare",
    "sign_at_counter",
    "sign_online",
]
