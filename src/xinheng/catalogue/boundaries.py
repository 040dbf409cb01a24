"""What is never collected: belief, health, family … are refused whatever their disguise.

Two defences stand together. Only fields that name a known catalogue item and a provision are read at all
(`contracts`); and no field may carry a forbidden word in its name, label, code, alias, description or values,
in Chinese, English, pinyin or the usual pinyin initials.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

from xinheng.rulebook.loader import Pack
from xinheng.rulebook.reading import Section, read_each

_LATIN_RUN = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LOOKALIKES = str.maketrans("0134578@$", "oleastbas")
_LONG_ENOUGH = 6
"""Shorter Latin words count only as whole words: "dna" stands inside "fundname"."""

_MIXED_AT_MOST = 10
"""Longer texts are sentences, whose syllables run together into words nobody wrote."""


@dataclass(frozen=True)
class Ban:
    """One kind of information that no contract may hold."""

    key: str
    title: str
    basis: str
    chinese: tuple[str, ...]
    latin: tuple[str, ...]
    """English words and pinyin, joined and in lower case."""
    initials: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A forbidden word that was found."""

    ban: Ban
    word: str
    text: str


@dataclass(frozen=True)
class Boundaries:
    """The bans, and the innocent words that contain a forbidden one."""

    bans: tuple[Ban, ...]
    innocent: tuple[str, ...]

    def find(self, text: str) -> Hit | None:
        """The first forbidden word in the text, None when it is clean."""
        han = _han_form(text, self.innocent)
        words, joined = _latin_forms(text)
        for ban in self.bans:
            for word in ban.chinese:
                if word in han:
                    return Hit(ban, word, text)
            for word in (*ban.latin, *map(_pinyin, ban.chinese)):
                if word in words or (len(word) >= _LONG_ENOUGH and word in joined):
                    return Hit(ban, word, text)
            for word in ban.initials:
                if word in words:
                    return Hit(ban, word, text)
        return None

    def find_in(self, texts: Iterable[str]) -> Hit | None:
        """The first hit in several texts."""
        for text in texts:
            hit = self.find(text)
            if hit:
                return hit
        return None


def load_boundaries(pack: Pack) -> Boundaries:
    """The pack's `boundaries.yaml`."""
    section = pack.file("boundaries.yaml").section
    section.text("description")
    boundaries = Boundaries(
        bans=tuple(read_each(section.sections("bans"), _read_ban)), innocent=section.texts("innocent")
    )
    section.done()
    return boundaries


def _read_ban(entry: Section) -> Ban:
    return Ban(
        key=entry.text("key"),
        title=entry.text("title"),
        basis=entry.text("basis"),
        chinese=entry.texts("chinese"),
        latin=tuple(re.sub(r"[^a-z]", "", word.lower()) for word in entry.texts("english")),
        initials=entry.texts("initials"),
    )


def _han_form(text: str, innocent: tuple[str, ...]) -> str:
    """Only the Han characters of the text, without the innocent words; 宗*教 and 宗 教 become 宗教."""
    han = "".join(_HAN.findall(unicodedata.normalize("NFKC", text)))
    for word in innocent:
        han = han.replace(word, "／")
    return han


def _latin_forms(text: str) -> tuple[set[str], str]:
    """Whole Latin words of the text, and its words run together, both with look-alikes folded.

    A text that mixes scripts (zong教, 健kang) is also read as pinyin from end to end.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    spaced = _CAMEL.sub(" ", "".join(char for char in plain if not unicodedata.combining(char)))
    lowered = spaced.lower()
    folded = lowered.translate(_LOOKALIKES)
    words = {word for form in (lowered, folded) for word in _LATIN_RUN.findall(form)}
    joined = "".join(_LATIN_RUN.findall(lowered)) + " " + "".join(_LATIN_RUN.findall(folded))
    if len(text) <= _MIXED_AT_MOST and words and _HAN.search(text):
        joined += " " + _only_latin(lazy_pinyin(lowered))
    words |= {"".join(_LATIN_RUN.findall(part)) for part in re.split(r"[\s,;，；、/]+", lowered)}
    return words, joined


def _only_latin(parts: Iterable[str]) -> str:
    return "".join("".join(_LATIN_RUN.findall(part)) for part in parts)


@lru_cache(maxsize=1024)
def _pinyin(word: str) -> str:
    return "".join(lazy_pinyin(word))
