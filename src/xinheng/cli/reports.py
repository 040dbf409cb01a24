"""`xinheng report`: a credit report of an organisation as a signed PDF, and whether a file is one of ours."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from xinheng.base import clock
from xinheng.base.errors import Refused, WrongUsage
from xinheng.base.scope import PUBLIC
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, say
from xinheng.cli.parsing import operator
from xinheng.products.actions import issue_report
from xinheng.products.queries import LARGEST_FILE, verify_file

VERIFY = "verify"
DOES_NOT_HOLD = 1


def report(
    what: Annotated[str, Argument(metavar="CODE|verify", help="单位的统一社会信用代码；或者 verify，核验一个文件")],
    file: Annotated[Path | None, Argument(help="要核验的 PDF 文件")] = None,
    kind: Annotated[str, Option("--kind", help="plain 普通版，clean 无违法违规记录版")] = "plain",
    out: Annotated[Path | None, Option("--out", help="报告写到哪个文件")] = None,
    purpose: Annotated[str, Option("--purpose", help="用途，印在报告上并记入日志")] = "",
    as_json: AsJson = False,
) -> int:
    """Issue a report, or with `verify` check a file; exit code 1 when it does not hold."""
    if what == VERIFY:
        return _verify(file, as_json)
    if file is not None:
        raise WrongUsage("出具报告时请用 --out 写明文件。", "核验文件请写 xinheng report verify 文件.pdf。")
    if out is None:
        raise WrongUsage("请用 --out 写明报告写到哪个文件。")
    if out.exists():
        raise Refused(f"{out} 已经存在，没有覆盖。", "请换一个文件名。")
    now = clock.now()
    issued = issue_report(credit_code=what, kind=kind, by=operator(), now=now, today=clock.today(now), purpose=purpose)
    out.write_bytes(issued.content)
    close_log()
    if as_json:
        print_json({"number": issued.number, "path": out, "valid_until": issued.valid_until})
    else:
        say(
            f"报告 {issued.number} 已写到 {out}。",
            f"有效期至{clock.format_date(issued.valid_until)}，可用 xinheng report verify {out} 核验。",
        )
    return 0


def _verify(file: Path | None, as_json: bool) -> int:
    if file is None or not file.is_file():
        raise WrongUsage("请写明要核验的 PDF 文件。", "例如 xinheng report verify 报告.pdf。")
    if file.stat().st_size > LARGEST_FILE:
        raise Refused("文件太大，不会是信用报告。", "信用报告小于 10 MB，请选择原来的 PDF 文件。")
    found = verify_file(PUBLIC, file.read_bytes(), now=clock.now())
    if as_json:
        print_json({"genuine": found.genuine, "report": found})
    else:
        say(found.sentence, found.advice)
        if found.genuine and found.issued_at and found.valid_until:
            say(
                f"{found.organisation_name}  {found.credit_code}  {found.kind_label}  {found.number}",
                f"{clock.format_date(clock.today(found.issued_at))}出具，有效期至{clock.format_date(found.valid_until)}",
            )
    return 0 if found.genuine else DOES_NOT_HOLD
