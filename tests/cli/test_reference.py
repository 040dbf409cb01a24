"""The pages of commands and of the HTTP interface say what the program does."""

from pathlib import Path

import pytest

from xinheng.api.reference import api_page
from xinheng.cli.reference import commands_page
from xinheng.site.command import COMMANDS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"
ADVICE = "write the page anew: python -m tests.cli.write_reference"


def test_the_page_of_commands_is_up_to_date():
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == commands_page(COMMANDS), ADVICE


@pytest.mark.django_db
def test_the_page_of_the_interface_is_up_to_date(client):
    schema = client.get("/api/v1/openapi.json").json()
    assert (DOCS / "api.md").read_text(encoding="utf-8") == api_page(schema), ADVICE
