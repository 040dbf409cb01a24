"""Small secrets sealed under a key file of the home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinheng.base.errors import Refused
from xinheng.base.secret_box import KEY_BYTES, SecretBox

BOX = SecretBox(b"k" * KEY_BYTES)


@given(st.binary(max_size=200), st.text(max_size=50))
def test_what_was_sealed_is_read_again_for_the_same_owner_only(secret, owner):
    sealed = BOX.seal(secret, belongs_to=owner)
    assert BOX.open(sealed, belongs_to=owner) == secret
    with pytest.raises(Refused, match="不匹配"):
        BOX.open(sealed, belongs_to=f"{owner}?")


@given(st.binary(min_size=1, max_size=50), st.integers(min_value=0))
def test_a_changed_byte_is_noticed(secret, place):
    sealed = bytearray(BOX.seal(secret, belongs_to="x"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(Refused):
        BOX.open(bytes(sealed), belongs_to="x")


def test_the_same_secret_never_looks_the_same():
    assert BOX.seal(b"secret", belongs_to="x") != BOX.seal(b"secret", belongs_to="x")


def test_the_key_file_is_made_once_and_only_its_owner_reads_it(home):
    first = SecretBox.of(home, "second-factor")
    assert SecretBox.of(home, "second-factor") == first
    assert SecretBox.of(home, "another") != first
    assert (home.keys / "second-factor.key").stat().st_mode & 0o777 == 0o600


def test_a_broken_key_file_is_said_and_not_replaced(home):
    (home.keys / "second-factor.key").write_bytes(b"short")
    with pytest.raises(Refused, match="不完整"):
        SecretBox.of(home, "second-factor")
    assert (home.keys / "second-factor.key").read_bytes() == b"short"


def test_a_key_is_not_printed():
    assert "kkk" not in repr(BOX)
