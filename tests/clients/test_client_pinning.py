"""Keys are taken over only by the names that a person compared."""

from pathlib import Path

import pytest
from tests.clients.conftest import Served

from xinheng_client import Keys
from xinheng_client.__main__ import main


def test_a_key_that_nobody_compared_is_shown_and_not_pinned(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "keys.json"

    assert main(["pin", served.url, str(file)]) == 1
    assert not file.exists()
    assert f"{next(iter(served.keys.by_name))}  没有固定" in capsys.readouterr().out


def test_a_key_that_was_compared_is_pinned_and_former_ones_stay(served: Served, tmp_path: Path):
    file, name = tmp_path / "keys.json", next(iter(served.keys.by_name))
    former = Keys({"0000000000000000": served.keys.by_name[name] | {"kid": "0000000000000000"}})

    assert main(["pin", served.url, str(file), "--accept", name]) == 0
    assert Keys.read(file) == served.keys
    assert former.and_also(served.keys).by_name.keys() == {"0000000000000000", name}


def test_a_name_that_the_platform_does_not_publish_is_refused(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["pin", served.url, str(tmp_path / "keys.json"), "--accept", "fedcba9876543210"]) == 2
    assert "没有公布" in capsys.readouterr().err


def test_a_platform_that_is_pinned_already_needs_no_word(served: Served, tmp_path: Path):
    file = tmp_path / "keys.json"
    served.keys.write(file)

    assert main(["pin", served.url, str(file)]) == 0
