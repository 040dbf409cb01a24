"""Typed values out of text columns, as Ibis expressions that mean the same on every engine.

A value that already has its plain form is recognised by one cheap test and passes as it is; widths, blanks
and spellings are only looked at where that test fails (a blanket `translate()` cost half of an intake).
Patterns end in `\\z`, because `$` also matches before a final line break on some engines. The plain-Python
twins stand in `checks/plain.py`; Hypothesis compares the two.
"""

from string import ascii_lowercase, ascii_uppercase, digits

import ibis
import ibis.expr.types as ir

from xinheng.base.identifiers import citizen_number, credit_code, organisation_code
from xinheng.catalogue.contract import Field
from xinheng.engines.functions import substring

BLANKS = " \t\n\r\v\f\u00a0\u3000\ufeff\u200b"
"""Characters that count as nothing at either end of a value: among them U+3000, which Excel users type."""
_BLANK_CLASS = f"[{BLANKS}]"
_EDGES = f"^{_BLANK_CLASS}+|{_BLANK_CLASS}+\\z"
_ONLY_BLANKS = f"^{_BLANK_CLASS}*\\z"

FULL_WIDTH = "".join(chr(0xFF01 + offset) for offset in range(94))
HALF_WIDTH = "".join(chr(0x21 + offset) for offset in range(94))
FULL_ALNUM = "".join(c for c, h in zip(FULL_WIDTH, HALF_WIDTH, strict=True) if h.isalnum())
HALF_ALNUM = "".join(h for h in HALF_WIDTH if h.isalnum())

SCALE = 6
"""Decimals kept of a number. An amount in 万元 with six decimals is a whole number of fen."""

PLAIN_DATE = r"^(19|20)[0-9]{2}[-/](0[1-9]|1[0-2])[-/](0[1-9]|[12][0-9]|3[01])\z"
SURE_DATE = r"^(19|20)[0-9]{2}[-/](0[1-9]|1[0-2])[-/](0[1-9]|1[0-9]|2[0-8])\z"
"""A plain date whose day exists in every month, so that no calendar need be asked."""
COMPACT_DATE = r"^(19|20)[0-9]{6}\z"
WRITTEN_DATE = (
    r"^((?:19|20)[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
    r"(?:[T ]+0{1,2}:00(?::00(?:\.0+)?)?)?\z"
)
ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"

_CODE_NOISE = (
    f"[{BLANKS}\u00ad\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d-]"
)
"""Blanks, invisible characters and every kind of hyphen: none of them means anything in a code."""
_CODE_FROM = FULL_WIDTH + ascii_lowercase
_CODE_TO = HALF_WIDTH.upper() + ascii_uppercase

PLAIN_CODE = f"^{credit_code.FORMAT.pattern}\\z"
SURE_CODE = PLAIN_CODE.replace("{10}", "{8}[0-9X][" + credit_code.ALPHABET + "]")
"""A plain code whose organisation part ends as one must."""
_ORGANISATION_ALPHABET = digits + ascii_uppercase


def _remainder(modulo_31: int, modulo_11: int) -> int:
    """The number below 341 with these remainders."""
    return next(n for n in range(341) if n % 31 == modulo_31 and n % 11 == modulo_11)


def _both_values() -> str:
    places = {
        _remainder(value, _ORGANISATION_ALPHABET.index(character) % 11): character
        for value, character in enumerate(credit_code.ALPHABET)
    }
    return "".join(places.get(place, " ") for place in range(max(places) + 1))


_BOTH_VALUES = _both_values()
_ORGANISATION_CHECKS = "0X987654321"
"""The check character by remainder."""

SET_SEPARATORS = "；、，,"
"""What departments put between several values, beside the lawful `;`."""
OPEN_DASHES = "-－—–:："

OPENING, CLOSING = "[(（【［〔｛{", "])）】］〕｝}"
_UNUSUAL_NO = f"[{BLANKS}\\[\\](){{}}（）【】［］｛｝{FULL_ALNUM[0]}-{FULL_ALNUM[-1]}]"
_YEAR_IN_BRACKETS = "[\\[(（【［〔｛{]((?:19|20)[0-9]{2})[\\])）】］〕｝}]"

NAME_DASHES = "‐‑‒–—―−－﹣"
_PLAIN_NAME = "^[㐀-䶿一-鿿0-9A-Z()]*\\z"
NAME_FROM = FULL_WIDTH + ascii_lowercase + "【】〔〕[]{}〈〉" + NAME_DASHES
NAME_TO = HALF_WIDTH.upper() + ascii_uppercase + "()()()()()" + "-" * len(NAME_DASHES)


