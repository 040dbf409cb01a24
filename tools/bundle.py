"""`make bundle`: everything a machine without a network needs, in one archive; `--try` installs it with no index.

The wheels are those of `requirements.lock`, by hash, for this Python and this platform; fonts and PostgreSQL come as
wheels too. Beside them: our own wheel, the lock, documentation, an installation script and a list of checksums.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "README.zh-CN.md", "CHANGELOG.md", "GLOSSARY.md", "LICENSE", "docs", "requirements.lock")
SUMS = "SHA256SUMS"
UNREACHABLE = "http://127.0.0.1:9/simple"
INSTALL = """#!/bin/sh
# Installs 信衡 from this folder, without any network: sh install.sh [folder for the program, default /opt/xinheng]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/xinheng}
python=${PYTHON:-python3}
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || { echo "安装包不完整或被改动，没有安装。" >&2; exit 1; }
"$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' || {
    echo "这个安装包用于 Python @PYTHON@，而 $python 是另一个版本；请用 PYTHON=路径 指明。" >&2; exit 1; }
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \\
    --require-hashes --only-binary :all: -r "$here/requirements.lock"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps \\
    "$here"/wheels/xinheng-*.whl
echo "已安装到 $target。接下来：export XINHENG_HOME=数据目录，然后运行 $target/bin/xinheng init --pack national"
"""


def main() -> None:
    """Make the archive; with `--try` also install it and set a home up."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=ROOT / "dist")
    options.add_argument("--try", dest="tried", action="store_true", help="install it where no index can be reached")
    given = options.parse_args()
    archive = build(given.out.absolute())
    print(f"安装包：{archive}（{archive.stat().st_size:,} 字节）")
    if given.tried:
        attempt(archive)
        print("已在没有软件源的环境中安装并建立数据目录，可用。")


def build(out: Path) -> Path:
    """Collect everything and pack it; returns the archive."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    platform = sysconfig.get_platform().replace("-", "_")
    name = f"xinheng-{version}-py{python}-{platform}"
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    _pip("download", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels), "-r",
         str(ROOT / "requirements.lock"))  # fmt: skip
    _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT))
    for document in DOCUMENTS:
        source = ROOT / document
        if source.is_dir():
            shutil.copytree(source, folder / document, ignore=shutil.ignore_patterns("screenshots"))
        else:
            shutil.copyfile(source, folder / document)
    (folder / "install.sh").write_text(INSTALL.replace("@PYTHON@", python), encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files]
    (folder / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")
    archive = out / f"{name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as packed:
        packed.add(folder, arcname=name)
    shutil.rmtree(folder)
    return archive


def attempt(archive: Path) -> None:
    """Unpack and install the archive with an index that cannot be reached, and set the demo county up with it."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "XINHENG_", "PYTHON"))
    }
    environment |= {"PIP_INDEX_URL": UNREACHABLE, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    with tempfile.TemporaryDirectory(prefix="xinheng-bundle-") as place:
        with tarfile.open(archive) as packed:
            packed.extractall(place, filter="data")
        (unpacked,) = Path(place).iterdir()
        program = Path(place) / "program"
        subprocess.run(
            ["sh", str(unpacked / "install.sh"), str(program)],
            env=environment | {"PYTHON": sys.executable}, check=True,
        )  # fmt: skip
        environment |= {"XINHENG_HOME": str(Path(place) / "home")}
        for command in (["init", "--pack", "demo"], ["catalogue", "list"], ["doctor"]):
            subprocess.run([str(program / "bin" / "xinheng"), *command], env=environment, check=True, cwd=place,
                           stdout=subprocess.DEVNULL)  # fmt: skip


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


if __name__ == "__main__":
    main()
