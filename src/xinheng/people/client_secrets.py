"""The secret of a program: shown once as `prefix.secret`, kept as a hash."""

import hashlib


def hash_secret(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()
