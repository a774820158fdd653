"""The file by which a person halts entries without a console: STOP for the whole desk, STOP.<account> for one."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from engine.domain.block import Block, Until
from engine.domain.enums import Mode

NAME: Final = "STOP"


@dataclass(slots=True)
class StopFiles:
    """
    What lies in a desk's folder. list_names: the names in a folder; raises OSError.

    A folder that cannot be read halts every account until it can be: nobody knows what lies there.
    """

    desk: Path
    list_names: Callable[[Path], list[str]] = os.listdir
    found: dict[str, datetime] = field(default_factory=dict)

    def look(self, now: datetime) -> bool:
        """Look again; return whether anything has changed."""
        try:
            names = {name for name in self.list_names(self.desk) if name == NAME or name.startswith(f"{NAME}.")}
        except OSError:
            names = {*self.found, NAME}
        changed = names != self.found.keys()
        self.found = {name: self.found.get(name, now) for name in sorted(names)}
        return changed

    def halts(self, account: str) -> str:
        """Return the name of the file that halts an account, empty for none."""
        return next((name for name in (NAME, f"{NAME}.{account}") if name in self.found), "")

    def block(self, account: str) -> Block | None:
        """Return the block such a file keeps in an account."""
        name = self.halts(account)
        if not name:
            return None
        return Block(None, account, f"the file {name}", 0, Mode.ENFORCE, self.found[name], Until.LIFTED)
