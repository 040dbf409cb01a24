"""ZIP: its members one after the other, never trusted to be as small as they say."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from xinheng.base.errors import Refused
from xinheng.intake.reading.limits import MEGABYTE, Limits

_READABLE = {".csv", ".txt", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".json", ".parquet"}


def member_names(path: Path, limits: Limits) -> tuple[str, ...]:
    """Members that may hold records; system leftovers are passed over, anything else is refused."""
    with _opened(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        wanted = [info for info in members if not _leftover(info.filename)]
        if not wanted:
            raise Refused("压缩包里没有文件。", "请把数据文件放进压缩包后重新报送。")
        if len(wanted) > limits.members:
            raise Refused(f"压缩包里有 {len(wanted)} 个文件，超过了 {limits.members} 个。", "请分几次报送。")
        if any(info.flag_bits & 1 for info in wanted):
            raise Refused("压缩包有密码，打不开。", "请去掉密码后重新报送。")
        limits.check_unpacked(path.stat().st_size, sum(info.file_size for info in wanted))
        for info in wanted:
            if PurePosixPath(info.filename).suffix.lower() not in _READABLE:
                raise Refused("压缩包里有不能报送的文件。", "压缩包里只放 CSV、XLSX、JSON Lines 或 Parquet 文件。")
        return tuple(info.filename for info in wanted)


def unpack_member(path: Path, name: str, target: Path, limits: Limits) -> None:
    """Unpack one member to `target`, stopping as soon as it grows beyond what it declared or what is allowed."""
    packed = path.stat().st_size
    written = 0
    try:
        with _opened(path) as archive, archive.open(name) as source, target.open("wb") as sink:
            while chunk := source.read(MEGABYTE):
                written += len(chunk)
                limits.check_unpacked(packed, written)
                sink.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused("压缩包不完整，有文件解不开。", "多半是传输中断，请重新打包后再报送。") from error
    except NotImplementedError as error:
        raise Refused("压缩包用的压缩方式读不了。", "请用系统自带的“压缩为 ZIP”重新打包。") from error


def readable_name(name: str) -> str:
    """A member's file name as its sender sees it: Chinese Windows packs names in GB 18030 without saying so."""
    shown = PurePosixPath(name).name
    try:
        return shown.encode("cp437").decode("gb18030")
    except UnicodeError:
        return shown


def _leftover(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name.startswith(".") or path.name == "Thumbs.db"


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise Refused("压缩包不完整，打不开。", "多半是传输中断，请重新打包后再报送。") from error
