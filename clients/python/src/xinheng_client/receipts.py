"""Verifying receipts without the platform: compact JWS, Ed25519, against pinned keys."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

from xinheng_client.errors import Altered, NotAReceipt, UnknownKey
from xinheng_client.keys import Keys

KIND = "xinheng-check+jws"
LARGEST = 2_000_000
FOREIGN = "签名用的密钥不在已固定的公钥之中，不能判断真伪。"
BROKEN = "签名不符：回执的内容被改动过，或者不是由所称的平台签发。"


class _OnlyEdDSA(JWSRegistry):
    """Knows the one algorithm the platform signs with. RFC 9864 renames it, hence the library's warning."""

    max_payload_length = LARGEST

    def get_alg(self, name: str) -> Any:
        if name != "EdDSA":
            raise UnsupportedAlgorithmError(f"not signed with EdDSA: {name}")
        return self.algorithms[name]


def verify(receipt: str, keys: Keys) -> Mapping[str, Any]:
    """What a genuine receipt says; raises `NotAReceipt`, `UnknownKey` or `Altered` for any other."""
    if len(receipt) > LARGEST:
        raise NotAReceipt("文件太大，不会是核查回执。")
    try:
        found = jws.deserialize_compact(receipt.strip(), keys.key_set(), registry=_OnlyEdDSA())
        facts = json.loads(found.payload)
    except (InvalidKeyIdError, KeyError) as error:
        raise UnknownKey(FOREIGN, "请与平台核对公钥的编号，再用 xinheng-client pin --accept 固定。") from error
    except (BadSignatureError, UnsupportedAlgorithmError) as error:
        raise Altered(BROKEN, "请向办理核查的部门要回执原件。") from error
    except (JoseError, ValueError, RecursionError) as error:
        raise NotAReceipt("这不是核查回执。", "回执是一段以两个点分成三段的文字。") from error
    if found.headers().get("typ") != KIND or not isinstance(facts, dict):
        raise NotAReceipt("这不是核查回执。", "签名是真的，但签的是别的内容。")
    return facts


def verify_answer(body: Mapping[str, Any], keys: Keys) -> Mapping[str, Any]:
    """That an answer, as it came, says what its own receipt says; returns the signed facts."""
    facts = verify(str(body.get("receipt", "")), keys)
    lines = body.get("lines")
    said = {name: value for name, value in body.items() if name not in {"receipt", "lines"}}
    if said != facts or (lines is not None and lines_digest(lines) != facts.get("lines_digest")):
        raise Altered("答复与它的回执不一致。", "请重新核查，并告诉平台的管理员。")
    return facts


def lines_digest(lines: Sequence[Mapping[str, Any]]) -> str:
    """The SHA-256 over the SHA-256 of each line, as the receipt of a call about many codes states it."""
    whole = hashlib.sha256()
    for line in lines:
        text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        whole.update(hashlib.sha256(text.encode()).digest())
    return whole.hexdigest()
