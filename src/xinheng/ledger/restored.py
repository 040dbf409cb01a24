"""The mark of a home that was put back from a back-up: nothing is swept until the doctor found it well."""

from pathlib import Path

from xinheng.base.home import Home


def mark_restored(home: Home) -> None:
    """From now on nothing is swept."""
    _mark(home).touch(mode=0o600)


def sweeping_is_off(home: Home) -> bool:
    """Whether the home was restored and nobody proved it well yet."""
    return _mark(home).exists()


def prove_well(home: Home) -> None:
    """The doctor found nothing: sweeping goes on."""
    _mark(home).unlink(missing_ok=True)


def _mark(home: Home) -> Path:
    return home.root / "restored"
