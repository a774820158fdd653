"""Who is watched here, whose turn is when, and whom a person has stopped."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.runtime.in_force import InForce
from engine.runtime.monitor import Monitor
from engine.runtime.slots import Turn, first_due, missed, turns_of
from engine.runtime.standing_down import Stopped

_UNTIL_TOLD = Turn(timedelta(seconds=1))


@dataclass(slots=True)
class Watched:
    """One account. last_slot: the last one it was looked at in, None before the first."""

    monitor: Monitor
    stopped: Stopped | None = None
    turn: Turn = _UNTIL_TOLD
    last_slot: int | None = None


@dataclass(slots=True)
class Roster:
    """The accounts whose lease is ours, by name."""

    accounts: dict[str, Watched] = field(default_factory=dict)
    _in_force: InForce | None = None

    def is_watched(self, account: str) -> bool:
        """Return whether an account is ours and nobody has stopped it."""
        one = self.accounts.get(account)
        return one is not None and one.stopped is None

    def follow(self, in_force: InForce) -> bool:
        """Give everybody turns by a set; return whether it is another one than before."""
        if in_force is self._in_force:
            return False
        self._in_force = in_force
        periods = {name: in_force.accounts[name].profile.poll for name in self.accounts}
        for name, turn in turns_of(periods).items():
            one = self.accounts[name]
            if one.turn != turn:
                one.turn, one.last_slot = turn, None
        return True

    def due(self, now: datetime) -> tuple[tuple[Watched, int], ...]:
        """Return whose turn it is, with how many slots went by without a look; their turn is over with that."""
        found = []
        for one in self.accounts.values():
            slot = one.turn.slot_at(now)
            if one.last_slot is None or slot > one.last_slot:
                found.append((one, missed(one.turn, one.last_slot, now)))
                one.last_slot = slot
        return tuple(found)

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next turn begins; None when nobody is watched."""
        return first_due(((one.turn, one.last_slot) for one in self.accounts.values()), now)
