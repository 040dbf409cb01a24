"""The one folder everything lives in (`XINHENG_HOME`), and the names of its parts."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """Paths under `XINHENG_HOME`; folders are created by `prepare`, with access for the owner only."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """The home named by `XINHENG_HOME`, else `./var`."""
        return cls(Path(os.environ.get("XINHENG_HOME", "var")).absolute())

    @property
    def postgres(self) -> Path:
        return self.root / "pg"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger"

    @property
    def sources(self) -> Path:
        return self.root / "source"

    @property
    def cases(self) -> Path:
        return self.root / "cases"

    @property
    def authorisations(self) -> Path:
        return self.root / "authorisations"

    @property
    def checks(self) -> Path:
        return self.root / "checks"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def cache(self) -> Path:
        """What can be made again at any time, and speaks of nobody."""
        return self.root / "cache"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @contextmanager
    def workplace(self, purpose: str) -> Iterator[Path]:
        """A folder for clear text, gone afterwards whatever happens; after a kill the next start clears it."""
        folder = self.tmp / f"{purpose}-{uuid.uuid4().hex}"
        folder.mkdir(mode=0o700, parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def prepare(self) -> None:
        """Create the folders that are missing; existing ones are left as they are."""
        parts = (
            self.root,
            self.ledger,
            self.sources,
            self.cases,
            self.authorisations,
            self.checks,
            self.keys,
            self.checkpoints,
            self.cache,
            self.tmp,
            self.inbox,
            self.log,
        )
        for folder in parts:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
