"""Figures of memory: those of the process that is measured, not of the one that started it."""

import subprocess
import sys
from pathlib import Path

from bench.memory import most_memory_gb

ROOT = Path(__file__).resolve().parents[2]
HELD = 300_000_000


def test_a_process_tells_what_it_held_and_not_what_its_parent_did() -> None:
    large = bytearray(HELD)
    large[::4096] = b"x" * len(large[::4096])
    command = [sys.executable, "-c", "from bench.memory import most_memory_gb; print(most_memory_gb())"]

    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert most_memory_gb() > HELD / 2**30
    assert 0 < float(told.stdout) < 0.1
    del large
    assert most_memory_gb() > HELD / 2**30
