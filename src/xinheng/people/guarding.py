"""Questions that the public may not ask."""

from xinheng.base.errors import Refused
from xinheng.base.scope import Scope


def officers_only(scope: Scope) -> None:
    """Refuse a caller who is not known by name."""
    if scope.public:
        raise Refused("此项信息不对外公开。")
