"""The reference page of the commands, written from the commands themselves."""

from collections.abc import Iterator, Sequence
from typing import Any

from xinheng.cli.deferred import Entry, Group, load

HEAD = """# 命令

本页由 `xinheng.cli.reference` 生成，测试保证它与程序一致。
每个命令都可加 `--json`（供程序读取，`serve` 和 `worker` 除外）；
退出码：0 完成，1 不能做并说明原因，2 命令写法不对。
"""


def commands_page(entries: Sequence[Entry | Group]) -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *(line for entry in entries for line in _section(entry))])


def _section(entry: Entry | Group) -> Iterator[str]:
    if isinstance(entry, Entry):
        yield from _command(entry, entry.name)
        return
    for one in entry.entries:
        yield from _command(one, f"{entry.name} {one.name}")


def _command(entry: Entry, name: str) -> Iterator[str]:
    parameters = [one for one in load(entry).params if one.name not in {"as_json", "help"}]
    arguments = "".join(f" {_argument(one)}" for one in parameters if one.param_type_name == "argument")
    yield f"## `xinheng {name}{arguments}`\n"
    yield f"{entry.help}。\n"
    if parameters:
        yield "| 参数 | 说明 |\n| --- | --- |"
        yield from (f"| {_name(one)} | {_help(one)} |" for one in parameters)
        yield ""


def _argument(parameter: Any) -> str:
    name = parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`"
    return f"`{parameter.opts[0]}`" + ("（必填）" if parameter.required else "")


def _help(parameter: Any) -> str:
    return str(parameter.help or "").replace("|", "\\|")
