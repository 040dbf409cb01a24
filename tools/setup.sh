#!/bin/sh
# Makes the virtual environment and installs what a lock file names: tools/setup.sh <name> <lock file>.
# Does nothing when the lock file and pyproject.toml are those of the last time. Called by make.
set -eu

name=$1
lock=$2
stamp="$VENV/$name.stamp"

digest() {
    cat "$lock" pyproject.toml | "$PYTHON" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

if ! command -v "$PYTHON" > /dev/null 2>&1; then
    echo "没有找到 $PYTHON；请安装 Python 3.11 或更高版本，或用 make PYTHON=路径 指明。" >&2
    exit 1
fi
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$PYTHON" --version) 太旧；请安装 Python 3.11 或更高版本，或用 make PYTHON=路径 指明。" >&2
    exit 1
fi
if [ ! -x "$VENV/bin/python" ]; then
    if ! "$PYTHON" -c 'import venv, ensurepip' 2> /dev/null; then
        echo "这个 Python 缺少 venv；Debian、Ubuntu 请运行 apt-get install python3-venv，然后重新执行。" >&2
        exit 1
    fi
    "$PYTHON" -m venv "$VENV"
fi
wanted=$(digest)
if [ "$(cat "$stamp" 2> /dev/null)" = "$wanted" ]; then
    touch "$stamp"
    exit 0
fi
# The larger set holds the smaller one, so installing the smaller over it would change nothing.
if [ "$name" = runtime ] && [ -f "$VENV/dev.stamp" ] && [ "$VENV/dev.stamp" -nt requirements-dev.lock ]; then
    echo "$wanted" > "$stamp"
    exit 0
fi

echo "正在安装依赖（$lock）……"
if [ ! -x "$VENV/bin/uv" ]; then
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check uv || true
fi
if [ -x "$VENV/bin/uv" ]; then
    export VIRTUAL_ENV="$VENV"
    # Compiled once, on all cores: else every process does it again where Python may not write bytecode.
    "$VENV/bin/uv" pip install --quiet --compile-bytecode --python "$VENV/bin/python" --require-hashes -r "$lock"
    "$VENV/bin/uv" pip install --quiet --python "$VENV/bin/python" --no-deps -e .
else
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -e .
fi
echo "$wanted" > "$stamp"
