"""What an evaluation leaves behind, made durable: in the journal, and while that fails in files of their own."""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.journal import DecisionRecord, Tick
from engine.errors import LeaseLost, StoreError
from engine.ports import Clock, Journal
from engine.runtime.leases import Leases
from engine.stores.latch_files import LatchFiles, fold_back


@dataclass(frozen=True, slots=True)
class Kept:
    """
    What became of it. refused: keys of the decisions that are not ours to act on. is_in_journal: whether all of it is
    there; else only the decisions are kept, in files.
    """

    refused: frozenset[str]
    is_in_journal: bool


class Keeper:
    """Writes for every account. down_since, why: while the journal cannot be written."""

    def __init__(self, journal: Journal, files: LatchFiles, leases: Leases, clock: Clock) -> None:
        self._journal = journal
        self._files = files
        self._leases = leases
        self._clock = clock
        self.down_since: datetime | None = None
        self.why = ""

    async def keep(self, account: str, tick: Tick) -> Kept:
        """Keep a tick; account: ENGINE for the rules about groups. Raises: LeaseLost, and then nothing is kept."""
        beside = {one.account for one in tick.decisions} - {account}
        leases = [self._leases.of(one) for one in (account, *sorted(beside))]
        try:
            if self.down_since is not None:
                await self.fold_back()
            written = await self._journal.write(leases[0], tick, *leases[1:])
        except LeaseLost:
            raise
        except StoreError as error:
            self._is_down(error)
            return Kept(frozenset(one.key for one in tick.decisions if not self._is_ours(one)), is_in_journal=False)
        self.down_since, self.why = None, ""
        return Kept(written.refused, is_in_journal=True)

    async def fold_back(self) -> None:
        """Bring what was decided without the journal into it. Raises: StoreError while it cannot be written."""
        held = {lease.account: lease for lease in self._leases.held}
        await fold_back(self._files, self._journal, held, self._clock.now())

    def _is_down(self, error: StoreError) -> None:
        self.down_since = self.down_since or self._clock.now()
        self.why = str(error)

    def _is_ours(self, record: DecisionRecord) -> bool:
        try:
            return self._files.take(record)
        except StoreError as error:
            # Kept nowhere, so it may not be done: after a crash nobody would know that it was.
            self.why = str(error)
            return False
