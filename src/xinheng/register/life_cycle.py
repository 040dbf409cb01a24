"""The state of an organisation, read from whatever words a registry uses."""

from xinheng.register.models import LifeCycle

_WORDS = (
    ("未注销", LifeCycle.REVOKED),
    ("注销", LifeCycle.CANCELLED),
    ("吊销", LifeCycle.REVOKED),
    ("撤销", LifeCycle.REVOKED),
    ("破产", LifeCycle.BANKRUPT),
    ("失联", LifeCycle.LOST),
    ("迁出", LifeCycle.MOVED),
    ("存续", LifeCycle.OPERATING),
    ("在业", LifeCycle.OPERATING),
    ("在营", LifeCycle.OPERATING),
    ("开业", LifeCycle.OPERATING),
    ("在册", LifeCycle.OPERATING),
    ("正常", LifeCycle.OPERATING),
)
"""In this order: 吊销，未注销 is revoked, 吊销，已注销 is cancelled."""


def life_cycle(words: str | None) -> LifeCycle:
    """The state a registry's words name; UNKNOWN when they are empty or unheard of."""
    for word, state in _WORDS:
        if words and word in words:
            return state
    return LifeCycle.UNKNOWN
