"""A receipt holds as it was signed and in no other way, also for somebody who has nothing but the public key."""

from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from xinheng.base.home import Home
from xinheng.checks.keys import ensure_check_key, key_set, public_keys
from xinheng.checks.receipts import Verdict, canonical, sign, verify

FACTS = {"number": "HC990001-20261121-AAAAAAAAAA", "sentence": "未查到", "hit": False, "sources": []}


def test_a_receipt_verifies_with_another_library(home: Home):
    text, _ = sign(FACTS, ensure_check_key(home))
    keys = key_set(home)["keys"]

    assert isinstance(keys, list)
    found = jws.deserialize_compact(text, OKPKey.import_key(keys[0]), algorithms=["EdDSA"])

    assert found.payload == canonical(FACTS)


def test_a_receipt_of_another_installation_is_of_an_unknown_key(home: Home, tmp_path):
    other = Home(tmp_path / "other")
    other.prepare()
    text, _ = sign(FACTS, ensure_check_key(other))

    assert verify(text, public_keys(home)).verdict is Verdict.UNKNOWN_KEY


def test_a_receipt_that_names_no_algorithm_of_ours_does_not_hold(home: Home):
    key = ensure_check_key(home)
    head, payload, signature = sign(FACTS, key)[0].split(".")
    forged = head.replace(head, _word(canonical({"alg": "none", "kid": key.id, "typ": "xinheng-check+jws"})))

    assert verify(f"{forged}.{payload}.{signature}", public_keys(home)).verdict is Verdict.BROKEN


def test_every_change_of_one_character_is_found(home: Home):
    text, _ = sign(FACTS, ensure_check_key(home))
    keys = public_keys(home)

    for place in range(0, len(text) - 2, 7):
        other = "A" if text[place] != "A" else "B"
        assert not verify(text[:place] + other + text[place + 1 :], keys).genuine


@given(st.text(max_size=200))
def test_no_text_breaks_the_verification(text: str):
    assert verify(text, {}).verdict in {Verdict.UNREADABLE, Verdict.UNKNOWN_KEY, Verdict.BROKEN}


def _word(content: bytes) -> str:
    import base64

    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
