"""Names of organisations: the form they are compared in, and the words they are found by."""

import re
import unicodedata
from functools import cache

from pypinyin import Style, lazy_pinyin

_PLAIN = re.compile(r"[㐀-䶿一-鿿0-9A-Z()]*")
_BLANKS = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_DASHES = "‐‑‒–—―−－﹣"
_UNIFIED = str.maketrans("（）【】〔〕［］[]{}｛｝〈〉" + _DASHES, "()()()()()()()()" + "-" * len(_DASHES))
_ONLY_HAN = re.compile(r"[㐀-䶿一-鿿0-9A-Z]*")
_NOT_SEARCHED = re.compile(r"[\W_]+")
_ASCII_WORD = re.compile(r"[A-Z0-9]+")

BIGRAM, INITIALS = "n", "i"
"""What a search token begins with, so that the two kinds cannot be mistaken for each other."""

PHRASES = {
    "银行": "yh", "行业": "hy", "商行": "sh", "车行": "ch", "分行": "fh", "支行": "zh", "洋行": "yh",
    "总行": "zh", "琴行": "qh", "花行": "hh", "粮行": "lh", "药行": "yh", "行政": "xz", "重庆": "cq",
    "厦门": "xm", "音乐": "yy", "乐器": "yq", "乐清": "yq", "会计": "kj", "六安": "la", "成都": "cd",
    "首都": "sd", "朝阳": "cy", "番禺": "py", "蚌埠": "bb", "东莞": "dg", "洪洞": "ht", "漯河": "lh",
    "宝坻": "bd", "枞阳": "zy", "蔚县": "yx", "单县": "sx", "市长": "sz", "长治": "cz", "家长": "jz",
    "解放": "jf", "传媒": "cm", "传记": "zj", "降解": "jj", "空调": "kt", "调味": "tw", "调料": "tl",
    "调度": "dd", "藏族": "zz", "西藏": "xz", "参茸": "cr", "人参": "rs", "海参": "hs", "秘鲁": "bl",
    "铅山": "ys", "台州": "tz", "大夫": "df",
}  # fmt: skip
"""Frequent words in names of organisations with a character that is read differently elsewhere."""

CHARACTERS = {"长": "chang2"}
"""Characters whose first reading in the dictionary is the rare one in names."""

_PHRASE = re.compile("|".join(map(re.escape, PHRASES)))


def name_key(name: str) -> str:
    """The form in which two names are the same, whatever their width, case, blanks, brackets and dashes."""
    if _PLAIN.fullmatch(name):
        return name
    bracketed = name.replace("（", "(").replace("）", ")")
    if _PLAIN.fullmatch(bracketed):
        return bracketed
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).translate(_UNIFIED).upper()


def searched_form(name: str) -> str:
    """The letters, digits and characters of a name, without brackets and other signs."""
    key = name_key(name)
    return key if _ONLY_HAN.fullmatch(key) else _NOT_SEARCHED.sub("", key)


def initials(name: str) -> str:
    """The first letters of a name's pinyin, in lower case; one for each character of `searched_form`."""
    return _initials(searched_form(name))


def search_tokens(name: str) -> list[str]:
    """What a name is found by: pairs of neighbouring characters, and triples of neighbouring initials."""
    text = searched_form(name)
    letters = _initials(text)
    pairs = [BIGRAM + text[i : i + 2] for i in range(max(len(text) - 1, 1))] if text else []
    triples = [INITIALS + letters[i : i + 3] for i in range(len(letters) - 2)]
    return list(dict.fromkeys(pairs + triples))


def query_tokens(typed: str) -> list[str]:
    """The tokens that every name containing the typed text has; empty where it is too short to narrow.

    Three or more Latin letters or digits are taken as initials, which also finds names with these letters.
    """
    text = searched_form(typed)
    if len(text) > 2 and _ASCII_WORD.fullmatch(text):
        letters = text.lower()
        return sorted({INITIALS + letters[i : i + 3] for i in range(len(letters) - 2)})
    return sorted({BIGRAM + text[i : i + 2] for i in range(len(text) - 1)})


def pinyin_key(name: str) -> str:
    """A key that sorts names as a Chinese index does, by plain code-point order; then by character."""
    text = name_key(name)
    return f"{' '.join(map(_reading, text))} {text}"


def _initials(text: str) -> str:
    letters = "".join(map(_initial, text))
    for found in _PHRASE.finditer(text):
        letters = letters[: found.start()] + PHRASES[found.group()] + letters[found.end() :]
    return letters


@cache
def _initial(character: str) -> str:
    # Anything without a pinyin stands for itself; some lower-case forms are longer than one character.
    found = CHARACTERS.get(character) or lazy_pinyin(character, style=Style.FIRST_LETTER)[0].lower()
    return found[0] if found else character


@cache
def _reading(character: str) -> str:
    return CHARACTERS.get(character) or str(lazy_pinyin(character, style=Style.TONE3)[0]).lower()
