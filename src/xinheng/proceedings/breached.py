"""What the determination of a breach does to the commitment's record, and the condition that there still is one."""

from xinheng.base.errors import Refused
from xinheng.commitments.actions import Finding, find_breach
from xinheng.commitments.actions.determining import BROKEN, PARTLY
from xinheng.commitments.rules import COMMITMENT
from xinheng.proceedings.facts import newest
from xinheng.proceedings.taken import Taken

STATUSES = {"partly": PARTLY, "broken": BROKEN}


def record_breach(taken: Taken) -> None:
    """The finding of two persons becomes a record; what follows from it is what the letter's law says."""
    if taken.user is None or taken.case.record_no is None:
        raise Refused("违诺由部门的人员认定。")
    stated = taken.stated
    find_breach(
        record_no=taken.case.record_no,
        finding=Finding(STATUSES[stated["status"]], stated["unperformed"], stated["liability"]),
        case_number=taken.case.number,
        by=taken.user,
        now=taken.now,
    )


def commitment_stands(record_no: int | None) -> str:
    """Why a breach cannot be examined or found now; empty when it can."""
    if record_no is None:
        return "请从承诺的页面进入，以便知道是哪一份。"
    version = newest(record_no)
    if version.type != COMMITMENT:
        return "这条信息不是信用承诺。"
    return "这份承诺已经终止。" if version.withdrawn else ""
