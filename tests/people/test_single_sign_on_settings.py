"""What may stand in the settings of single sign-on, and what is said when it is wrong."""

import json

import pytest

from xinheng.base.errors import WrongUsage
from xinheng.people.single_sign_on.provider import provider_of

NAME, SECRET = "XINHENG_OIDC_OFFICERS", "XINHENG_OIDC_OFFICERS_SECRET"
GOOD: dict[str, object] = {
    "issuer": "https://login.example", "client_id": "xinheng", "claim": "preferred_username", "regions": ["990001"],
}  # fmt: skip


def read(given: object, secret: str = "s3cret"):
    return provider_of({NAME: json.dumps(given), SECRET: secret}, NAME, SECRET)


def test_without_the_variable_there_is_no_provider():
    assert provider_of({}, NAME, SECRET) is None


def test_what_is_not_said_has_a_default():
    found = read(GOOD)
    assert found.metadata_address == "https://login.example/.well-known/openid-configuration"
    assert (found.scopes, found.verified_claim) == (("openid", "profile"), "preferred_username_verified")
    assert found.second_factor == frozenset()
    assert "s3cret" not in repr(found)


def test_openid_is_always_asked_for():
    assert read(GOOD | {"scopes": ["email"]}).scopes == ("openid", "email")


def test_the_secret_comes_from_a_file_too(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from-the-file\n")
    assert read(GOOD | {"secret_file": str(file)}, "").secret == "from-the-file"
    with pytest.raises(WrongUsage, match="读不出来"):
        read(GOOD | {"secret_file": str(tmp_path / "none")}, "")


@pytest.mark.parametrize("key", ["issuer", "client_id", "claim", "regions"])
def test_what_is_needed_is_told(key):
    with pytest.raises(WrongUsage, match=f"缺少“{key}”"):
        read({name: value for name, value in GOOD.items() if name != key})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "不是 JSON 对象"),
        (GOOD | {"isuer": "x"}, "“isuer”不认识"),
        (GOOD | {"regions": "990001"}, "“regions”不认识"),
        (GOOD | {"issuer": "http://login.example"}, "应以 https:// 开头"),
        (GOOD | {"issuer": "ftp://127.0.0.1"}, "应以 https:// 开头"),
    ],
)
def test_what_is_wrong_is_told(given, words):
    with pytest.raises(WrongUsage, match=words):
        read(given)


def test_a_provider_without_a_secret_is_refused():
    with pytest.raises(WrongUsage, match="没有密钥"):
        read(GOOD, "")
    with pytest.raises(WrongUsage, match="不是 JSON"):
        provider_of({NAME: "{"}, NAME, SECRET)
