"""`make bench SCALE=70m`: a county of that many records, taken in, gathered, asked and figured, phase by phase.

What a phase measured is kept in the home of the measurement, and a run that was stopped goes on with the phase, and in
intake with the file, that it had come to. `--again` forgets everything first.
"""

import argparse
import importlib
import shutil
from pathlib import Path

import django.db

from bench.scale.size import Size, size_of
from xinheng.base.home import Home
from xinheng.base.postgres import stop_server
from xinheng.site.boot import boot
from xinheng.site.database import let_go

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run what is missing of a size, and write its section of the report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", required=True, type=size_of, help="rows: 1m, 7m, 70m")
    options.add_argument("--home", type=Path, help="where the county lies; bench/out/scale-… unless given")
    options.add_argument("--again", action="store_true", help="forget what was measured and build the county anew")
    given = options.parse_args()
    size: Size = given.scale
    home = Home((given.home or ROOT / "out" / f"scale-{size.rows}").absolute())
    if given.again:
        stop_server(home)
        shutil.rmtree(home.root, ignore_errors=True)
    boot(home)
    try:
        # Models can only be imported once Django is set up, which `boot` has just done.
        importlib.import_module("bench.scale.phases").run(home, size)
    finally:
        django.db.connections.close_all()
        let_go()


if __name__ == "__main__":
    main()
