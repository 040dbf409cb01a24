"""`xinheng officer`: accounts of officers, and what helps when nobody who administers can log in."""

from typing import Annotated

from typer import Argument

from xinheng.base import clock
from xinheng.base.errors import NotFound
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, print_table, say
from xinheng.cli.parsing import SERVER, operator
from xinheng.people import actions as people
from xinheng.people.models import User
from xinheng.people.queries import officers

Username = Annotated[str, Argument(help="登录名，见 xinheng officer list")]


def list_officers(as_json: AsJson = False) -> None:
    """All accounts with their present roles."""
    found = officers(SERVER)
    if as_json:
        print_json(list(found))
        return
    print_table(
        ("登录名", "姓名", "部门", "角色", "状态"),
        [
            (one.username, one.display_name, one.department_name, "、".join(role.label for role in one.roles),
             "可登录" if one.is_active else "已停用")
            for one in found
        ],
    )  # fmt: skip


def unlock(username: Username, as_json: AsJson = False) -> None:
    """Let an officer try to log in again before the half hour after five wrong tries is over."""
    forgotten = people.unlock_login(user=_officer(username), by=operator(), now=clock.now())
    close_log()
    _print(username, {"tries": forgotten}, "已解除登录锁定。", as_json)


def reset_second_factor(username: Username, as_json: AsJson = False) -> None:
    """After a lost phone: take the app away and end all logins; make sure who is asking before."""
    people.reset_second_factor(user=_officer(username), by=operator(), now=clock.now())
    close_log()
    _print(username, {"second_factor": None}, "已重置第二因素，各处的登录已结束，已给本人发消息。", as_json)


def _officer(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise NotFound("没有这个登录名。", "请用 xinheng officer list 查看。")
    return found


def _print(username: str, facts: dict[str, object], words: str, as_json: bool) -> None:
    if as_json:
        print_json({"username": username} | facts)
    else:
        say(f"{username}：{words}")
