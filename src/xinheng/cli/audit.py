"""`xinheng audit`: whether the log was touched, and noting outside the database where it stands."""

from django.conf import settings

from xinheng.audit.actions import seal, write_checkpoint, write_head
from xinheng.audit.queries import verify as verify_log
from xinheng.base import clock
from xinheng.cli.output import AsJson, print_json, say
from xinheng.cli.parsing import SERVER

TOUCHED = 1


def verify(as_json: AsJson = False) -> int:
    """Check the whole log against itself and the notes outside the database; exit code 1 when it was touched."""
    report = verify_log(SERVER, home=settings.HOME, now=clock.now())
    if as_json:
        print_json({"intact": report.intact, "report": report})
    else:
        say(*report.sentences())
    return 0 if report.intact else TOUCHED


def checkpoint(as_json: AsJson = False) -> None:
    """Seal what is open and write a signed note of where the chain stands."""
    now = clock.now()
    seal(now=now)
    path = write_checkpoint(home=settings.HOME, now=now)
    if as_json:
        print_json({"path": path})
    else:
        say(f"检查点已写到 {path}。", "请把它复制到另一台机器保存。")


def close_log() -> None:
    """Seal what a command has just logged, since no sealer may be running on this machine."""
    now = clock.now()
    if seal(now=now).count:
        write_head(home=settings.HOME, now=now)
