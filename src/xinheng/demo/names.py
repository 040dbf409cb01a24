"""Names, places and numbers of things that do not exist.

Everything follows from an index by arithmetic, so that a county of any size is written without remembering
what was written before, and no two organisations share a name.
"""

from xinheng.base.errors import WrongUsage
from xinheng.base.identifiers import citizen_number

FIRST = (
    "岚澜霁汀砚琅簌翎鹭棹桉榆樾橡汐沅泠洄涟湉溯漪潆澈烁煦熠珞璟瓴皎秫竽筠箬篁绮缇翊翮聆苒茗莳萤葭蔚蕴薇藜蘅蜃螺觅谧赭遐邈"
    "霭韵颂飒骊鹂麓黛黍弦彗徽忻恬悠拾挽旎昀晗晞暄朔杉杳枫栀桐梓"
)
SECOND = (
    "野渡浦屿泽川墅坞陌畦圃苑庭轩亭榭舫桥径溪涧泉瀑岭峦崖谷丘原林木叶蕊穗禾稼麦禅棋书笺墨帛绡纱锦灯烛钟鼓弓帆桨锚舟筏贝珊珀玑珏"
    "珂琮琳璎斛斗瓯盏樽壶觞"
)
THIRD = "佳茂隆沛裕祥兴泰丰盈顺和谦诚弘毅睿卓恒益聚汇拓启正元凯瑞达通广润嘉宜雅清逸朗旭晟昭晖霖沐淳渊湛熙炽焕"
ONCE = "旧昔故先前曾初早往古"
"""Third characters of former names only."""

SURNAMES = "拟示虚幻设仿演构"
"""No family is called like this: a reader sees at once that the person is invented."""
GIVEN = "知远清和若谷明之思齐怀瑾守拙听雨望舒静姝景行令仪既白云帆子衿南乔言蹊扶光疏影"

TOWNS = (
    "潮音镇",
    "鹭汀镇",
    "沉星镇",
    "望澜镇",
    "月砚镇",
    "琅岬镇",
    "萤渡乡",
    "霁岭乡",
    "墨帆镇",
    "螺湾街道",
    "灯影街道",
    "雾屿街道",
)
ROADS = ("镜汐路", "文澜街", "望灯大道", "听涛街", "星槎路", "栖鹭巷", "盐帆路", "渔火街", "晓潮路", "珊瑚南路")

WORDS = len(FIRST) * len(SECOND)
_MASK = 0xFFFFFFFF


def mixed(number: int, salt: int) -> int:
    """A 32-bit number that looks unrelated to its neighbours' (the finaliser of MurmurHash3)."""
    value = (number * 0x9E3779B1 + salt * 0x85EBCA6B + 0x27D4EB2F) & _MASK
    value ^= value >> 16
    value = (value * 0x85EBCA6B) & _MASK
    value ^= value >> 13
    value = (value * 0xC2B2AE35) & _MASK
    return value ^ (value >> 16)


def fantasy_word(number: int) -> str:
    """The invented word with that number; all numbers give different words.

    >>> fantasy_word(0) != fantasy_word(WORDS)
    True
    """
    turn, number = divmod(number, WORDS)
    # 1777 has no factor in common with the count of words, so that neighbours do not read alike.
    first, second = divmod(number * 1777 % WORDS, len(SECOND))
    if turn > len(THIRD):
        raise WrongUsage("演示县放不下这么多单位。", "请把 --scale 调小。")
    return FIRST[first] + SECOND[second] + (THIRD[turn - 1] if turn else "")


def former_word(number: int) -> str:
    """The word of a former name: never one that an organisation bears today."""
    turn, number = divmod(number, WORDS)
    first, second = divmod(number * 1777 % WORDS, len(SECOND))
    return FIRST[first] + ONCE[turn % len(ONCE)] + SECOND[second]


def person_name(number: int) -> str:
    """An invented natural person's name."""
    value = mixed(number, 77)
    surname, value = value % len(SURNAMES), value // len(SURNAMES)
    first, value = value % len(GIVEN), value // len(GIVEN)
    return SURNAMES[surname] + GIVEN[first] + GIVEN[value % len(GIVEN)]


def person_number(number: int) -> str:
    """A citizen number of the unassigned area 990001 with a correct check character."""
    value = mixed(number, 78)
    year, value = 1955 + value % 50, value // 50
    month, value = 1 + value % 12, value // 12
    day, value = 1 + value % 28, value // 28
    first_17 = f"990001{year}{month:02d}{day:02d}{value % 1000:03d}"
    return first_17 + citizen_number.check_character(first_17)


def address(number: int) -> str:
    """An invented address in the county."""
    value = mixed(number, 79)
    town, road = TOWNS[value % len(TOWNS)], ROADS[value // 16 % len(ROADS)]
    return f"演示省幻海市云屿县{town}{road}{value // 256 % 400 + 1}号"


def mobile_number(number: int) -> str:
    """Shaped like a mobile number, in the block 154 that no carrier has."""
    return f"154{mixed(number, 80) % 100_000_000:08d}"
