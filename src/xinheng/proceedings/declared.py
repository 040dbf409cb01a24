"""What the steps of a verification do to the declaration itself."""

from collections.abc import Callable

from xinheng.base.errors import Refused
from xinheng.declarations.actions import end, verify
from xinheng.declarations.models import DeclarationEnd
from xinheng.proceedings.taken import Taken


def publish_declaration(taken: Taken) -> None:
    """Verified: it becomes a record and counts until the end of its validity."""
    if taken.user is None:
        raise Refused("核验由部门的人员办理。")
    verify(
        region_id=taken.case.region_id, case_number=taken.case.number, how=taken.stated["verified_how"],
        by=taken.user, now=taken.now,
    )  # fmt: skip


def ending(reason: DeclarationEnd) -> Callable[[Taken], None]:
    """The consequence that ends the declaration for that reason."""

    def ends(taken: Taken) -> None:
        end(
            region_id=taken.case.region_id,
            case_number=taken.case.number,
            reason=reason,
            why=f"{taken.case.number} {reason.label}",
            by=taken.by,
            user=taken.user,
            now=taken.now,
        )

    return ends
