"""Writes `docs/reference/cli.md` and `api.md`: `python -m tests.cli.write_reference` from the project's folder."""

import os

import django
from django.test import Client
from tests.cli.test_reference import DOCS

from xinheng.api.reference import api_page
from xinheng.cli.reference import commands_page
from xinheng.site.command import COMMANDS


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.site.settings")
    django.setup()
    (DOCS / "cli.md").write_text(commands_page(COMMANDS), encoding="utf-8")
    (DOCS / "api.md").write_text(api_page(Client().get("/api/v1/openapi.json").json()), encoding="utf-8")


if __name__ == "__main__":
    main()
