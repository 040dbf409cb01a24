"""Files of up to a million codes: sent, waited for, and fetched under one receipt over the whole file of answers."""

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from xinheng_client.answers import CodeFile, read
from xinheng_client.errors import Altered, Refused, Unavailable
from xinheng_client.keys import Keys
from xinheng_client.receipts import verify
from xinheng_client.transport import Transport

GONE = 410


@dataclass(frozen=True)
class Files:
    """The files of codes that this program sent."""

    transport: Transport
    keys: Keys | None

    def send(self, file: Path, *, item: str, purpose: str, case_no: str, key: str) -> CodeFile:
        """Send a CSV, TXT or XLSX whose first column holds the codes."""
        fields = {"item": item, "purpose": purpose, "case_no": case_no}
        return read(CodeFile, self.transport.post_file("/checks/files", file, fields, key=key))

    def state(self, id: UUID) -> CodeFile:
        """Where a file stands."""
        return read(CodeFile, self.transport.get(f"/checks/files/{id}"))

    def wait(self, id: UUID, *, seconds: float, every: float) -> CodeFile:
        """Where a file stands once it is worked through; `Unavailable` after that many seconds."""
        until = time.monotonic() + seconds
        while (found := self.state(id)).going_on:
            if time.monotonic() > until:
                raise Unavailable(f"文件还在核查，已核查 {found.progress} 个代码。", "请稍后用文件编号取结果。")
            time.sleep(every)
        return found

    def fetch(self, id: UUID, target: Path) -> CodeFile:
        """Write the answers to `target` (CSV), which stands there only when it is whole and what the receipt signs."""
        found = self.state(id)
        if found.state == "failed":
            raise Refused(found.message, "请改正后重新提交文件。", status=422)
        if found.state == "ended":
            raise Refused("结果已到期清除。", "请重新提交文件。", status=GONE)
        if found.going_on:
            raise Unavailable(f"文件还在核查，已核查 {found.progress} 个代码。", "请稍后再取结果。")
        answers = self.transport.fetch(f"/checks/files/{id}/result")
        if self.keys is not None:
            signed = verify(found.receipt, self.keys)
            if signed.get("file_digest") != hashlib.sha256(answers).hexdigest() or signed.get("codes") != found.codes:
                raise Altered("结果文件与它的回执不一致。", "请重新取结果，并告诉平台的管理员。")
        draft = target.with_name(f".{target.name}.new")
        draft.write_bytes(answers)
        os.replace(draft, target)
        return found
