"""Receipts verified where there is no platform and no network: with a file of pinned keys."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.home import Home
from xinheng.checks.keys import SigningKey, ensure_check_key, key_set
from xinheng.checks.receipts import sign
from xinheng_client import Altered, Keys, NotAReceipt, NotUnderstood, ReceiptError, UnknownKey, Unusable, verify
from xinheng_client.__main__ import main

FACTS = {
    "number": "HC990001-20261121-AAAAAAAAAA",
    "issuer": "信用云屿（演示）",
    "asked_at": "2026-11-21T09:30:00+08:00",
    "sentence": "截至2026年11月21日 09:30，未查到生效的名单信息，本事项没有须采取的措施。",
    "hit": False,
}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    home = Home(tmp_path_factory.mktemp("issuer") / "home")
    home.prepare()
    return ensure_check_key(home)


@pytest.fixture(scope="module")
def pinned(key: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.getbasetemp() / "issuer0" / "home")
    file = tmp_path_factory.mktemp("hall") / "keys.json"
    Keys.of(key_set(home)).write(file)
    return file


@pytest.fixture(scope="module")
def receipt(key: SigningKey) -> str:
    return sign(FACTS, key)[0]


def elsewhere(tmp_path: Path) -> Home:
    home = Home(tmp_path / "elsewhere")
    home.prepare()
    return home


def test_a_genuine_receipt_says_what_was_signed(receipt: str, pinned: Path):
    assert verify(receipt, Keys.read(pinned)) == FACTS


def test_a_receipt_of_another_platform_is_of_an_unknown_key(pinned: Path, tmp_path: Path):
    text, _ = sign(FACTS, ensure_check_key(elsewhere(tmp_path)))

    with pytest.raises(UnknownKey):
        verify(text, Keys.read(pinned))


def test_every_altered_character_is_noticed(receipt: str, pinned: Path):
    keys = Keys.read(pinned)
    for place in range(0, len(receipt) - 2, 5):
        other = "A" if receipt[place] != "A" else "B"
        with pytest.raises(ReceiptError):
            verify(receipt[:place] + other + receipt[place + 1 :], keys)


def test_other_content_under_the_same_signature_is_altered(receipt: str, key: SigningKey, pinned: Path):
    other, _ = sign(FACTS | {"hit": True}, key)
    head, _, signature = receipt.split(".")

    with pytest.raises(Altered):
        verify(f"{head}.{other.split('.')[1]}.{signature}", Keys.read(pinned))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_receipt_under_another_algorithm_does_not_hold(receipt: str, key: SigningKey, pinned: Path, algorithm: str):
    head = Keys.read(pinned).key_set().keys[0].as_dict(private=False)
    forged = _word({"alg": algorithm, "kid": head["kid"], "typ": "xinheng-check+jws"})

    with pytest.raises(ReceiptError):
        verify(".".join([forged, *receipt.split(".")[1:]]), Keys.read(pinned))


def test_something_else_that_the_platform_signed_is_no_receipt(key: SigningKey, pinned: Path):
    head = _word({"alg": "EdDSA", "kid": key.id, "typ": "checkpoint+jws"})
    signed = f"{head}.{_word(FACTS)}"
    text = f"{signed}.{_encoded(key.private.sign(signed.encode()))}"

    with pytest.raises(NotAReceipt):
        verify(text, Keys.read(pinned))


@given(text=st.text(max_size=300))
def test_no_text_breaks_the_verification(pinned: Path, text: str):
    with pytest.raises(ReceiptError):
        verify(text, Keys.read(pinned))


def test_a_key_under_a_name_that_is_not_its_own_is_refused(pinned: Path):
    published = json.loads(pinned.read_text())
    published["keys"][0]["kid"] = "0123456789abcdef"

    with pytest.raises(NotUnderstood, match="编号不符"):
        Keys.of(published)


@pytest.mark.parametrize("content", ["", "{}", '{"keys": []}', '{"keys": [{"kty": "oct"}]}'])
def test_a_file_that_holds_no_keys_is_told_so(tmp_path: Path, content: str):
    file = tmp_path / "keys.json"
    file.write_text(content)

    with pytest.raises((Unusable, NotUnderstood)):
        Keys.read(file)


def test_the_command_verifies_a_receipt_and_a_whole_answer(
    receipt: str, pinned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "receipt.txt").write_text(receipt + "\n")
    (tmp_path / "answer.json").write_text(json.dumps(FACTS | {"receipt": receipt}))

    for name in ("receipt.txt", "answer.json"):
        assert main(["verify", str(tmp_path / name), "--keys", str(pinned)]) == 0
        assert FACTS["sentence"] in capsys.readouterr().out


def test_the_command_says_that_an_altered_receipt_does_not_hold(
    receipt: str, pinned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "receipt.txt"
    file.write_text(receipt[:-20] + "AAAA" + receipt[-16:])

    assert main(["verify", str(file), "--keys", str(pinned)]) == 1
    assert "签名不符" in capsys.readouterr().err


def test_the_command_without_keys_says_what_to_do(receipt: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "receipt.txt").write_text(receipt)

    assert main(["verify", str(tmp_path / "receipt.txt"), "--keys", str(tmp_path / "none.json")]) == 2
    assert "pin" in capsys.readouterr().err


def _word(content: object) -> str:
    return _encoded(json.dumps(content).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
