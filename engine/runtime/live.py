"""Readings of several live accounts, side by side: what one account does, the others do not feel."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from engine.domain.account import Account
from engine.domain.capabilities import Capability
from engine.domain.numbers import seconds_of
from engine.domain.snapshot import Link, Missing, Snapshot
from engine.errors import BrokerError, SettingsError
from engine.ports import Broker, Clock, Wanted

# A login that waits for its next code takes half a minute; who has not answered by then is not read this time.
PATIENCE: Final = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Asking:
    """
    How accounts are asked. readings: how many, each account's poll apart. patience: real time for one of them.
    """

    wanted: Wanted
    clock: Clock
    readings: int = 1
    patience: timedelta = PATIENCE


@dataclass(frozen=True, slots=True)
class Heard:
    """
    What one account told: its readings, oldest first.

    notes: what else a person should know of them. clock_ahead: how far our clock is ahead of its broker's, if told.
    """

    readings: tuple[Snapshot, ...]
    notes: tuple[str, ...] = ()
    clock_ahead: timedelta | None = None


async def fetch_readings(accounts: Iterable[tuple[Account, Broker]], asking: Asking) -> Mapping[str, Heard]:
    """Return the readings of accounts, by name; of one that could not be asked every part is Missing with the cause."""
    accounts = tuple(accounts)
    found = await asyncio.gather(*(_hear(*one, asking) for one in accounts), return_exceptions=True)
    heard: dict[str, Heard] = {}
    for (account, _), one in zip(accounts, found, strict=True):
        # Our own fault with one account is told when all others have ended.
        if isinstance(one, BaseException):
            raise one
        heard[account.id] = one
    return MappingProxyType(heard)


def unread(account: str, at: datetime, cause: str) -> Snapshot:
    """Return the reading of an account that could not be asked."""
    missing = Missing(cause)
    return Snapshot(account, at, missing, missing, missing, missing, missing, Link(connected=False))


async def _hear(account: Account, broker: Broker, asking: Asking) -> Heard:
    readings: list[Snapshot] = []
    notes: tuple[str, ...] | None = None
    for number in range(asking.readings):
        try:
            if number:
                await asking.clock.sleep(account.profile.poll)
            async with asyncio.timeout(asking.patience.total_seconds()):
                await broker.login()
                notes = await _contracts(account, broker, asking.clock) if notes is None else notes
                readings.append(await broker.fetch_snapshot(asking.wanted))
        except (BrokerError, SettingsError) as error:
            readings.append(unread(account.id, asking.clock.now(), str(error)))
        except TimeoutError:
            cause = f"no reading within {seconds_of(asking.patience)} seconds"
            readings.append(unread(account.id, asking.clock.now(), cause))
    return Heard(tuple(readings), notes or (), broker.clock_ahead)


async def _contracts(account: Account, broker: Broker, clock: Clock) -> tuple[str, ...]:
    """Have the contract file of the day at hand, for lots and exact expiries; return what is to be said of it."""
    if not broker.capabilities.has(Capability.CONTRACT_FILE):
        return ()
    today = account.calendar.session_at(clock.now()).trading_date
    try:
        contracts = await broker.fetch_contracts(today)
    except BrokerError as error:
        return (f"no contract file: {error}",)
    return () if contracts.on >= today else (f"contracts are those of {contracts.on}: today's file is not to be had",)
