"""`xinheng-client pin` keeps the platform's public keys; `xinheng-client verify` judges a receipt without a network."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from xinheng_client.errors import ClientError, NotAReceipt, ReceiptError, Unusable
from xinheng_client.keys import Keys
from xinheng_client.platform import Platform
from xinheng_client.receipts import verify

HOLDS, DOES_NOT_HOLD, WRONG = 0, 1, 2


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; exit code 1: the receipt does not hold, 2: the command could not be carried out."""
    options = _parser().parse_args(given)
    try:
        if options.command == "pin":
            return _pin(options.url, options.keys, options.accept, plain_http=options.plain_http)
        return _verify(options.receipt, options.keys)
    except ReceiptError as error:
        print(f"{error.message}{error.advice}", file=sys.stderr)
        return DOES_NOT_HOLD
    except ClientError as error:
        print(f"{error.message}{error.advice}", file=sys.stderr)
        return WRONG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xinheng-client", description="固定平台的公钥；不用网络核验回执")
    commands = parser.add_subparsers(dest="command", required=True)
    pin = commands.add_parser("pin", help="取得平台的公钥，核对编号后固定到文件")
    pin.add_argument("url", help="平台地址")
    pin.add_argument("keys", type=Path, help="公钥文件")
    pin.add_argument("--accept", action="append", default=[], metavar="编号", help="已与平台核对过的公钥编号；可写多次")
    pin.add_argument("--plain-http", action="store_true", help="封闭网络内允许不加密的地址")
    check = commands.add_parser("verify", help="核验一个回执")
    check.add_argument("receipt", type=Path, help="回执文件，或者整个答复（JSON）")
    check.add_argument("--keys", type=Path, required=True, help="已固定的公钥文件")
    return parser


def _pin(url: str, file: Path, accepted: Sequence[str], *, plain_http: bool) -> int:
    with Platform.at(url, secret="", plain_http=plain_http) as platform:
        published = platform.published_keys()
    pinned = Keys.read(file) if file.exists() else Keys({})
    new = [name for name in published.by_name if name not in pinned.by_name]
    unknown = [name for name in accepted if name not in published.by_name]
    if unknown:
        raise Unusable(f"平台没有公布编号为 {'、'.join(unknown)} 的公钥。", "请再核对编号。")
    taken = Keys({name: published.by_name[name] for name in new if name in accepted})
    if taken.by_name:
        pinned.and_also(taken).write(file)
    for name in published.by_name:
        state = "已固定" if name in pinned.by_name or name in taken.by_name else "没有固定"
        print(f"{name}  {state}")
    if len(taken.by_name) < len(new):
        print("请与平台的管理员核对编号，再用 --accept 编号 固定。", file=sys.stderr)
        return DOES_NOT_HOLD
    return HOLDS


def _verify(file: Path, keys: Path) -> int:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAReceipt(f"{file} 读不出来。") from error
    if text.startswith("{"):
        text = _receipt_in(text)
    facts = verify(text, Keys.read(keys))
    print("回执是真的，内容没有改动。")
    print(f"{facts['number']}  {facts['issuer']}  {facts['asked_at']}")
    print(facts["sentence"])
    return HOLDS


def _receipt_in(text: str) -> str:
    try:
        return str(json.loads(text)["receipt"])
    except (ValueError, KeyError) as error:
        raise NotAReceipt("这个文件里没有核查回执。") from error


if __name__ == "__main__":
    sys.exit(main())
