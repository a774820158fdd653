"""The accounts this engine watches, as leases that it keeps renewing; without one nothing of an account is written."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from engine.domain.journal import ENGINE, Lease
from engine.errors import LeaseLost
from engine.ports import Clock, Journal

SPAN: Final = timedelta(seconds=15)


class Leases:
    """What this engine holds. holder: in words that name it, the same after a restart on the same desk and machine."""

    def __init__(self, journal: Journal, clock: Clock, holder: str) -> None:
        self._journal = journal
        self._clock = clock
        self.holder = holder
        self._held: dict[str, Lease] = {}

    @property
    def held(self) -> tuple[Lease, ...]:
        """All of them."""
        return tuple(self._held.values())

    def holds(self, account: str) -> bool:
        """Return whether an account is ours."""
        return account in self._held

    def of(self, account: str) -> Lease:
        """Return an account's. Raises: LeaseLost when it is not ours any more."""
        found = self._held.get(account)
        if found is None:
            raise LeaseLost(f"{account or 'the engine'} is not watched by {self.holder}", account=account)
        return found

    async def acquire(self, accounts: Iterable[str]) -> None:
        """Take the engine's own and those of accounts: all, or none. Raises: LeaseHeld, StoreError."""
        try:
            for account in (ENGINE, *accounts):
                self._held[account] = await self._journal.acquire(account, self.holder, self._clock.now(), SPAN)
        except BaseException:
            await self.release()
            raise

    async def renew(self) -> None:
        """Put their end off. Raises: LeaseLost, naming the account, which is no longer ours then; StoreError."""
        try:
            renewed = await self._journal.renew(self.held, self._clock.now(), SPAN)
        except LeaseLost as error:
            self._held.pop(error.account or ENGINE, None)
            raise
        self._held.update({lease.account: lease for lease in renewed if lease.account in self._held})

    async def release(self) -> None:
        """Let others have them at once."""
        while self._held:
            _, lease = self._held.popitem()
            await self._journal.release(lease, self._clock.now())
