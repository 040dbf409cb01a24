"""Bytes and files sealed with a data key."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vault_world import NOW, OFFICER

from xinheng.base.errors import Refused
from xinheng.vault.actions import destroy_key, new_key
from xinheng.vault.ciphers import Cipher
from xinheng.vault.files import PIECE, read_sealed, write_sealed
from xinheng.vault.keys import MasterKey
from xinheng.vault.sealing import key_of_file, open_bytes, open_file, open_stream, seal_bytes, seal_file

CIPHER = Cipher(7, b"k" * 32)
HEADER = 27


def sealed_copy(clear: Path, tmp_path: Path) -> Path:
    target = tmp_path / "sealed"
    target.unlink(missing_ok=True)
    write_sealed(clear, target, CIPHER)
    return target


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_a_sealed_file_opens_to_the_same_bytes(size: int, tmp_path: Path) -> None:
    clear = tmp_path / "clear"
    clear.write_bytes(os.urandom(size))

    target = tmp_path / "sealed"
    written = write_sealed(clear, target, CIPHER)

    assert b"".join(read_sealed(target, CIPHER)) == clear.read_bytes()
    assert written.clear_size == size
    assert written.size == target.stat().st_size
    assert target.stat().st_mode & 0o777 == 0o600


def test_nothing_of_the_content_stands_in_the_sealed_file(tmp_path: Path) -> None:
    clear = tmp_path / "clear"
    clear.write_bytes("公民身份号码 990001199003070011".encode() * 1000)
    assert b"990001199003070011" not in sealed_copy(clear, tmp_path).read_bytes()


def test_a_file_cut_at_the_end_of_a_piece_is_found(tmp_path: Path) -> None:
    clear = tmp_path / "clear"
    clear.write_bytes(os.urandom(3 * PIECE))
    target = sealed_copy(clear, tmp_path)
    os.truncate(target, HEADER + 2 * (PIECE + 16))
    with pytest.raises(Refused, match="已损坏或被改动"):
        list(read_sealed(target, CIPHER))


def test_swapped_pieces_are_found(tmp_path: Path) -> None:
    clear = tmp_path / "clear"
    clear.write_bytes(os.urandom(3 * PIECE))
    target = sealed_copy(clear, tmp_path)
    raw, step = target.read_bytes(), PIECE + 16
    first, second = raw[HEADER : HEADER + step], raw[HEADER + step : HEADER + 2 * step]
    target.write_bytes(raw[:HEADER] + second + first + raw[HEADER + 2 * step :])
    with pytest.raises(Refused, match="已损坏或被改动"):
        list(read_sealed(target, CIPHER))


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_bit_is_found(place: float, bit: int, tmp_path: Path) -> None:
    clear = tmp_path / "clear"
    clear.write_bytes(b"x" * 1000)
    target = sealed_copy(clear, tmp_path)
    raw = bytearray(target.read_bytes())
    raw[int(place * len(raw))] ^= 1 << bit
    target.write_bytes(raw)
    with pytest.raises(Refused):
        list(read_sealed(target, CIPHER))


def test_another_file_is_called_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("名称,代码\n" * 20)
    with pytest.raises(Refused, match="不是本系统加密保存的文件"):
        key_of_file(path)


@pytest.mark.django_db
def test_files_and_bytes_are_sealed_with_numbered_keys(master: MasterKey, clear_file: Path, tmp_path: Path) -> None:
    key_id = new_key(kind="source", now=NOW)
    seal_file(clear_file, tmp_path / "sealed", key_id)
    open_file(tmp_path / "sealed", tmp_path / "opened", key_id)

    assert (tmp_path / "opened").read_bytes() == clear_file.read_bytes()
    assert key_of_file(tmp_path / "sealed") == key_id
    assert open_bytes(key_id, seal_bytes(key_id, b"abc", b"place"), b"place") == b"abc"


@pytest.mark.django_db
def test_sealed_bytes_open_only_in_their_place(master: MasterKey) -> None:
    key_id = new_key(kind="batch", now=NOW)
    with pytest.raises(Refused, match="已损坏或被改动"):
        open_bytes(key_id, seal_bytes(key_id, b"abc", b"here"), b"there")


@pytest.mark.django_db
def test_a_file_does_not_open_with_anothers_key(master: MasterKey, clear_file: Path, tmp_path: Path) -> None:
    key_id, other = new_key(kind="source", now=NOW), new_key(kind="source", now=NOW)
    seal_file(clear_file, tmp_path / "sealed", key_id)
    with pytest.raises(Refused, match="与登记的密钥不符"):
        list(open_stream(tmp_path / "sealed", other))


@pytest.mark.django_db
def test_a_failed_opening_leaves_no_clear_bytes(master: MasterKey, clear_file: Path, tmp_path: Path) -> None:
    key_id = new_key(kind="source", now=NOW)
    seal_file(clear_file, tmp_path / "sealed", key_id)
    os.truncate(tmp_path / "sealed", (tmp_path / "sealed").stat().st_size - 1)
    with pytest.raises(Refused):
        open_file(tmp_path / "sealed", tmp_path / "opened", key_id)
    assert not (tmp_path / "opened").exists()


@pytest.mark.django_db
def test_without_its_key_a_file_stays_closed(master: MasterKey, clear_file: Path, tmp_path: Path) -> None:
    key_id = new_key(kind="source", now=NOW)
    seal_file(clear_file, tmp_path / "sealed", key_id)
    destroy_key(key_id=key_id, by=OFFICER, now=NOW, reason="保存期满")
    with pytest.raises(Refused, match="密钥已销毁"):
        list(open_stream(tmp_path / "sealed", key_id))
