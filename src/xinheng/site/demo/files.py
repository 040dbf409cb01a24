"""`xinheng demo files`, and the same files made in a process beside those that take them in."""

import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Annotated

from typer import Option

from xinheng.base.errors import Refused
from xinheng.cli.output import AsJson, print_json, progress, say
from xinheng.demo.county import DEMO_DAY, ORGANISATIONS, RECORDS, SEED, DemoFile, write_county_files

Message = DemoFile | None
"""None: no more files."""
LANE_OF_TYPE: Mapping[str, int] = {"organisation": 0, "licence": 0, "licence_gen1": 0}
"""Who is registered comes first, so it shares the first lane; six rows in ten are licences, the rest goes second."""
LANES = 2


def files(
    out: Annotated[Path, Option("--out", help="文件夹，没有时新建")],
    scale: Annotated[float, Option("--scale", min=0.001, help="县的大小，1 为 5 万家单位、40 万条记录")] = 1.0,
    seed: Annotated[int, Option("--seed", help="随机数种子；种子和日期相同，文件也相同")] = SEED,
    as_at: Annotated[str, Option("--as-at", help="报送截至的日期")] = DEMO_DAY.isoformat(),
    answers: Annotated[bool, Option("--answers", help="另写 answers.json，列出埋下的每一处差错")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the department files of the demo county."""
    with progress(quiet=as_json) as bar:
        task = bar.add_task("生成报送文件", total=None)
        made = write_county_files(
            out,
            seed=seed,
            scale=scale,
            as_at=_day(as_at),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
            with_answers=answers,
        )
    if as_json:
        print_json([_as_json(file) for file in made])
        return
    say(f"已在 {out} 写好 {len(made)} 个文件，共 {sum(file.rows for file in made):,} 行。")


@dataclass(frozen=True)
class FilesInTheMaking:
    """Files that appear one after the other, in the order in which they should be taken in.

    They come in two lanes by type, for two processes: of one type all files go the same way, since what a file
    corrects or withdraws must be known before.
    """

    expected_rows: int
    maker: multiprocessing.process.BaseProcess
    lanes: "tuple[Queue[Message], ...]"

    def require_whole(self) -> None:
        """To be called after the last file: refuse when the maker broke off."""
        self.maker.join()
        if self.maker.exitcode:
            raise Refused("生成演示文件的进程中断了。", "请重新运行；已收下的文件不会重复。")


def files_of(lane: "Queue[Message]") -> Iterator[DemoFile]:
    """Each file of a lane as soon as it is complete."""
    while (file := lane.get()) is not None:
        yield file


@contextmanager
def made_meanwhile(out: Path, *, scale: float, as_at: date) -> Iterator[FilesInTheMaking]:
    """Start making the files in another process; it ends with the block."""
    spawned = multiprocessing.get_context("spawn")
    lanes: tuple[Queue[Message], ...] = tuple(spawned.Queue() for _ in range(LANES))
    maker = spawned.Process(target=_make, args=(out, scale, as_at, lanes), daemon=True)
    maker.start()
    try:
        yield FilesInTheMaking(round((ORGANISATIONS + RECORDS) * scale), maker, lanes)
    finally:
        maker.terminate()
        maker.join()


def _make(out: Path, scale: float, as_at: date, lanes: "tuple[Queue[Message], ...]") -> None:
    try:
        write_county_files(
            out,
            scale=scale,
            as_at=as_at,
            finished=lambda file: lanes[LANE_OF_TYPE.get(file.type, LANES - 1)].put(file),
        )
    finally:
        for lane in lanes:
            lane.put(None)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"“{text}”不是日期。", "请写成 2026-11-21 的形式。") from error


def _as_json(file: DemoFile) -> dict[str, object]:
    return {
        "path": str(file.path),
        "type": file.type,
        "department": file.department,
        "rows": file.rows,
        "delivered_on": file.delivered_on.isoformat(),
    }
