"""A credit report from the command line, and checking a file there."""

import pytest
from tests.kept import building, lent
from tests.portal.senders import SHOP, send_files
from tests.world import World

from xinheng.base.home import Home
from xinheng.products.models import IssuedReport

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        send_files(module_world)
    return module_world


@pytest.fixture
def sent(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


def test_a_report_is_written_and_verifies(sent, xinheng, tmp_path):
    out = tmp_path / "报告.pdf"
    answer = xinheng("report", SHOP, "--kind", "plain", "--out", out, "--purpose", "招标投标", "--json")
    assert (answer.code, answer.json["number"]) == (0, IssuedReport.objects.get().number)

    checked = xinheng("report", "verify", out, "--json")
    assert (checked.code, checked.json["genuine"]) == (0, True)
    assert "报告真实" in xinheng("report", "verify", out).out


def test_an_altered_file_leaves_with_one(sent, xinheng, tmp_path):
    out = tmp_path / "报告.pdf"
    xinheng("report", SHOP, "--out", out, "--purpose", "招标投标")
    out.write_bytes(out.read_bytes() + b"x")
    answer = xinheng("report", "verify", out)
    assert (answer.code, "改动" in answer.out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((SHOP, "--kind", "clean", "--out", "a.pdf", "--purpose", "招标"), 1),
        (("99000119900307001X", "--out", "a.pdf", "--purpose", "招标"), 1),
        ((SHOP, "--out", "a.pdf"), 2),
        ((SHOP, "--purpose", "招标"), 2),
        (("verify",), 2),
    ],
)
def test_refusals_and_wrong_usage_are_told_apart(sent, xinheng, tmp_path, monkeypatch, arguments, code):
    monkeypatch.chdir(tmp_path)
    answer = xinheng("report", *arguments)
    assert answer.code == code
    assert "99000119900307001X" not in answer.out + answer.err
    assert not list(tmp_path.glob("*.pdf"))
