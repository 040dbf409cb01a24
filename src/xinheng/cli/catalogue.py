"""`xinheng catalogue`: which record types there are, their fields, and the files a department fills in."""

import os
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from xinheng.base.errors import NotFound
from xinheng.base.scope import PUBLIC
from xinheng.catalogue import queries
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.export import catalogue_workbook
from xinheng.catalogue.template import template_bytes
from xinheng.cli.output import AsJson, print_json, print_table, say

Pack = Annotated[str, Option("--pack", help="规则包", envvar="XINHENG_PACK")]


def list_types(pack: Pack = "demo", as_json: AsJson = False) -> None:
    """All record types in the order of the national catalogue."""
    entries = queries.catalogue(PUBLIC, pack=pack)
    if as_json:
        print_json(list(entries))
        return
    print_table(
        ("类型", "名称", "目录条目", "公开方式", "字段数", "公示字段"),
        [(one.key, one.title, one.item_title, one.publicity, one.fields, one.published_fields) for one in entries],
    )


def show(
    type: Annotated[str, Argument(help="信息类型，例如 penalty")], pack: Pack = "demo", as_json: AsJson = False
) -> None:
    """One record type with all its fields and the provision that allows each."""
    page = queries.contract(PUBLIC, type, pack=pack)
    if as_json:
        print_json(page)
        return
    entry = page.entry
    say(f"{entry.title}（{entry.key}），{entry.edition}", f"唯一标识：{page.key_fields}", f"自然人：{page.persons}")
    print_table(
        ("序号", "字段", "名称", "交换代码", "类型", "必填", "显示", "依据"),
        [
            (one.number, one.name, one.label, one.code, one.type, one.required, one.display, one.basis)
            for one in page.fields
        ],
    )


def export(
    out: Annotated[Path, Option("--out", help="写到这个 XLSX 文件")],
    type: Annotated[str | None, Argument(help="信息类型；不写则导出整个目录")] = None,
    pack: Pack = "demo",
    as_json: AsJson = False,
) -> None:
    """The catalogue as a workbook, or the template of one record type to fill in."""
    contracts = load_contracts(pack)
    if type is not None and type not in contracts:
        raise NotFound(f"没有“{type}”这类信息。", f"可用的类型：{'、'.join(sorted(contracts))}。")
    content = catalogue_workbook(pack) if type is None else template_bytes(contracts[type], pack)
    part = out.with_name(f"{out.name}.part")
    part.write_bytes(content)
    os.replace(part, out)
    if as_json:
        print_json({"path": out, "size": len(content)})
    else:
        say(f"已写好 {out}。")
