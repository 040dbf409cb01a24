"""The organisations of the county: the one with number n is always the same one, and needs no memory."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from xinheng.base.identifiers import organisation_code, registration_number
from xinheng.base.identifiers.credit_code import ALPHABET, check_character
from xinheng.demo.names import WORDS, address, fantasy_word, former_word, mixed, person_name
from xinheng.demo.texts import Trade, read_trades, repeated_by_weight

AREA = "990001"
PREFIXES = {
    "企业": "91", "个体工商户": "92", "合作社": "93", "事业单位": "12", "社会团体": "51", "民办非企业单位": "52",
    "基金会": "53", "律师事务所": "31", "工会": "81", "村集体": "N2", "组集体": "N1",
}  # fmt: skip
FORMS = (
    ("有限公司",) * 12
    + ("有限责任公司",) * 4
    + ("股份有限公司", "企业（有限合伙）", "（幻海）有限公司", "有限公司云屿分公司")
)
SLOTS = 1000
FIRST_DAY = date(1992, 3, 2)
CODE_REFORM = date(2015, 10, 1)
"""Who was registered before this day also has a 15-digit registration number and an organisation code of digits."""
REGISTERED = {"企业", "个体工商户", "合作社"}
# Primes below 31^6 and 10^8: multiplying by anything smaller visits every remainder once.
_MODERN, _OLD = 887_503_663, 99_999_989


class Party(NamedTuple):
    """What a decision says about its subject."""

    number: int
    name: str
    code: str
    kind: str
    representative: str
    registration_no: str
    """15 digits, empty for those registered after the reform."""
    organisation_code: str
    established_on: date


class Archive(NamedTuple):
    """What the registration authority knows beyond that."""

    trade: Trade
    status: str
    cancelled_on: date | None
    former_name: str
    capital_wan: int
    address: str


class Roster:
    """`count` organisations, told apart by number; `seed` changes who they are."""

    def __init__(self, *, count: int, seed: int, as_at: date) -> None:
        self.count = count
        self.as_at = as_at
        self._seed = seed
        trades = read_trades()
        self._slots = _spread(repeated_by_weight(trades, [trade.weight for trade in trades]))
        self._ranks, self._sizes = _ranks(self._slots)
        self._starts = {word: mixed(place, seed) % WORDS for place, word in enumerate(self._sizes)}
        self._days = (as_at - FIRST_DAY).days
        self.party = lru_cache(maxsize=1 << 16)(self._party)

    def slots_of(self, fields: tuple[str, ...], kinds: frozenset[str] = frozenset()) -> tuple[int, ...]:
        """The slots (number modulo 1000) whose organisations work in these fields and are of these kinds."""
        return tuple(
            slot
            for slot, trade in enumerate(self._slots)
            if (not fields or trade.field in fields) and (not kinds or trade.kind in kinds)
        )

    def drawn(self, slots: tuple[int, ...], first: float, second: float) -> Party:
        """One organisation of these slots; some have many more records than others."""
        slot = slots[int(first * len(slots))]
        layers = (self.count - slot + SLOTS - 1) // SLOTS
        if layers <= 0:
            return self.party(int(first * self.count))
        return self.party(int(second * second * layers) * SLOTS + slot)

    def trade(self, number: int) -> Trade:
        """What the organisation with that number does."""
        return self._slots[number % SLOTS]

    def archive(self, number: int) -> Archive:
        """The registration authority's facts about it."""
        trade = self.trade(number)
        established = self.party(number).established_on
        roll = mixed(number, self._seed + 5) % 1000
        status = "存续" if roll < 880 else "注销" if roll < 960 else "吊销，未注销" if roll < 990 else "迁出"
        ended = None
        if status in {"注销", "迁出"}:
            ended = established + (self.as_at - established) * (roll % 40 + 55) // 100
        former = ""
        if mixed(number, self._seed + 6) % 100 < 4 and trade.kind == "企业":
            former = f"云屿县{former_word(self._word_number(number))}{trade.word}有限公司"
        capital = (5, 10, 30, 50, 100, 200, 500, 1000, 2000, 5000)[mixed(number, self._seed + 7) % 10]
        return Archive(trade, status, ended, former, capital, address(number + self._seed))

    def _party(self, number: int) -> Party:
        trade = self.trade(number)
        established = self._established_on(number)
        old = established < CODE_REFORM
        body = (
            f"{(number + 17) * 48_271_013 % _OLD:08d}"
            if old
            else "MA" + _in_base_31((number + 17) * 48_271_013 % _MODERN)
        )
        part = body + organisation_code.check_character(body)
        first_17 = PREFIXES[trade.kind] + AREA + part
        registration = ""
        if old and trade.kind in REGISTERED:
            first_14 = f"{AREA}{(number + 29) * 76_543_217 % _OLD:08d}"
            registration = first_14 + registration_number.check_digit(first_14)
        return Party(
            number=number,
            name=self._name(number, trade),
            code=first_17 + check_character(first_17),
            kind=trade.kind,
            representative=person_name(number + self._seed),
            registration_no=registration,
            organisation_code=part if old else "",
            established_on=established,
        )

    def _name(self, number: int, trade: Trade) -> str:
        place = "云屿县" if number // SLOTS % 3 else "云屿"
        word = fantasy_word(self._word_number(number))
        if trade.kind == "企业":
            return f"{place}{word}{trade.word}{FORMS[mixed(number, self._seed + 8) % len(FORMS)]}"
        if trade.kind == "合作社":
            return f"{place}{word}{trade.word}农民专业合作社"
        return f"{place}{word}{trade.word}"

    def _word_number(self, number: int) -> int:
        """The n-th organisation of a trade takes the n-th word, counted from a place of the trade's own."""
        slot = number % SLOTS
        word = self._slots[slot].word
        turn, place = divmod(number // SLOTS * self._sizes[word] + self._ranks[slot], WORDS)
        return turn * WORDS + (place + self._starts[word]) % WORDS

    def _established_on(self, number: int) -> date:
        share = mixed(number, self._seed + 4) / 0xFFFFFFFF
        return FIRST_DAY + timedelta(days=int(self._days * (1 - (1 - share) ** 1.7) * 0.99))


def _spread(slots: tuple[Trade, ...]) -> tuple[Trade, ...]:
    """The slots in an order that mixes the trades, so that a small county has all of them."""
    return tuple(slots[place * 389 % SLOTS] for place in range(SLOTS))


def _ranks(slots: tuple[Trade, ...]) -> tuple[list[int], dict[str, int]]:
    """For each slot how many slots of the same trade come before it, and how many each trade has."""
    sizes: dict[str, int] = {}
    ranks = []
    for trade in slots:
        ranks.append(sizes.get(trade.word, 0))
        sizes[trade.word] = ranks[-1] + 1
    return ranks, sizes


def _in_base_31(number: int) -> str:
    characters = ""
    for _ in range(6):
        number, value = divmod(number, 31)
        characters = ALPHABET[value] + characters
    return characters
