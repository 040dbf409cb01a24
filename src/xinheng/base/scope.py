"""Who is asking: every query takes a scope first, so that no list is ever answered without one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What a caller may see.

    `public` callers see only what is in force now. Officers see their region (`region` is a division
    code); `departments` narrows a collector to the departments she works for, empty means the whole region.
    """

    region: str | None = None
    public: bool = False
    departments: frozenset[int] = frozenset()


PUBLIC = Scope(public=True)
