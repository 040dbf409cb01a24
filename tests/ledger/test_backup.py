"""Database and files are backed up together while files come in, and come back as they were; keys travel apart."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.ledger.office import LONGEST, MARKET, Office, open_office, penalties

from xinheng.base.home import Home
from xinheng.base.postgres import Lease, ensure_database
from xinheng.base.postgres.server import discard_server
from xinheng.vault.keys import create_master_key

pytestmark = pytest.mark.slow
ROWS = 400
PAGES = """
import hashlib, re, sys
from pathlib import Path
from xinheng.base.home import Home
from xinheng.site.boot import boot
boot(Home(Path(sys.argv[1])))
from django.test import Client
client = Client()
# Not the home page: it links to the newest records, and what is sent again after the restore gets new numbers.
for page in ("/publicity/penalty", "/search?q=浮光第7号商贸", "/organisations/" + sys.argv[2], "/statistics"):
    answer = client.get(page)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|nonce-[^\\']*', "", answer.content.decode())
    print(page, answer.status_code, hashlib.sha256(text.encode()).hexdigest())
"""
RIGHTS = (
    "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backup")


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[Office]:
    with open_office(folder / "home") as office:
        for number in (1, 2):
            assert send(office, number).wait(LONGEST) == 0
        yield office


@pytest.fixture(scope="module")
def backup(office: Office, folder: Path) -> Path:
    """Taken while the third file is processed; the fourth comes later."""
    running = send(office, 3)
    code, told = office.run("backup", str(folder / "backup"), "--keys", str(folder / "keys"))
    assert code == 0, told
    assert running.wait(LONGEST) == 0
    assert send(office, 4).wait(LONGEST) == 0
    return folder / "backup"


@pytest.fixture(scope="module")
def restored(office: Office, backup: Path, folder: Path) -> Iterator[tuple[Office, dict[str, object]]]:
    elsewhere = Home(folder / "elsewhere")
    told = json.loads(restore(elsewhere, backup, "--keys", str(folder / "keys")).stdout)
    with Lease(elsewhere) as server:
        address = ensure_database(server, "xinheng").app
        with psycopg.connect(address.conninfo(), autocommit=True) as connection:
            yield Office(elsewhere, connection), told
    discard_server(elsewhere)


def send(office: Office, number: int) -> subprocess.Popen[bytes]:
    file = office.home.root.parent / f"{number}.csv"
    file.write_text(penalties(number, ROWS), encoding="utf-8")
    return office.command("intake", str(file), "--type", "penalty", "--department", MARKET, "--json")


def restore(home: Home, backup: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("XINHENG_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "xinheng", "restore", str(backup), *more, "--json"],
        env=environment | {"XINHENG_HOME": str(home.root)}, capture_output=True, check=False, timeout=LONGEST,
    )  # fmt: skip


def latest(backup: Path) -> Path:
    return max(path for path in backup.iterdir() if path.name.startswith("20"))


def files_of(office: Office, last_batch: int) -> dict[str, tuple[str, str]]:
    """The manifest's files up to a batch: by path what the manifest says and what lies there."""
    found = office.ask(
        "SELECT f.path, f.sha256 FROM ledger_datafile f JOIN ledger_batch b ON b.id = f.batch_id "
        f"WHERE b.number <= {last_batch} AND f.visible_until IS NULL"
    )
    return {
        str(path): (str(digest), hashlib.sha256((office.home.root / str(path)).read_bytes()).hexdigest())
        for path, digest in found
    }


def test_the_restored_home_is_found_well(restored):
    _, told = restored
    assert told["doctor"] == {"well": True, "findings": []}
    assert told["bytes"] > 100_000


def test_the_same_files_lie_there_with_the_same_hashes(office, restored):
    elsewhere, _ = restored
    (row,) = elsewhere.ask("SELECT max(number), count(*) FROM ledger_batch")
    assert row[0] in (2, 3)  # the third came in while the dump was taken, or after it
    assert files_of(elsewhere, row[0]) == files_of(office, row[0])
    assert len(files_of(elsewhere, row[0])) >= 4


def test_whole_batches_are_there_and_nothing_half(restored):
    elsewhere, _ = restored
    (row,) = elsewhere.ask(
        "SELECT (SELECT sum(accepted) FROM ledger_batch), count(*), count(DISTINCT decision_no) FROM register_record"
    )
    assert row[0] == row[1] == row[2]
    assert row[0] in (2 * ROWS, 3 * ROWS)


