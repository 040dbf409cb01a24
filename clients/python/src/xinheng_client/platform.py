"""The three calls of a hall: check, lists, feedback."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xinheng_client.answers import Answer, Answers, CodeFile, CreditList, Done, ListedMeasure, read
from xinheng_client.errors import Unusable
from xinheng_client.files import Files
from xinheng_client.keys import Keys
from xinheng_client.receipts import verify_answer
from xinheng_client.transport import Patience, Transport

MOST_CODES = 10_000


def new_key() -> str:
    """A name for one check, by which the platform knows it again."""
    return secrets.token_urlsafe(18)


@dataclass(frozen=True)
class Platform:
    """A credit platform, called as one program of one department. Safe for threads; use it as a context manager.

    With `keys` every answer is compared with its receipt before it is returned, and one that does not hold is an error.
    """

    transport: Transport
    keys: Keys | None = None

    @classmethod
    def at(
        cls, url: str, *, secret: str, keys: Keys | None = None, patience: Patience | None = None,
        plain_http: bool = False, ca: str | None = None,
    ) -> Self:  # fmt: skip
        """The platform at `url`. `ca`: file with the certificates of an office's own authority."""
        return cls(Transport.to(url, secret, patience or Patience(), plain_http=plain_http, ca=ca), keys)

    def check(
        self, code: str, *, item: str, purpose: str, name: str = "", case_no: str = "", key: str | None = None
    ) -> Answer:
        """What is in force about one organisation for one item of business.

        Sent again until there is an answer or patience ends, and carried out once. Give a `key` of your own (8 to 100
        visible characters, one for each check) where the same check must stay one after this program was restarted.
        """
        body = {"code": code, "name": name, "item": item, "case_no": case_no, "purpose": purpose}
        return read(Answer, self._checked("/checks", body, key))

    def check_many(
        self, codes: Sequence[str], *, item: str, purpose: str, case_no: str = "", key: str | None = None
    ) -> Answers:
        """What is in force about each of up to 10 000 organisations, in their order, under one receipt."""
        if len(codes) > MOST_CODES:
            raise Unusable(f"一次最多核查 {MOST_CODES} 个代码。", "请分批核查。")
        body = {"codes": list(codes), "item": item, "case_no": case_no, "purpose": purpose}
        return read(Answers, self._checked("/checks/batch", body, key))

    def check_file(
        self, file: Path, target: Path, *, item: str, purpose: str, case_no: str = "", key: str | None = None,
        seconds: float = 3600.0, every: float = 2.0,
    ) -> CodeFile:  # fmt: skip
        """Check up to a million codes and write the answers to `target`; waits that many seconds at most.

        After `Unavailable` call it again with the same `key`: the file is not checked twice. Keep `receipt`.
        """
        sent = self.files.send(file, item=item, purpose=purpose, case_no=case_no, key=key or new_key())
        self.files.wait(sent.id, seconds=seconds, every=every)
        return self.files.fetch(sent.id, target)

    @property
    def files(self) -> Files:
        """The files of codes that this program sent, to send, ask about and fetch one by one."""
        return Files(self.transport, self.keys)

    def feedback(self, number: str, done: Sequence[Done]) -> int:
        """Tell what was done about the measures of an answer; returns how many were noted.

        Sent again until there is an answer or patience ends: the platform notes the same feedback once.
        """
        body = {"measures": [one.as_facts() for one in done]}
        path = f"/checks/{number}/feedback"
        return int(read(dict[str, Any], self.transport.post(path, body, twice=True))["noted"])

    def lists(self) -> tuple[CreditList, ...]:
        """Every list that entries may stem from."""
        return read(tuple[CreditList, ...], self.transport.get("/lists"))

    def measures(self, *, executable: bool | None = None) -> tuple[ListedMeasure, ...]:
        """The list of measures; `executable`: only those that may, or may not, be carried out today."""
        chosen = {} if executable is None else {"executable": str(executable).lower()}
        return read(tuple[ListedMeasure, ...], self.transport.get("/measures", **chosen))

    def published_keys(self) -> Keys:
        """The public keys as the platform shows them now. Compare their names with the platform before pinning them."""
        return Keys.of(self.transport.get("/checks/keys"))

    def _checked(self, path: str, body: dict[str, Any], key: str | None) -> Any:
        found = self.transport.post(path, body, key=key or new_key())
        if self.keys is not None:
            verify_answer(read(dict[str, Any], found), self.keys)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.transport.close()