def field_text(row: ir.Table, field: Field) -> ir.StringValue:
    """The text of a field; '' where it is NULL or one of the words by which its source says "empty"."""
    text = row[field.name].fill_null("")
    return ibis.ifelse(text.isin(field.blanks), "", text) if field.blanks else text


def is_blank(text: ir.StringValue) -> ir.BooleanValue:
    """True for NULL, '' and values made of blanks; never NULL."""
    filled = text.fill_null("")
    return ibis.ifelse(_starts_blank(filled), filled.re_search(_ONLY_BLANKS), False)


def cleaned(text: ir.StringValue) -> ir.StringValue:
    """The value without blanks at either end; NULL where nothing is left."""
    filled = text.fill_null("")
    edge = _starts_blank(filled)
    for blank in BLANKS:
        edge = edge | filled.endswith(blank)
    return ibis.ifelse(edge, trimmed(filled), filled).nullif("")


def trimmed(text: ir.StringValue) -> ir.StringValue:
    """`cleaned` without its quick test, for rows already known to be unusual; keeps ''."""
    return text.re_replace(_EDGES, "")


def _starts_blank(filled: ir.StringValue) -> ir.BooleanValue:
    # ASCII blanks sort before '!', and so does ''; the others lie in two ranges around the Chinese characters,
    # with a few signs like 《 beside them. Five comparisons cost less than asking for each blank by name.
    between = (filled >= "\u00a0") & (filled < "\u3100")
    return (filled < "!") | between | ((filled >= "\ufe70") & (filled < "\uff00"))


def date_value(text: ir.StringValue) -> ir.DateValue:
    """The day a text names; NULL where it names none that exists.

    Read are 2024/03/15, 2024-03-15 (also with 00:00:00), 2024.3.15, 2024年3月15日 and 20240315, 1900 to 2099.
    """
    filled = text.fill_null("")
    return ibis.ifelse(
        filled.re_search(PLAIN_DATE),
        filled.replace("/", "-").try_cast("date"),
        ibis.ifelse(is_blank(filled), ibis.null("date"), _written_date(trimmed(filled))),
    )


def _written_date(text: ir.StringValue) -> ir.DateValue:
    compact = hyphenated(text)
    month = ("0" + text.re_extract(WRITTEN_DATE, 2)).right(2)
    day = ("0" + text.re_extract(WRITTEN_DATE, 3)).right(2)
    iso = ibis.ifelse(text.re_search(COMPACT_DATE), compact, text.re_extract(WRITTEN_DATE, 1) + "-" + month + "-" + day)
    return ibis.ifelse(iso.re_search(ISO_DATE), iso.try_cast("date"), ibis.null("date"))


def hyphenated(day: ir.StringValue) -> ir.StringValue:
    """20260115 as 2026-01-15."""
    return substring(day, 1, 4) + "-" + substring(day, 5, 2) + "-" + substring(day, 7, 2)


def plain_decimal(scale: int = SCALE) -> str:
    """The pattern of a number with at most twelve digits before the point and `scale` behind it."""
    return f"^-?[0-9]{{1,12}}(\\.[0-9]{{1,{scale}}})?\\z" if scale else "^-?[0-9]{1,12}\\z"


def decimal_value(text: ir.StringValue, scale: int = SCALE) -> ir.IntegerValue:
    """The number times 10^scale as int64; NULL where the text is no such number.

    With the scale 6 an amount in 万元 becomes fen. Thousands separators, full-width digits and
    superfluous zeros at the end are understood.
    """
    filled = text.fill_null("")
    return ibis.ifelse(
        filled.re_search(plain_decimal(scale)),
        _scaled(filled, scale),
        ibis.ifelse(is_blank(filled), ibis.null("int64"), _unusual_number(filled, scale)),
    )


def _unusual_number(text: ir.StringValue, scale: int) -> ir.IntegerValue:
    folded = trimmed(text).translate(FULL_WIDTH, HALF_WIDTH)
    number = folded.replace(",", "").re_replace(r"^\+", "")
    number = ibis.ifelse(number.re_search(r"^-?[0-9]*\.[0-9]*0\z"), number.re_replace(r"\.?0+\z", ""), number)
    lawful = number.re_search(plain_decimal(scale)) & (
        ~folded.contains(",") | folded.re_search(r"^[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\z")
    )
    return ibis.ifelse(lawful, _scaled(number, scale), ibis.null("int64"))


