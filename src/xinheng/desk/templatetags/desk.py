"""The desk's menu: only what the officer's roles open."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest

from xinheng.people.models import User
from xinheng.people.permissions import Act, may, opens_department_box
from xinheng.people.queries import scope_of, unread

register = template.Library()


@dataclass(frozen=True)
class Entry:
    """One entry; `names` are the views it stands for."""

    label: str
    view: str
    acts: tuple[Act, ...]
    names: frozenset[str]


MENU = (
    Entry("待办", "desk:start", (), frozenset({"start"})),
    Entry(
        "报送", "desk:upload", (Act.SUBMIT,), frozenset({"upload", "entry", "find", "correct", "withdraw", "columns"})
    ),
    Entry(
        "批次",
        "desk:batches",
        (Act.READ_RECEIPTS,),
        frozenset({"batches", "batch", "receipt", "deliveries", "delivery"}),
    ),
    Entry(
        "案件",
        "desk:cases",
        (Act.READ_CASES,),
        frozenset({"cases", "case", "new_case", "new_open_case", "case_step", "case_contact"}),
    ),
    Entry("审核", "desk:reviews", (Act.READ_REVIEWS,), frozenset({"reviews", "review"})),
    Entry("撤下", "desk:takedowns", (Act.PROPOSE_TAKEDOWN, Act.CONFIRM_TAKEDOWN), frozenset({"takedowns"})),
    Entry(
        "撤回",
        "desk:retractions",
        (Act.READ_RETRACTIONS,),
        frozenset({"retractions", "retraction", "handovers"}),
    ),
    Entry(
        "信用核查",
        "desk:checks",
        (Act.CHECK,),
        frozenset({"checks", "check_feedback", "check_files", "check_file"}),
    ),
    Entry("核查情况", "desk:check_usage", (Act.READ_CHECKS,), frozenset({"check_usage"})),
    Entry("报告", "desk:reports", (Act.ISSUE_REPORTS,), frozenset({"reports"})),
    Entry("查档", "desk:archives", (Act.READ_RECORDS,), frozenset({"archives", "archive", "record", "purpose"})),
    Entry(
        "特定信息授权",
        "desk:authorisations",
        (Act.READ_AUTHORISATIONS,),
        frozenset({"authorisations", "authorisation", "new_authorisation"}),
    ),
    Entry("本人查询", "desk:persons", (Act.OWN_VIEW,), frozenset({"persons", "person_extract"})),
    Entry("质量", "desk:quality", (Act.READ_QUALITY,), frozenset({"quality"})),
    Entry("代码", "desk:identifiers", (Act.READ_IDENTIFIERS,), frozenset({"identifiers", "identifier"})),
    Entry("交换", "desk:exchange", (Act.EXCHANGE,), frozenset({"exchange", "exchange_returns"})),
    Entry("单位用户", "desk:organisation_users", (Act.BIND_ORGANISATIONS,), frozenset({"organisation_users"})),
    Entry(
        "信用承诺",
        "desk:commitments",
        (Act.READ_COMMITMENTS,),
        frozenset({"commitments", "commitment", "take_commitment", "follow_up", "association"}),
    ),
    Entry("培训", "desk:training", (Act.MANAGE_TRAINING,), frozenset({"training", "training_session"})),
    Entry(
        "措施任务",
        "desk:measure_tasks",
        (Act.CARRY_OUT,),
        frozenset({"measure_tasks", "measure_task", "measure_figures", "measure_why"}),
    ),
    Entry("告知送达", "desk:measure_notices", (Act.SERVE_NOTICES,), frozenset({"measure_notices", "measure_notice"})),
    Entry("名单治理", "desk:listed", (Act.GOVERN_LISTED,), frozenset({"listed"})),
    Entry("措施清单", "desk:measure_lists", (Act.PUBLISH_MEASURES,), frozenset({"measure_lists"})),
    Entry("部门", "desk:departments", (Act.MANAGE_DEPARTMENTS, Act.SET_HOLD), frozenset({"departments", "department"})),
    Entry("人员", "desk:officers", (Act.MANAGE_OFFICERS,), frozenset({"officers", "officer"})),
    Entry("接口", "desk:clients", (Act.MANAGE_CLIENTS,), frozenset({"clients", "client"})),
    Entry("日志", "desk:audit", (Act.READ_AUDIT,), frozenset({"audit", "misuse", "new_incident"})),
    Entry("核查", "desk:incidents", (Act.HANDLE_INCIDENTS,), frozenset({"incidents"})),
)


GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("信息", ("desk:upload", "desk:batches", "desk:reviews", "desk:quality", "desk:identifiers", "desk:exchange")),
    ("公示", ("desk:takedowns", "desk:retractions")),
    ("名单", ("desk:measure_tasks", "desk:measure_notices", "desk:listed", "desk:measure_lists")),
    (
        "窗口",
        (
            "desk:checks",
            "desk:check_usage",
            "desk:archives",
            "desk:authorisations",
            "desk:reports",
            "desk:persons",
            "desk:organisation_users",
            "desk:commitments",
            "desk:training",
        ),
    ),
    ("管理", ("desk:departments", "desk:officers", "desk:clients", "desk:audit", "desk:incidents")),
)
"""Entries shown under one word once an officer has more than `MOST_FLAT`; the others stand by themselves."""
MOST_FLAT = 7


@dataclass(frozen=True)
class Shown:
    """One place of the menu: an entry, or the entries behind one word."""

    label: str
    entries: tuple[tuple[Entry, bool], ...]

    @property
    def here(self) -> bool:
        """Whether the page shown is behind it."""
        return any(here for _, here in self.entries)


@register.simple_tag
def unread_messages(user: User) -> int:
    """How many messages to the officer and her department nobody has opened."""
    department = user.department_id if opens_department_box(user) else None
    return unread(scope_of(user), user_id=user.pk, department_id=department)


@register.inclusion_tag("desk/parts/menu.html")
def desk_menu(request: HttpRequest) -> dict[str, object]:
    """The entries open to whoever asks, and which one is the page shown."""
    user = request.user
    if not isinstance(user, User):
        return {"shown": ()}
    here = request.resolver_match.url_name if request.resolver_match else ""
    entries = [(one, here in one.names) for one in MENU if not one.acts or any(may(user, act) for act in one.acts)]
    return {"shown": _grouped(entries) if len(entries) > MOST_FLAT else [Shown("", (one,)) for one in entries]}


def _grouped(entries: list[tuple[Entry, bool]]) -> list[Shown]:
    """Each group stands where the first of its entries would."""
    group_of = {view: label for label, views in GROUPS for view in views}
    members: dict[str, list[tuple[Entry, bool]]] = {}
    for entry, here in entries:
        members.setdefault(group_of.get(entry.view, entry.view), []).append((entry, here))
    return [Shown(label if len(found) > 1 else "", tuple(found)) for label, found in members.items()]
