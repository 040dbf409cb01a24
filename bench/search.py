"""How fast the search is with a million organisations, without a web server: `python -m bench --only search`.

Fills the database of a home of its own (never the office's) by COPY, once, and then asks 1 000 seeded questions
of each kind through `register.queries.search`, as the portal does. Imported once Django is set up.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connections

from xinheng.base.identifiers import credit_code
from xinheng.base.names import initials
from xinheng.base.postgres.bulk import copy_rows
from xinheng.base.scope import PUBLIC
from xinheng.register.queries import search
from xinheng.register.search_tokens import count_tokens, search_columns

SEED = 20261121
QUESTIONS = 1_000
COLUMNS = (
    "id", "name", "name_key", "initials", "pinyin_key", "tokens", "credit_code", "kind", "status", "registered",
    "created_batch_no",
)  # fmt: skip
PLACES = ("云屿县", "云屿县", "云屿县", "云屿", "幻海市")
CHARACTERS = "".join(
    dict.fromkeys(
        "鑫源盛达恒瑞宏泰丰华兴隆永顺天地海川金玉宝龙凤祥和平安康乐福禄寿喜春夏秋冬东南西北中正大光明星辰日月山水云雨"
        "风雷松柏竹梅兰菊荷莲青红蓝紫白黑绿橙晨曦朝霞彩虹清泉碧波银河荆洲翠谷幽雅居博文致远思德励志创新启航领扬帆腾飞"
        "跃进翔卓越超群精诚信立业厚载物自强润泽惠民利众智汇聚合融通义仁礼勇忠孝廉诗书画印琴棋茶酒花香鸟语林森木本火炎土石"
    )
)
TRADES = [
    "商贸",
    "建材",
    "农业科技",
    "餐饮管理",
    "装饰工程",
    "机械制造",
    "物流运输",
    "信息技术",
    "食品加工",
    "纺织服装",
    "家具",
    "汽车销售",
    "医药",
    "化工",
    "电子商务",
    "文化传播",
    "广告",
    "教育咨询",
    "房地产开发",
    "物业服务",
    "环保设备",
    "园林绿化",
    "水产养殖",
    "畜牧养殖",
    "种植",
    "五金机电",
    "通讯器材",
    "酒店管理",
    "旅游开发",
    "图文制作",
]
FORMS = (
    ("有限公司",) * 50 + ("经营部", "商行") * 15 + ("专业合作社",) * 10 + ("有限责任公司",) * 6 + ("股份有限公司",) * 2
)


def invented_names(count: int) -> Iterator[str]:
    """Fictional names: a place that does not exist, two or three characters, a trade and a legal form."""
    dice = random.Random(SEED)  # noqa: S311 - a seeded world, no secret
    for _ in range(count):
        word = "".join(dice.choices(CHARACTERS, k=dice.choice((2, 2, 2, 3))))
        yield dice.choice(PLACES) + word + dice.choice(TRADES) + dice.choice(FORMS)


def fill(count: int) -> dict[str, float]:
    """Add organisations up to `count` beside those there are; returns the seconds each step took."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(max(id), 0), coalesce(max(created_batch_no), 0) + 1 FROM register_organisation"
        )
        present, last, batch_no = cursor.fetchone()
    if present >= count:
        return {}
    took: dict[str, float] = {}

    def rows() -> Iterator[tuple[object, ...]]:
        for number, name in enumerate(invented_names(count - present), start=1):
            made = search_columns(name)
            code = credit_code.make("91", "990001", f"{number:08d}")
            texts = (name, made.name_key, made.initials, made.pinyin_key)
            yield (last + number, *texts, made.tokens, code, "企业", "operating", True, batch_no)

    with connections["owner"].cursor() as owner:
        owner.execute("DROP INDEX organisation_tokens")
        with _timed(took, "copy_and_tokens"), connections["default"].cursor() as cursor:
            copy_rows(cursor, "register_organisation", COLUMNS, rows())
        with _timed(took, "token_index"):
            owner.execute(
                "CREATE INDEX organisation_tokens ON register_organisation USING gin (tokens) WITH (fastupdate=off)"
            )
        with _timed(took, "token_counts"):
            count_tokens(batch_no=batch_no)
        owner.execute("VACUUM ANALYZE register_organisation")
        owner.execute("VACUUM ANALYZE register_searchtoken")
    return took


def questions(count: int) -> dict[str, list[str]]:
    """The seeded questions of each kind."""
    dice = random.Random(SEED + 1)  # noqa: S311 - a seeded world, no secret
    asked: dict[str, list[str]] = {
        kind: []
        for kind in ("two_characters", "prefix", "initials", "one_typo", "typo_in_full_name", "full_name", "code")
    }
    chosen = set(dice.sample(range(count), min(QUESTIONS, count)))
    for number, name in enumerate(invented_names(count)):
        if number not in chosen:
            continue
        start = dice.randrange(2, 5)
        asked["two_characters"].append(name[start : start + 2])
        asked["prefix"].append(name[: dice.randrange(4, 7)])
        asked["initials"].append(initials(name)[start : start + dice.randrange(3, 6)])
        core = name[2:9]
        asked["one_typo"].append(_mistyped(core, dice))
        asked["typo_in_full_name"].append(_mistyped(name, dice))
        asked["full_name"].append(name)
        asked["code"].append(credit_code.make("91", "990001", f"{number + 1:08d}"))
    asked["common"] = ["有限公司", "云屿", "商贸", "建材有限", "公司", "yyx", "yxg"] * 20
    return asked


def measure(ask: Callable[[str], object], asked: list[str]) -> dict[str, float]:
    """Median, 95th and 99th percentile and maximum in milliseconds, and processor time of both sides.

    Processor time tells the cost of a search on a machine that is busy with other things.
    """
    server = _server_clock()
    times, work = [], []
    for text in asked:
        begun, worked = time.perf_counter(), time.process_time() * 1000 + server()
        ask(text)
        times.append((time.perf_counter() - begun) * 1000)
        work.append(time.process_time() * 1000 + server() - worked)
    times.sort()
    work.sort()
    return {
        "cpu_p50_ms": round(statistics.median(work), 2),
        "cpu_p95_ms": round(work[int(len(work) * 0.95)], 2),
        "questions": len(times),
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
        "max_ms": round(times[-1], 2),
    }


def _server_clock() -> Callable[[], float]:
    """Milliseconds of processor time our database process has used; always 0 where the system does not tell."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not told.exists():
        return lambda: 0.0
    return lambda: int(told.read_text(encoding="ascii").split()[0]) / 1_000_000


def measure_search(count: int) -> Iterator[dict[str, object]]:
    """Fill if needed, warm up, and measure each kind of question."""
    yield {"organisations": count, "seconds": fill(count)}
    for kind, texts in questions(count).items():
        measure(lambda text: search(PUBLIC, text), texts[:50])
        read_as = statistics.mode(search(PUBLIC, text).kind for text in texts[:50])
        yield {"kind": kind, "read_as": read_as, **measure(lambda text: search(PUBLIC, text), texts)}


class _timed:
    def __init__(self, into: dict[str, float], name: str) -> None:
        self._into, self._name = into, name

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        self._into[self._name] = round(time.perf_counter() - self._begun, 1)


def _mistyped(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    return text[:place] + dice.choice(CHARACTERS) + text[place + 1 :]
