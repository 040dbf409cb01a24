"""`xinheng init`: tables, keys, law and, for the demo pack, the county itself."""

import secrets
from datetime import datetime
from typing import Annotated

from typer import Option

from xinheng.audit.actor import Actor
from xinheng.audit.checkpoints import ensure_signing_key
from xinheng.base import clock
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.cli.output import AsJson, print_json, say
from xinheng.demo.texts import read_departments
from xinheng.law.actions import sync_register
from xinheng.people.actions import NewDepartment, NewOfficer, NewRegion, set_up_county
from xinheng.people.models import Role
from xinheng.people.queries import is_set_up
from xinheng.rulebook.loader import load_pack
from xinheng.site.boot import migrate, pack_file
from xinheng.site.demo.summary import Login, demo_logins, print_logins, write_logins

DEMO = "demo"
DEMO_OFFICERS = (
    ("gu.anlan", "顾安澜", "县发改局", (Role.ADMINISTRATOR,)),
    ("lin.xinyu", "林信予", "县发改局", (Role.CREDIT_OFFICE,)),
    ("zhou.ming", "周明", "县发改局", (Role.CREDIT_OFFICE,)),
    ("he.shuo", "何朔", "县市监局", (Role.COLLECTOR, Role.REVIEWER)),
    ("jian.yi", "简毅", "县市监局", (Role.DECIDER,)),
    ("ren.xu", "任叙", "县市监局", (Role.DECIDER,)),
    ("qin.wan", "秦晚", "县教育局", (Role.COLLECTOR, Role.REVIEWER)),
    ("shen.jian", "沈鉴", "县发改局", (Role.AUDITOR,)),
)


def init(
    pack: Annotated[str, Option("--pack", help="规则包：demo 是虚构的演示县，national 用于自己的县")],
    as_json: AsJson = False,
) -> None:
    """Make the tables, take over the law of the pack, and set up the county where the pack is the demo."""
    home = Home.from_environment()
    loaded = load_pack(pack)
    prepare_home(home, pack=pack, now=clock.now())
    logins = demo_logins(home) if pack == DEMO else ()
    if as_json:
        print_json({"pack": pack, "home": home.root, "set_up": is_set_up(Scope()), "logins": logins})
        return
    say(f"已建立：{loaded.title}，数据在 {home.root}。")
    if logins:
        print_logins(logins, home)
    else:
        say("接下来运行 xinheng serve，在浏览器中打开 /desk/setup 完成首次设置（地区、部门、首批人员）。")


def prepare_home(home: Home, *, pack: str, now: datetime) -> None:
    """Everything before the first file: safe to repeat; refuses to turn a home over to another pack."""
    require_same_pack(home, pack)
    migrate()
    ensure_signing_key(home)
    sync_register(pack=pack, by=Actor.system("建立数据库"), now=now)
    if pack == DEMO and not is_set_up(Scope()):
        _set_up_demo_county(home, now)
    pack_file(home).write_text(f"{pack}\n", encoding="utf-8")


def require_same_pack(home: Home, pack: str) -> None:
    """Refuse when this home was set up with another pack."""
    path = pack_file(home)
    known = path.read_text(encoding="utf-8").strip() if path.exists() else pack
    if known != pack:
        raise Refused(
            f"{home.root} 已按规则包“{known}”建立，不能再改为“{pack}”。",
            "请把 XINHENG_HOME 设到另一个目录后重新运行。",
        )


def _set_up_demo_county(home: Home, now: datetime) -> None:
    logins = [
        Login(username, name, department, "、".join(role.label for role in roles), f"yunyu-{secrets.token_hex(5)}")
        for username, name, department, roles in DEMO_OFFICERS
    ]
    write_logins(home, logins)
    passwords = {login.username: login.password for login in logins}
    departments = read_departments()
    region = load_pack(DEMO).region
    if region is None:
        raise Refused("演示规则包没有写明地区。")
    set_up_county(
        region=NewRegion(region.code, region.full_name, region.name),
        departments=[
            NewDepartment(
                code=one.code,
                name=one.name,
                short_name=one.short_name,
                address=one.address,
                telephone=one.telephone,
                hours=one.hours,
                fields=one.fields,
                hold_before_publication=one.hold_before_publication,
            )
            for one in departments.values()
        ],
        officers=[
            NewOfficer(username, name, departments[department].code, passwords[username], roles)
            for username, name, department, roles in DEMO_OFFICERS
        ],
        now=now,
    )
