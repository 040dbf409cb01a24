"""`xinheng check`: what is in force about an organisation for an item of business, and whether a receipt is genuine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from django.conf import settings
from typer import Argument, Option

from xinheng.base import clock
from xinheng.base.errors import Refused, WrongUsage, XinhengError
from xinheng.base.scope import PUBLIC
from xinheng.checks.actions import Asked, answer_checks
from xinheng.checks.actions.files import answer_codes, without_persons
from xinheng.checks.asking import Asker, Errand, errand, question, understood
from xinheng.checks.code_files import read_codes
from xinheng.checks.keys import key_id, read_public_key
from xinheng.checks.queries import verify_receipt
from xinheng.checks.receipts import LARGEST, Receipt, verify
from xinheng.cli.audit import close_log
from xinheng.cli.output import AsJson, print_json, print_table, progress, say
from xinheng.cli.parsing import SERVER, operator
from xinheng.people.models import Department
from xinheng.people.queries import departments

VERIFY = "verify"
DOES_NOT_HOLD = 1


def check(
    what: Annotated[
        str | None, Argument(metavar="CODE|verify", help="统一社会信用代码；或者 verify，核验一个回执")
    ] = None,
    receipt: Annotated[Path | None, Argument(help="要核验的回执文件")] = None,
    item: Annotated[str, Option("--item", help="业务事项代码")] = "",
    purpose: Annotated[str, Option("--purpose", help="用途代码")] = "",
    case_no: Annotated[str, Option("--case", help="办件编号")] = "",
    name: Annotated[str, Option("--name", help="单位名称，与登记的名称比对")] = "",
    department: Annotated[str, Option("--department", help="办理部门的统一社会信用代码，默认信用工作机构")] = "",
    file: Annotated[
        Path | None, Option("--file", help="CSV、TXT 或 XLSX 文件，第一列是代码，最多 1,000,000 个")
    ] = None,
    out: Annotated[Path | None, Option("--out", help="结果写到哪个 CSV 文件")] = None,
    key: Annotated[Path | None, Option("--key", help="核验用的公钥文件（PEM）；默认用本机的公钥")] = None,
    as_json: AsJson = False,
) -> int:
    """Check one code or a file of codes, or with `verify` check a receipt; exit code 1 when that does not hold."""
    if what == VERIFY:
        return _verify(receipt, key, as_json)
    about = _errand(department, item, case_no, purpose)
    if file is not None:
        _check_file(about, file, out, as_json)
        return 0
    if what is None:
        raise WrongUsage("请写明要核查的代码。", "例如 xinheng check 代码 --item 事项代码 --purpose service。")
    (found,) = answer_checks(
        asked=[Asked(question(about, what, name))], pack=settings.PACK, home=settings.HOME, now=clock.now()
    )
    if isinstance(found, XinhengError):
        raise found
    close_log()
    _show(found.facts, as_json)
    return 0


def _errand(code: str, item: str, case_no: str, purpose: str) -> Errand:
    known = [one for one in departments(SERVER) if not code or one.code == code.strip().upper()]
    if not known:
        raise Refused("没有这个部门。", "请核对 --department 后的统一社会信用代码。")
    row = Department.objects.select_related("region").get(pk=known[0].id)
    asker = Asker(operator(), row.region_id, row.region.code, row.pk, row.code, row.name)
    return errand(asker=asker, item=item, case_no=case_no, purpose=purpose, pack=settings.PACK)


def _show(facts: dict[str, object], as_json: bool) -> None:
    if as_json:
        print_json(facts)
        return
    say(f"{facts['code']}  {facts['name'] or '没有登记'}", str(facts["sentence"]))
    for kind, label in (("entries", "名单"), ("measures", "本事项须采取的措施"), ("incentives", "激励")):
        for one in _rows(facts, kind):
            title = one.get("list_title") or one["title"]
            say(f"{label}  {title}  {_until(one)}  依据{'、'.join(map(str, _list(one['basis'])))}")
    say(*map(str, _list(facts["warnings"])), f"回执编号 {facts['number']}")


def _rows(facts: dict[str, object], kind: str) -> Iterator[dict[str, object]]:
    for one in _list(facts[kind]):
        if isinstance(one, dict):
            yield one


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _until(one: dict[str, object]) -> str:
    return f"至{one['last_day']}" if one["last_day"] else str(one["removal_rule"])


def _check_file(about: Errand, file: Path, out: Path | None, as_json: bool) -> None:
    if out is None:
        raise WrongUsage("请用 --out 写明结果写到哪个文件。")
    receipt = out.with_suffix(".receipt")
    if out.exists() or receipt.exists():
        raise Refused(f"{out} 或它的回执文件已经存在，没有覆盖。", "请换一个文件名。")
    if not file.is_file():
        raise Refused(f"{file} 不是文件。", "应为 CSV、TXT 或 XLSX，第一列是统一社会信用代码。")
    asked = without_persons(understood(about, read_codes(file)))
    with progress(quiet=as_json) as bar:
        task = bar.add_task("正在核查", total=len(asked))
        found = answer_codes(
            about=about, asked=asked, target=out, pack=settings.PACK, home=settings.HOME, now=clock.now(),
            progress=lambda done: bar.update(task, completed=done),
        )  # fmt: skip
    close_log()
    receipt.write_text(found.receipt + "\n", encoding="ascii")
    if as_json:
        facts = {"number": found.number, "codes": found.codes, "hits": found.hits, "refused": found.refused}
        print_json({**facts, "sentence": found.sentence, "out": out, "receipt": receipt})
    else:
        print_table(("代码", "有结果", "没有核查"), [(found.codes, found.hits, found.refused)])
        say(found.sentence, f"结果已写到 {out}，电子签名的回执在 {receipt}，编号 {found.number}。")


def _verify(file: Path | None, key: Path | None, as_json: bool) -> int:
    if file is None or not file.is_file():
        raise WrongUsage("请写明要核验的回执文件。", "例如 xinheng check verify 回执.txt。")
    if file.stat().st_size > LARGEST:
        raise Refused("文件太大，不会是核查回执。")
    text = _receipt_in(file.read_text(encoding="utf-8", errors="replace"))
    found = _with_key(text, key) if key else verify_receipt(PUBLIC, text, home=settings.HOME)
    if as_json:
        print_json(
            {"genuine": found.genuine, "verdict": found.verdict, "key": found.key_id, "facts": dict(found.facts)}
        )
    else:
        say(found.sentence)
        if found.genuine:
            facts = found.facts
            say(f"{facts['number']}  {facts['issuer']}  {facts['asked_at']}", str(facts["sentence"]))
    return 0 if found.genuine else DOES_NOT_HOLD


def _with_key(text: str, key: Path) -> Receipt:
    if not key.is_file():
        raise WrongUsage("没有这个公钥文件。")
    public = read_public_key(key.read_bytes())
    return verify(text, {key_id(public): public})


def _receipt_in(text: str) -> str:
    """The receipt itself, also out of a whole answer as JSON."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        answer = json.loads(text)
    except ValueError:
        return text
    return str(answer.get("receipt", text))