def test_every_table_has_the_rights_it_had(office, restored):
    elsewhere, _ = restored
    assert sorted(elsewhere.ask(RIGHTS)) == sorted(office.ask(RIGHTS))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        elsewhere.ask("DELETE FROM audit_event RETURNING id")


def test_the_sweep_goes_on_since_the_doctor_found_it_well(restored):
    elsewhere, _ = restored
    assert not (elsewhere.home.root / "restored").exists()


def test_the_same_pages_are_served(office, restored, backup, folder):
    """Of the home as it was: the backup is restored a second time and asked before anything else happens to it."""
    code = office.ask("SELECT value FROM register_identifier WHERE kind = 'credit_code' ORDER BY value LIMIT 1")[0][0]
    elsewhere, _ = restored
    assert send(elsewhere, 3).wait(LONGEST) == 0  # unchanged, when it was in time for the dump
    assert send(elsewhere, 4).wait(LONGEST) == 0
    assert pages(elsewhere, str(code)) == pages(office, str(code))


def pages(office: Office, code: str) -> list[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("XINHENG_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PAGES, str(office.home.root), code],
        env=environment, capture_output=True, check=True, timeout=LONGEST,
    )  # fmt: skip
    return done.stdout.decode().splitlines()


def test_no_key_is_in_the_backup(backup, folder):
    keys = {path.read_bytes() for path in (folder / "keys").iterdir()}
    assert len(keys) >= 2
    for path in backup.rglob("*"):
        if path.is_file():
            assert not any(key in path.read_bytes() for key in keys), path


def test_a_second_backup_copies_only_what_is_new(office, backup, folder):
    before = {path: path.stat().st_mtime_ns for path in (backup / "files").rglob("*") if path.is_file()}
    assert office.run("ledger", "optimize", "--all")[0] == 0
    code, told = office.run("backup", str(backup))
    assert code == 0
    assert told["copied_bytes"] - told["database_bytes"] < told["bytes"] - told["database_bytes"]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert json.loads(restore(Home(folder / "nowhere"), backup, "--check-only").stdout)["files"] == told["files"]


@pytest.mark.parametrize("damaged", ["files", "database.dump", "manifest.json"])
def test_a_damaged_backup_is_refused_and_the_file_named(office, backup, folder, damaged):
    copy = folder / f"copy-{damaged}"
    shutil.copytree(backup, copy)
    path = latest(copy) / damaged
    if damaged == "files":
        told = json.loads((latest(copy) / "manifest.json").read_text(encoding="utf-8"))
        path = copy / "files" / next(file["path"] for file in told["files"] if file["shared"])
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = restore(Home(folder / "fresh"), copy, "--keys", str(folder / "keys"))
    assert done.returncode == 1
    assert path.name in json.loads(done.stdout)["error"]["message"]
    assert not (folder / "fresh" / "pack").exists()


def test_a_missing_file_is_named(backup, folder):
    copy = folder / "copy-missing"
    shutil.copytree(backup, copy)
    (latest(copy) / "database.dump").unlink()
    done = restore(Home(folder / "fresh"), copy, "--keys", str(folder / "keys"))
    assert "database.dump" in json.loads(done.stdout)["error"]["message"]


def test_other_keys_are_refused(backup, folder):
    other = Home(folder / "other")
    other.prepare()
    create_master_key(other)
    done = restore(Home(folder / "fresh"), backup, "--keys", str(other.keys))
    assert "这些密钥不是这份备份的" in json.loads(done.stdout)["error"]["message"]


def test_a_home_with_data_is_not_written_over(office, backup, folder):
    done = restore(office.home, backup, "--keys", str(folder / "keys"))
    assert done.returncode == 1
    assert "已有数据" in json.loads(done.stdout)["error"]["message"]


def test_keys_are_not_put_beside_the_backup(office, folder):
    code, told = office.run("backup", str(folder / "beside"), "--keys", str(folder / "beside" / "keys"))
    assert code == 1
    assert "分" in told["error"]["message"] or "一起" in told["error"]["message"]


def test_older_backups_are_removed_on_request(office, backup, folder):
    code, told = office.run("backup", str(backup), "--keep", "1")
    assert code == 0
    assert told["removed"]
    assert [path for path in backup.iterdir() if path.name.startswith("20")] == [latest(backup)]
    assert restore(Home(folder / "nowhere"), backup, "--check-only").returncode == 0
