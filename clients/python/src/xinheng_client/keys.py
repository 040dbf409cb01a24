"""The platform's public keys, fetched once, compared by a person, and kept in a file.

Keys asked for anew with each receipt would prove nothing: whoever forges the receipt would send the key too.
"""

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from xinheng_client.errors import NotUnderstood, Unusable


@dataclass(frozen=True)
class Keys:
    """Public keys by their names. A name is the beginning of the key's own SHA-256, so names can be compared."""

    by_name: dict[str, dict[str, str]]

    @classmethod
    def of(cls, published: Any) -> "Keys":
        """The keys of a JSON Web Key Set, each of which bears its own digest as its name."""
        given = published.get("keys") if isinstance(published, dict) else None
        if not isinstance(given, list) or not given:
            raise NotUnderstood("这不是平台公布的公钥。", "公钥在平台的 /api/v1/checks/keys。")
        return cls({key["kid"]: key for key in map(_key, given)})

    @classmethod
    def read(cls, file: Path) -> "Keys":
        """The keys pinned to a file."""
        try:
            return cls.of(json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            raise Unusable(f"没有公钥文件 {file}。", "请先用 xinheng-client pin 取得公钥。") from error
        except ValueError as error:
            raise Unusable(f"公钥文件 {file} 读不懂。", "请重新取得公钥。") from error

    def write(self, file: Path) -> None:
        """Pin the keys to a file, in one step."""
        draft = file.with_name(f".{file.name}.new")
        draft.write_text(json.dumps({"keys": list(self.by_name.values())}, indent=2) + "\n", encoding="utf-8")
        os.replace(draft, file)

    def and_also(self, others: "Keys") -> "Keys":
        """These keys and others. Former keys stay: they verify older receipts."""
        return Keys(self.by_name | others.by_name)

    def key_set(self) -> KeySet:
        """As the JOSE library wants them."""
        try:
            return KeySet([OKPKey.import_key({**key}) for key in self.by_name.values()])
        except (JoseError, ValueError) as error:
            raise Unusable("公钥读不懂。", "请重新取得公钥。") from error


def _key(given: Any) -> dict[str, str]:
    wanted = {"kty": "OKP", "crv": "Ed25519"}
    if not isinstance(given, dict) or not wanted.items() <= given.items():
        raise NotUnderstood("平台的公钥不是 Ed25519 公钥。", "请更新本程序。")
    try:
        x = str(given["x"])
        name = hashlib.sha256(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))).hexdigest()[:16]
    except (KeyError, binascii.Error) as error:
        raise NotUnderstood("平台的公钥读不懂。", "请更新本程序。") from error
    if given.get("kid") != name:
        raise NotUnderstood("公钥与它的编号不符。", "请核对平台地址。")
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": name, "x": x}
