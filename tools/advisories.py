"""Known security advisories of the locked libraries, as far as the package index tells: `python tools/advisories.py`.

Ends with 1 when a library in use has one. An index that does not answer is said, not passed over in silence.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PATIENCE_SECONDS = 120


def main() -> int:
    """Ask for every library of the lock file."""
    command = [
        sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--no-deps", "--disable-pip",
        "--progress-spinner", "off", "--timeout", "10", "--format", "json",
    ]  # fmt: skip
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        found = json.loads(asked.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        print("依赖的安全公告：包索引没有回答，这次没有核对。")
        return 0
    unknown = sum("skip_reason" in one for one in found)
    concerned = [one for one in found if one.get("vulns")]
    print(f"依赖的安全公告：共 {len(found)} 个库，核对了 {len(found) - unknown} 个，索引没有公告的 {unknown} 个。")
    for one in concerned:
        advisories = "、".join(advisory["id"] for advisory in one["vulns"])
        print(f"  {one['name']} {one['version']}：{advisories}")
    return 1 if concerned else 0


if __name__ == "__main__":
    sys.exit(main())
