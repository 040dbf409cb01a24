"""`make bench`: the product beside the bare tools, in one run, with a home of its own; writes the figures down."""

import argparse
import importlib
import shutil
from pathlib import Path

import django.db

from xinheng.base.home import Home
from xinheng.base.postgres import stop_server
from xinheng.site.boot import boot
from xinheng.site.database import let_go

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run everything for one size and write `docs/reference/benchmarks.md`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000, help="penalties in the file of the comparison")
    options.add_argument("--organisations", type=int, default=1_000_000, help="organisations for search and pages")
    options.add_argument("--questions", type=int, default=1_000, help="questions of each kind")
    options.add_argument("--large", type=int, default=0, help="rows of one more file, for memory; 7000000 fills up to")
    options.add_argument(
        "--only",
        choices=["search", "listing", "checks"],
        help="one part, printed and not written down; --keep to ask again",
    )
    options.add_argument("--home", type=Path, default=ROOT / "bench" / "out" / "home")
    options.add_argument("--keep", action="store_true", help="leave the home where it is")
    given = options.parse_args()
    home = Home(given.home.absolute())
    stop_server(home)
    if given.only not in {"search", "checks"}:
        shutil.rmtree(home.root, ignore_errors=True)
    boot(home)
    try:
        # Models can only be imported once Django is set up, which `boot` has just done.
        whole = importlib.import_module("bench.whole")
        if given.only == "listing":
            whole.run_listing(home)
        elif given.only == "checks":
            whole.run_checks(home, organisations=given.organisations)
        elif given.only:
            whole.run_search(home, organisations=given.organisations)
        else:
            whole.run(
                home,
                rows=given.rows,
                organisations=given.organisations,
                questions=given.questions,
                large=given.large,
            )
    finally:
        django.db.connections.close_all()
        let_go()
        if not given.keep:
            shutil.rmtree(home.root, ignore_errors=True)


if __name__ == "__main__":
    main()
