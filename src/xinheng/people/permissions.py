"""Who may do what: one table, printed in `docs/reference/roles.md`.

Doors ask `may` or `require` before they call an action. How far a permission reaches (own department or the
whole region) follows from `people.queries.scope_of`.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from xinheng.base.errors import Refused
from xinheng.people.models import Role

if TYPE_CHECKING:
    from xinheng.people.models import User


class Act(TextChoices):
    """What a role may allow; the text is what the table and refusals say."""

    SUBMIT = "intake.submit", "报送数据（上传文件、录入、更正、撤回）"
    READ_RECEIPTS = "receipt.read", "查看批次和回执"
    READ_QUALITY = "quality.read", "查看报送质量"
    READ_RECORDS = "record.read", "查看未公示的记录和历史（须说明用途）"
    EXPORT_LISTS = "list.export", "导出列表"
    READ_REVIEWS = "review.read", "查看待审事项"
    DECIDE_REVIEW = "review.decide", "处理待审事项（主体关联、违法程度、再次报送）"
    RELEASE_BATCH = "batch.release", "审核后公示"
    PROPOSE_TAKEDOWN = "takedown.propose", "提出紧急撤下"
    CONFIRM_TAKEDOWN = "takedown.confirm", "确认紧急撤下（须为另一人）"
    LIFT_TAKEDOWN = "takedown.lift", "恢复公示（须为另一人）"
    READ_CASES = "case.read", "查看案件"
    HANDLE_CASE = "case.handle", "登记、受理、转办、执行案件"
    ANSWER_CASE = "case.answer", "答复转来本部门的案件"
    DECIDE_CASE = "case.decide", "对案件提出处理意见、作出决定（不利决定须为两人）"
    READ_INCIDENTS = "incident.read", "查看滥用查阅的核查（当事人除外）"
    HANDLE_INCIDENTS = "incident.handle", "把异常查阅登记为核查、请当事人说明、提出认定"
    DECIDE_INCIDENTS = "incident.decide", "确认核查的认定（须为另一人，当事人除外）"
    EXCHANGE = "exchange.run", "与上级平台交换文件"
    READ_RETRACTIONS = "retraction.read", "查看向谁提供过信息、撤回是否确认"
    CONFIRM_RETRACTIONS = "retraction.confirm", "登记书面确认、发现仍在使用的情况，向其他单位提供清单"
    CHECK = "check.make", "在窗口核查单位信用（须说明事项和用途）"
    READ_CHECKS = "check.usage", "查看各部门核查情况"
    READ_AUTHORISATIONS = "authorisation.read", "查看特定信用信息授权"
    REGISTER_AUTHORISATIONS = "authorisation.register", "登记单位的书面授权和撤回，确认停用"
    READ_IDENTIFIERS = "identifier.read", "查看代码问题和重错码率"
    GOVERN_IDENTIFIERS = "identifier.govern", "核对全部代码，把代码问题交给经办人"
    CLOSE_IDENTIFIERS = "identifier.close", "办结本部门的代码问题（写明原因）"
    ISSUE_REPORTS = "report.issue", "出具公共信用报告"
    READ_COMMITMENTS = "commitment.read", "查看信用承诺和履行情况"
    HANDLE_COMMITMENTS = "commitment.handle", "在窗口受理信用承诺，检查和登记履行情况"
    MANAGE_MEMBERS = "association.manage", "登记行业协会的会员单位，查看承诺覆盖情况"
    MANAGE_TRAINING = "training.manage", "组织信用培训，登记参加情况"
    PUBLISH_MEASURES = "measure.publish", "公布、撤下措施清单（公布须为两人）"
    READ_MEASURES = "measure.read", "查看名单引起的措施、告知书、任务和统计"
    SERVE_NOTICES = "notice.serve", "登记监管和惩戒措施告知书的送达"
    ANNUL_MEASURES = "measure.annul", "认定一项措施自始不当，终止并要求纠正"
    CARRY_OUT = "measure.carry_out", "签收、执行、反馈本部门的措施任务"
    GOVERN_LISTED = "listed.govern", "登记名单内单位的核实情况和治理办法"
    OPEN_SEALED = "vault.open", "查看加密保存的自然人信息（须说明用途）"
    OWN_VIEW = "vault.own_view", "在窗口为本人查询加密保存的本人信息，打印查询单"
    DESTROY_KEY = "vault.destroy", "销毁密钥，使所加密的内容不可恢复"
    MANAGE_DEPARTMENTS = "department.manage", "管理部门信息"
    SET_HOLD = "department.hold", "设定部门数据公示前是否审核"
    MANAGE_OFFICERS = "officer.manage", "管理人员、角色和密码"
    BIND_ORGANISATIONS = "organisation_user.manage", "为单位发放绑定码、停用单位用户"
    MANAGE_CLIENTS = "client.manage", "管理接口程序"
    MANAGE_SETTINGS = "settings.manage", "管理系统设置"
    READ_AUDIT = "audit.read", "查看操作日志"


_COLLECT = frozenset({Act.SUBMIT, Act.READ_RECEIPTS, Act.READ_QUALITY, Act.CHECK})
_LOOK = frozenset({Act.READ_RECEIPTS, Act.READ_QUALITY, Act.READ_REVIEWS, Act.READ_RECORDS, Act.READ_CASES})
_ANSWER = frozenset({Act.READ_CASES, Act.ANSWER_CASE})
_PROMISES = frozenset({Act.READ_COMMITMENTS, Act.HANDLE_COMMITMENTS})

_SPECIAL = frozenset({Act.READ_AUTHORISATIONS, Act.REGISTER_AUTHORISATIONS})
_IDENTIFIERS = frozenset({Act.READ_IDENTIFIERS, Act.CLOSE_IDENTIFIERS})

_CARRY_OUT = frozenset({Act.READ_MEASURES, Act.CARRY_OUT})

ROLE_ACTS = MappingProxyType(
    {
        Role.COLLECTOR: _CARRY_OUT | _COLLECT | _ANSWER | _PROMISES | _SPECIAL | _IDENTIFIERS,
        Role.REVIEWER: _CARRY_OUT
        | _LOOK
        | _ANSWER
        | _PROMISES
        | _SPECIAL
        | _IDENTIFIERS
        | {Act.CHECK, Act.RELEASE_BATCH, Act.PROPOSE_TAKEDOWN, Act.EXPORT_LISTS},
        Role.DECIDER: _LOOK | {Act.READ_COMMITMENTS, Act.DECIDE_CASE},
        Role.INSPECTOR: frozenset({Act.READ_RECORDS, Act.CHECK}),
        Role.ASSOCIATION: frozenset({Act.SUBMIT, Act.READ_RECEIPTS, Act.READ_COMMITMENTS, Act.MANAGE_MEMBERS}),
        Role.CREDIT_OFFICE: _COLLECT
        | _CARRY_OUT
        | _LOOK
        | _PROMISES
        | _SPECIAL
        | _IDENTIFIERS
        | {
            Act.GOVERN_IDENTIFIERS,
            Act.MANAGE_MEMBERS,
            Act.EXPORT_LISTS,
            Act.DECIDE_REVIEW,
            Act.RELEASE_BATCH,
            Act.PROPOSE_TAKEDOWN,
            Act.CONFIRM_TAKEDOWN,
            Act.LIFT_TAKEDOWN,
            Act.HANDLE_CASE,
            Act.DECIDE_CASE,
            Act.READ_INCIDENTS,
            Act.DECIDE_INCIDENTS,
            Act.EXCHANGE,
            Act.READ_RETRACTIONS,
            Act.CONFIRM_RETRACTIONS,
            Act.CHECK,
            Act.READ_CHECKS,
            Act.ISSUE_REPORTS,
            Act.MANAGE_TRAINING,
            Act.PUBLISH_MEASURES,
            Act.SERVE_NOTICES,
            Act.ANNUL_MEASURES,
            Act.GOVERN_LISTED,
            Act.OPEN_SEALED,
            Act.OWN_VIEW,
            Act.DESTROY_KEY,
            Act.MANAGE_DEPARTMENTS,
            Act.SET_HOLD,
            Act.BIND_ORGANISATIONS,
        },
        Role.AUDITOR: frozenset({Act.READ_AUDIT, Act.READ_INCIDENTS, Act.HANDLE_INCIDENTS}),
        Role.ADMINISTRATOR: frozenset(
            {Act.MANAGE_DEPARTMENTS, Act.MANAGE_OFFICERS, Act.MANAGE_CLIENTS, Act.MANAGE_SETTINGS}
        ),
        Role.LEADER: _LOOK
        | {
            Act.READ_MEASURES,
            Act.READ_COMMITMENTS,
            Act.READ_AUTHORISATIONS,
            Act.READ_IDENTIFIERS,
            Act.READ_CHECKS,
            Act.READ_RETRACTIONS,
            Act.READ_INCIDENTS,
        },
    }
)

# An administrator who could also read cases, or an auditor who also acts, would watch over herself.
INCOMPATIBLE = MappingProxyType(
    {
        Role.AUDITOR: frozenset(Role) - {Role.AUDITOR},
        Role.ADMINISTRATOR: frozenset(Role) - {Role.ADMINISTRATOR},
    }
)

REGION_WIDE = frozenset({Role.CREDIT_OFFICE, Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADER})


def acts_of(roles: Iterable[Role]) -> frozenset[Act]:
    """Everything these roles allow together."""
    return frozenset[Act]().union(*(ROLE_ACTS[role] for role in roles))


def clashes(roles: Iterable[Role]) -> frozenset[Role]:
    """Those of the roles that one person must not hold together; empty when all is well."""
    held = frozenset(roles)
    found = {role for role in held if INCOMPATIBLE.get(role, frozenset[Role]()) & held}
    return frozenset(found | {other for role in found for other in INCOMPATIBLE[role] & held})


def may(user: "User", act: Act | str) -> bool:
    """Whether this officer may do this today."""
    return user.is_active and Act(act) in acts_of(user.roles)


def require(user: "User", act: Act | str) -> None:
    """Refuse, naming what is missing, when `may` says no."""
    if not may(user, act):
        raise Refused(f"您没有“{Act(act).label}”的权限。", "如工作需要，请联系系统管理员。")


def opens_department_box(user: "User") -> bool:
    """Whether the messages to her department are for this officer too: not for those who must not see cases."""
    return bool(user.roles - {Role.ADMINISTRATOR, Role.AUDITOR})


def roles_table() -> str:
    """The table as Markdown, for `docs/reference/roles.md`."""
    head = ["可以做什么", "代码", *(role.label for role in Role)]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for act in Act:
        marks = ["是" if act in ROLE_ACTS[role] else "" for role in Role]
        lines.append("| " + " | ".join([act.label, f"`{act.value}`", *marks]) + " |")
    return "\n".join(lines) + "\n"