def _scaled(number: ir.StringValue, scale: int) -> ir.IntegerValue:
    if not scale:
        return number.try_cast("int64")
    dot = number.find(".")
    fraction = substring(substring(number, dot + 2, scale) + "0" * scale, 1, scale)
    digits = ibis.ifelse(dot < 0, number + "0" * scale, substring(number, 1, dot) + fraction)
    return digits.try_cast("int64")


def normalised_code(text: ir.StringValue) -> ir.StringValue:
    """An identity code in capitals and half width, without blanks and hyphens; NULL where blank."""
    filled = text.fill_null("")
    return ibis.ifelse(filled.re_search(PLAIN_CODE), filled, folded_code(filled)).nullif("")


def folded_code(text: ir.StringValue) -> ir.StringValue:
    """`normalised_code` without its quick test, for values already known to be unusual; keeps ''."""
    return text.re_replace(_CODE_NOISE, "").translate(_CODE_FROM, _CODE_TO)


def check_digit_holds(code: ir.StringValue) -> ir.BooleanValue:
    """GB 32100: whether the 18th character fits the others. Ask it only of codes of the plain form."""
    alphabet = ibis.literal(credit_code.ALPHABET)
    total = ibis.literal(0)
    for position, weight in enumerate((*credit_code.WEIGHTS, 1)):
        total = total + alphabet.find(substring(code, position + 1, 1)) * weight
    return total % 31 == 0


def organisation_part_holds(code: ir.StringValue) -> ir.BooleanValue:
    """GB 11714: whether character 17 fits the characters 9 to 16. Only for codes of the plain form."""
    alphabet = ibis.literal(_ORGANISATION_ALPHABET)
    total = ibis.literal(0)
    for position, weight in enumerate(organisation_code.WEIGHTS):
        total = total + alphabet.find(substring(code, 9 + position, 1)) * weight
    return substring(ibis.literal(_ORGANISATION_CHECKS), total % 11 + 1, 1) == substring(code, 17, 1)


def both_checks_hold(code: ir.StringValue) -> ir.BooleanValue:
    """Both checks of a code of the form SURE_CODE in one sum, at half the price.

    A character stands in `_BOTH_VALUES` where the place modulo 31 is its value in GB 32100 and modulo 11 its
    value in GB 11714; the weights are joined in the same way (Chinese remainders), so that one sum modulo 341
    is zero where both sums are. The check character of the organisation part counts 10 for X, and is added apart.
    """
    places = ibis.literal(_BOTH_VALUES)
    total = ibis.literal(digits + "X").find(substring(code, 17, 1)) * _remainder(0, 1)
    for position, weight in enumerate((*credit_code.WEIGHTS, 1)):
        organisation_weight = organisation_code.WEIGHTS[position - 8] if 8 <= position < 16 else 0
        place = places.find(substring(code, position + 1, 1))
        total = total + place * _remainder(weight, organisation_weight)
    return total % 341 == 0


def citizen_check_holds(number: ir.StringValue) -> ir.BooleanValue:
    """GB 11643: whether the 18th character fits the others. Ask it only of numbers of that form."""
    alphabet = ibis.literal(digits)
    total = ibis.literal(0)
    for position, weight in enumerate(citizen_number.WEIGHTS):
        total = total + alphabet.find(substring(number, position + 1, 1)) * weight
    return substring(ibis.literal(citizen_number.CHECK_CHARACTERS), total % 11 + 1, 1) == substring(number, 18, 1)


def registration_check_holds(number: ir.StringValue) -> ir.BooleanValue:
    """ISO 7064 MOD 11,10: whether the 15th digit fits the others. Ask it only of 15 digits."""
    alphabet = ibis.literal(digits)
    product = ibis.literal(10)
    for position in range(14):
        total = (product + alphabet.find(substring(number, position + 1, 1)) + 9) % 10 + 1
        product = total * 2 % 11
    return (11 - product) % 10 == alphabet.find(substring(number, 15, 1))


def closed_values(field: Field) -> tuple[str, ...]:
    """The values that stand alone: all but the open one, which needs a suffix."""
    return tuple(value for value in field.values if value != field.open_value)


