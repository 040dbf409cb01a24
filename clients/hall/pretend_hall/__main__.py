"""Start the pretend hall: `python -m pretend_hall --platform URL --secret-file FILE --keys FILE`."""

import argparse
import json
import sys
from pathlib import Path

from pretend_hall.business import read_offer
from pretend_hall.server import HERE, Hall
from xinheng_client import ClientError, Keys, Patience, Platform

AT_A_COUNTER = Patience(connect=2, answer=5, retries=3, longest_pause=3)
"""Somebody waits at the counter; the clerk may press again."""


def main() -> int:
    """Serve the hall until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="pretend_hall", description="虚构的政务服务大厅，演示核查的接入")
    parser.add_argument("--platform", default="http://127.0.0.1:8000", help="信用平台的地址")
    parser.add_argument(
        "--secret-file", type=Path, required=True, help="接口密钥的文件（xinheng client create 的输出）"
    )
    parser.add_argument("--keys", type=Path, required=True, help="固定公钥的文件；没有时取得一次")
    parser.add_argument("--business", type=Path, default=HERE / "business.toml", help="本大厅办理的事项")
    parser.add_argument("--port", type=int, default=8100)
    given = parser.parse_args()
    try:
        keys = _keys(given.platform, given.keys)
        with Platform.at(
            given.platform, secret=_secret(given.secret_file), keys=keys, patience=AT_A_COUNTER
        ) as platform:
            _serve(Hall(given.port, platform=platform, keys=keys, offer=read_offer(given.business)))
    except ClientError as error:
        print(f"{error.message}{error.advice}", file=sys.stderr)
        return 2
    return 0


def _serve(hall: Hall) -> None:
    print(f"虚构的大厅已启动：http://127.0.0.1:{hall.server_port}/ ，按 Ctrl+C 结束。", flush=True)
    try:
        hall.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        hall.server_close()


def _keys(url: str, file: Path) -> Keys:
    """The pinned keys. A pretend hall trusts the first ones it sees, and says so; a real one compares their names."""
    if not file.exists():
        with Platform.at(url, secret="", patience=AT_A_COUNTER) as platform:
            platform.published_keys().write(file)
        names = "、".join(Keys.read(file).by_name)
        print(f"第一次启动，已固定平台的公钥 {names}。演示之外请先与平台核对编号。", file=sys.stderr)
    return Keys.read(file)


def _secret(file: Path) -> str:
    text = file.read_text(encoding="utf-8").strip()
    return str(json.loads(text)["secret"]) if text.startswith("{") else text


if __name__ == "__main__":
    sys.exit(main())
