"""The example that the README shows does what it says."""

import re
from pathlib import Path

import pytest
from tests.clients.conftest import Served
from tests.docs.documents import ROOT

from xinheng_client import verify
from xinheng_client.transport import AGENT

README = ROOT / "clients" / "python" / "README.md"


def test_the_example_of_the_readme_runs(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (shown,) = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    served.keys.write(tmp_path / "keys.json")
    monkeypatch.chdir(tmp_path)

    exec(shown.replace("https://credit.example.gov.cn", served.url).replace('"…"', repr(served.secret)), {})

    assert "本事项须采取 1 项措施" in capsys.readouterr().out
    assert verify((tmp_path / "receipt.txt").read_text(), served.keys)["item"] == "SP-XK-01"


def test_the_client_names_its_version_to_the_platform():
    told = (ROOT / "clients" / "python" / "pyproject.toml").read_text(encoding="utf-8")

    assert f'version = "{AGENT.rpartition("/")[2]}"' in told
