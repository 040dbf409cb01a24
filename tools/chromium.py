"""Finds a Chromium for the browser tests, or installs one: `python tools/chromium.py [--install]` prints its path.

Order: `XINHENG_CHROMIUM`, a browser on the PATH, Playwright's own; then, with --install, Debian's package where we
are root, else Playwright's download. Without any it says so loudly, and the browser tests are skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("XINHENG_CHROMIUM")
    if named and Path(named).exists():
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/chrome-*/headless_shell"):
        if found := sorted(cache.glob(pattern)):
            return str(found[-1])
    return None


def install() -> str | None:
    """Install a Chromium the way this machine allows; its path, or None."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium"
        apt = f"apt-get update -qq && {install}"
        attempts.insert(0, ["sh", "-c", apt])
    for command in attempts:
        print(f"正在安装浏览器：{' '.join(command)}", file=sys.stderr)
        done = subprocess.run(command, check=False, stdout=sys.stderr)
        if done.returncode == 0 and (path := find()):
            return path
    return None


def main() -> int:
    """Print the path; always 0, since tests decide what to do without a browser."""
    path = find() or (install() if "--install" in sys.argv else None)
    if path:
        print(path)
    else:
        print("没有找到 Chromium，浏览器测试将被跳过。", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
