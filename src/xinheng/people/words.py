"""Words for one use that a person types once: binding codes and recovery codes. Kept as hashes only.

Sixteen characters of an alphabet without look-alikes carry 80 random bits, so a plain hash cannot be tried back
and a word cannot be guessed on the page.
"""

import hashlib
import secrets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 16, 4


def new_word() -> str:
    """A new word as it is printed: `7KMQ-2XFA-…`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def hash_word(word: str, *, of: str) -> str:
    """What is kept of a word. `of` says whose it is, so that a word is worth nothing elsewhere.

    Small letters, blanks and missing hyphens do not matter.
    """
    letters = "".join(letter for letter in word.upper() if letter.isalnum())
    return hashlib.sha256(f"{of}\n{letters}".encode()).hexdigest()
