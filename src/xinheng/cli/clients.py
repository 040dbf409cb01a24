"""`xinheng client`: programs of departments that call the API. A secret is printed once and kept nowhere in clear."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from typer import Argument, Option

from xinheng.base import clock
from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import NotFound
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, print_table, say
from xinheng.cli.parsing import SERVER, day, department, operator
from xinheng.people import actions as people
from xinheng.people.identity import client_summary
from xinheng.people.models import ApiClient
from xinheng.people.queries import ClientSummary, clients

Prefix = Annotated[str, Argument(help="程序的编号：密钥中点号前面的部分，见 xinheng client list")]
Networks = Annotated[list[str] | None, Option("--network", help="允许的地址或网段，可写多次；不写表示不限")]
Until = Annotated[str | None, Option("--until", help="有效至哪一天（含），例如 2027-12-31；不写表示不限")]


def create(
    name: Annotated[str, Argument(help="程序名称，例如 县市场监管局案件系统")],
    department_code: Annotated[str, Option("--department", help="部门的统一社会信用代码")],
    scopes: Annotated[list[str], Option("--scope", help="read 查询，submit 报送，check 信用核查；可写多次")],
    networks: Networks = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Register a program; its secret stands on standard output, this once."""
    now = clock.now()
    made, secret = people.create_api_client(
        name=name,
        department=department(department_code),
        scopes=scopes,
        networks=networks or (),
        expires_at=_end_of(until, now),
        by=operator(),
        now=now,
    )
    close_log()
    _print_secret(client_summary(_row(made.prefix)), secret, as_json)


def list_clients(as_json: AsJson = False) -> None:
    """All programs, ended ones included; never a secret."""
    found = clients(SERVER)
    if as_json:
        print_json(list(found))
        return
    headings = ("编号", "程序", "部门", "权限", "允许的地址", "有效至", "最近使用", "状态")
    print_table(headings, [_cells(one) for one in found])


def limit(prefix: Prefix, networks: Networks = None, until: Until = None, as_json: AsJson = False) -> None:
    """From where and until when a program may call; what is not given is unlimited from now on."""
    now = clock.now()
    people.limit_api_client(
        client=_row(prefix), networks=networks or (), expires_at=_end_of(until, now), by=operator(), now=now
    )
    close_log()
    _print(client_summary(_row(prefix)), "已保存，即时生效。", as_json)


def rotate(
    prefix: Prefix,
    overlap: Annotated[int, Option("--overlap", min=0, max=90, help="原密钥再有效几天；0 表示立即失效")] = 0,
    as_json: AsJson = False,
) -> None:
    """A new secret, on standard output this once; the present one goes on for the overlap."""
    secret = people.rotate_api_client(
        client=_row(prefix), overlap=timedelta(days=overlap), by=operator(), now=clock.now()
    )
    close_log()
    _print_secret(client_summary(_row(prefix)), secret, as_json)


def revoke(prefix: Prefix, as_json: AsJson = False) -> None:
    """End a program's access at once."""
    people.revoke_api_client(client=_row(prefix), by=operator(), now=clock.now())
    close_log()
    _print(client_summary(_row(prefix)), "已停用，即时生效。", as_json)


def _cells(one: ClientSummary) -> tuple[str, ...]:
    return (
        one.prefix,
        one.name,
        one.department_name,
        "、".join(sorted(one.scopes)),
        "、".join(one.networks) or "不限",
        _last_day(one.expires_at) or "不限",
        _last_day(one.last_used_at),
        "已停用" if one.revoked_at else "可用",
    )


def _row(prefix: str) -> ApiClient:
    found = ApiClient.objects.select_related("department__region").filter(prefix=prefix.partition(".")[0]).first()
    if found is None:
        raise NotFound("没有这个接口程序。", "请用 xinheng client list 查看编号。")
    return found


def _end_of(text: str | None, now: datetime) -> datetime | None:
    if text is None:
        return None
    last: date = day(text, clock.today(now))
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=SHANGHAI)


def _last_day(moment: datetime | None) -> str:
    """The day whose end, or some moment of which, this is."""
    return clock.format_date(clock.today(moment - timedelta(microseconds=1))) if moment else ""


def _print(client: ClientSummary, words: str, as_json: bool) -> None:
    if as_json:
        print_json(client)
    else:
        say(f"{client.name}（{client.prefix}）：{words}")


def _print_secret(client: ClientSummary, secret: str, as_json: bool) -> None:
    if as_json:
        print_json({"client": client, "secret": secret})
    else:
        say(f"{client.name}（{client.prefix}）的密钥，只显示这一次：", secret)
