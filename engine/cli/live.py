"""The accounts of a desk as their brokers tell them now, for the commands that look at readings."""

import os

from engine.cli.inputs import Watched
from engine.runtime.connections import fetch_live
from engine.runtime.desk import Desk
from engine.runtime.told_clock import VARIABLE


def from_live(desk: Desk, account: str | None, spots: tuple[str, ...], readings: int) -> tuple[Watched, ...]:
    """
    Return the desk's accounts, or the one named, with readings taken now, each account's poll apart.

    Raises: MisuseError when there is no such account, none that is asked itself, or a secret is not set.
    """
    told = os.environ.get(VARIABLE)
    origin = f"asked now; the time is that of {told}" if told else "asked now"
    return tuple(
        Watched(desk.accounts[name], heard.readings, None, origin, is_live=True, notes=heard.notes)
        for name, heard in fetch_live(desk, account, spots, os.environ, readings).items()
    )
