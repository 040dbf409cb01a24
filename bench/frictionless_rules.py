"""A subset of our rules as frictionless would check them: required, length, enumeration, pattern, date.

FROZEN: the ratio in `make bench` compares with these rules and no others. A change of the product's rules does not
change this file; a change of this file makes earlier figures worthless and needs a note in the changelog.
"""

import argparse
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

from frictionless import Detector, Dialect, Resource, Schema, formats

CREDIT_CODE = r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
PENALTY_KIND = (
    "警告|通报批评|罚款|没收违法所得|没收非法财物|暂扣许可证件|降低资质等级|吊销许可证件|限制开展生产经营活动|"
    "责令停产停业|责令关闭|限制从业|行政拘留"
)
PENALTY_KINDS = f"({PENALTY_KIND})(;({PENALTY_KIND}))*"
DATE = "%Y/%m/%d"


@dataclass(frozen=True)
class Speed:
    """How fast a file was checked, and what was found."""

    rows: int
    seconds: float
    errors: int

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def _text(name: str, length: int, *, required: bool = True, **more: object) -> dict[str, object]:
    constraints = {"required": required, "maxLength": length, **more}
    return {"name": name, "type": "string", "constraints": constraints}


def _date(name: str, *, required: bool = True) -> dict[str, object]:
    return {"name": name, "type": "date", "format": DATE, "constraints": {"required": required}}


def _amount(name: str) -> dict[str, object]:
    return {"name": name, "type": "number", "constraints": {"minimum": 0}}


FIELDS: tuple[dict[str, object], ...] = (
    _text("行政相对人名称", 200),
    _text("行政相对人类别", 16, enum=["法人及非法人组织", "自然人", "个体工商户"]),
    _text("行政相对人代码_1(统一社会信用代码)", 18, pattern=CREDIT_CODE),
    _text("行政相对人代码_2(工商注册号)", 50, required=False),
    _text("行政相对人代码_3(组织机构代码)", 9, required=False),
    _text("行政相对人代码_4(税务登记号)", 15, required=False),
    _text("行政相对人代码_5(事业单位证书号)", 12, required=False),
    _text("行政相对人代码_6(社会组织登记证号)", 50, required=False),
    _text("法定代表人", 50),
    _text("法定代表人证件类型", 64, required=False),
    _text("法定代表人证件号码", 64, required=False),
    _text("证件类型", 64, required=False),
    _text("证件号码", 64, required=False),
    _text("行政处罚决定书文号", 128),
    _text("违法行为类型", 2000),
    _text("违法事实", 5000),
    _text("处罚依据", 2000),
    _text("处罚类别", 100, pattern=PENALTY_KINDS),
    _text("处罚内容", 4000),
    _amount("罚款金额(万元)"),
    _amount("没收违法所得、没收非法财物的金额(万元)"),
    _text("暂扣或吊销证照名称及编号", 200, required=False),
    _date("处罚决定日期"),
    _date("处罚有效期"),
    _date("公示截止期", required=False),
    _text("处罚机关", 200),
    _text("处罚机关统一社会信用代码", 18, pattern=CREDIT_CODE),
    _text("数据来源单位", 200),
    _text("数据来源单位统一社会信用代码", 18, pattern=CREDIT_CODE),
    _text("备注", 512, required=False),
)


def check(source: Path, *, rows: int, folder: Path) -> Speed:
    """Check the first `rows` rows of a penalty CSV with frictionless; a shorter copy is made in `folder`.

    The copy is not part of the time. All errors are counted, none is capped.
    """
    short = folder / f"frictionless-{rows}.csv"
    with source.open(encoding="utf-8", newline="") as all_rows, short.open("w", encoding="utf-8", newline="") as part:
        part.writelines(islice(all_rows, rows + 1))
    resource = Resource(
        path=short.name,
        basepath=str(folder),
        encoding="utf-8",
        dialect=Dialect(controls=[formats.CsvControl(delimiter=",")]),
        detector=Detector(sample_size=1),
        schema=Schema.from_descriptor({"fields": list(FIELDS)}),
    )
    started = perf_counter()
    report = resource.validate(limit_errors=rows * len(FIELDS))
    seconds = perf_counter() - started
    task = report.tasks[0]
    return Speed(rows=task.stats["rows"], seconds=seconds, errors=len(task.errors))


def main() -> None:
    """Print rows per second for one file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    given = parser.parse_args()
    speed = check(given.source.absolute(), rows=given.rows, folder=given.source.absolute().parent)
    print(f"{speed.rows} rows, {speed.errors} errors, {speed.rows_per_second:,.0f} rows/s")


if __name__ == "__main__":
    main()
