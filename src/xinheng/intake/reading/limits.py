"""How large a delivered file may be, and the sentences for files that are larger."""

import os
from dataclasses import dataclass

from xinheng.base.errors import Refused

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds of one delivered file. `seconds` bounds the reading of one file."""

    size: int = 4096 * MEGABYTE
    unpacked: int = 8192 * MEGABYTE
    ratio: int = 200
    columns: int = 500
    row_length: int = 2 * MEGABYTE
    members: int = 200
    workbook: int = 200 * MEGABYTE
    seconds: int = 3600

    @classmethod
    def from_environment(cls) -> "Limits":
        """The defaults, with the size of an upload from `XINHENG_UPLOAD_MB` where set."""
        megabytes = os.environ.get("XINHENG_UPLOAD_MB")
        return cls(size=int(megabytes) * MEGABYTE) if megabytes else cls()

    def check_size(self, size: int) -> None:
        if size == 0:
            raise Refused("这个文件是空的。", "请确认导出成功后重新报送。")
        if size > self.size:
            raise Refused(
                f"文件有 {size // MEGABYTE} MB，超过了 {self.size // MEGABYTE} MB 的上限。", "请拆成几个文件报送。"
            )

    def check_columns(self, count: int) -> None:
        if count > self.columns:
            raise Refused(
                f"文件有 {count} 列，超过了 {self.columns} 列的上限。",
                "请下载本类信息的模板，只保留模板中的列。",
            )

    def check_unpacked(self, packed: int, unpacked: int) -> None:
        if unpacked > self.unpacked or (unpacked > 10 * MEGABYTE and unpacked > packed * self.ratio):
            raise Refused("压缩文件解开后异常地大，没有打开。", "请直接报送未压缩的文件，或拆成几个文件。")

    def check_time(self, seconds: float) -> None:
        if seconds > self.seconds:
            raise Refused(
                f"读这个文件已超过 {self.seconds // 60} 分钟，没有读完。", "请拆成几个文件，或改用 CSV 报送。"
            )

    def too_long_row(self) -> Refused:
        return Refused(
            f"文件中有一行超过 {self.row_length // MEGABYTE} MB，多半是引号没有成对。",
            "请检查引号是否成对，或改用 XLSX 报送。",
        )
