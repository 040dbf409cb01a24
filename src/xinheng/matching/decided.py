"""What officers decided about names as a department types them."""

from collections.abc import Collection

from xinheng.matching.models import NameDecision

Key = tuple[str, str]
"""A typed name as one department sends it: the form intake compares, and the code beside it."""


def decisions(department_id: int, typed: Collection[Key]) -> dict[Key, NameDecision]:
    """The decisions that still count on these names from this department."""
    found = NameDecision.objects.filter(
        department_id=department_id, undone_at=None, name_key__in={name for name, _ in typed}
    ).select_related("organisation")
    return {(one.name_key, one.code): one for one in found}