def enum_value(text: ir.StringValue, field: Field) -> ir.StringValue:
    """The lawful value (of an enum) or values joined by `;` (of an enum_set); NULL where any is unknown.

    Synonyms become the value they stand for; an open value is written `其他-补办`.
    """
    filled = text.fill_null("")
    if field.type == "enum_set":
        # The full-width semicolon is so common that it gets a test of its own before the thorough tidying.
        halved = filled.replace("；", ";")
        plain, value = halved.re_search(_lawful(field, suffix="[一-鿿]+")), halved
        tidy = tidy_set(filled, field)
    else:
        plain, value = filled.isin(closed_values(field)), filled
        tidy = tidy_enum(filled, field)
    unusual = ibis.ifelse(tidy.re_search(_lawful(field)), tidy, ibis.null("string"))
    return ibis.ifelse(filled == "", ibis.null("string"), ibis.ifelse(plain, value, unusual))


def tidy_enum(text: ir.StringValue, field: Field) -> ir.StringValue:
    """One value, trimmed and spelt as the contract spells it; not yet known to be lawful."""
    value = trimmed(text).translate(FULL_ALNUM, HALF_ALNUM)
    if field.synonyms:
        value = value.cases(*field.synonyms, else_=value)
    if field.open_value:
        value = value.re_replace(
            f"^{_escaped(field.open_value)}[{OPEN_DASHES}]+{_BLANK_CLASS}*", f"{field.open_value}-"
        )
    return value


def tidy_set(text: ir.StringValue, field: Field) -> ir.StringValue:
    """Several values joined by `;`, each as the contract spells it; not yet known to be lawful.

    A comma inside the suffix of an open value (`其他-补办、换证`) stays, unless a known value follows it.
    """
    value = trimmed(text).translate(FULL_ALNUM + "；，,", HALF_ALNUM + ";、、")
    value = value.re_replace(f"{_BLANK_CLASS}*;{_BLANK_CLASS}*", ";")
    value = value.re_replace(f"{_BLANK_CLASS}*、{_BLANK_CLASS}*", "、")
    for known in (*field.values, *(synonym for synonym, _ in field.synonyms)):
        value = value.replace("、" + known, ";" + known)
    value = ";" + value.replace(";", ";;") + ";"
    for synonym, meaning in field.synonyms:
        value = value.replace(f";{synonym};", f";{meaning};")
    if field.open_value:
        value = value.re_replace(
            f";{_escaped(field.open_value)}[{OPEN_DASHES}]+{_BLANK_CLASS}*", f";{field.open_value}-"
        )
    return value.re_replace(";+", ";").re_replace(r"^;|;\z", "")


def _lawful(field: Field, suffix: str = "[^;]+") -> str:
    choices = [_escaped(value) for value in closed_values(field)]
    if field.open_value:
        choices.append(f"{_escaped(field.open_value)}-{suffix}")
    one = f"({'|'.join(choices)})"
    return f"^{one}(;{one})*\\z" if field.type == "enum_set" else f"^{one}\\z"


def _escaped(value: str) -> str:
    return "".join("\\" + c if c in r"\.[]{}()*+?^$|-" else c for c in value)


def normalised_decision_no(text: ir.StringValue) -> ir.StringValue:
    """A document number without blanks, in half width, the year in 〔〕; NULL where blank."""
    filled = text.fill_null("")
    folded = filled.re_replace(_BLANK_CLASS, "").translate(FULL_ALNUM + "()", HALF_ALNUM + "（）")
    return ibis.ifelse(filled.re_search(_UNUSUAL_NO), _year_in_corner_brackets(folded), filled).nullif("")


def _year_in_corner_brackets(text: ir.StringValue) -> ir.StringValue:
    # Engines write back-references differently, so the year is cut out and put back by position.
    year = text.re_extract(_YEAR_IN_BRACKETS, 1)
    before = text.re_extract(f"^(.*?){_YEAR_IN_BRACKETS}", 1)
    after = substring(text, before.length() + 7, text.length())
    return ibis.ifelse(year == "", text, before + "〔" + year + "〕" + after)


def name_key(text: ir.StringValue) -> ir.StringValue:
    """The form in which two names are compared: no blanks, capitals, one kind of width, bracket and dash.

    NULL where blank. Equal to `base.names.name_key` for the characters named here; rarer compatibility
    characters (㈱, Kangxi radicals) stay as they are, so such a name goes to the review queue.
    """
    filled = text.fill_null("")
    folded = filled.re_replace(_BLANK_CLASS, "").translate(NAME_FROM, NAME_TO)
    return ibis.ifelse(filled.re_search(_PLAIN_NAME), filled, folded).nullif("")
