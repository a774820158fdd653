"""One reading of each account: nobody waits for another, and one that cannot be asked is unknown with its cause."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from engine.domain.account import Account, Profile
from engine.domain.capabilities import Ability, Capabilities, Capability
from engine.domain.snapshot import Book, Funds, Link, Missing, Snapshot
from engine.domain.truth import Truth
from engine.errors import BrokerAuthError, BrokerUnavailable, InvariantError, SettingsError
from engine.ports import Broker, ContractList, Wanted
from engine.runtime.clock import RealClock
from engine.runtime.live import Asking, Heard, fetch_readings, unread

AT = datetime(2026, 11, 23, 5, 15, tzinfo=UTC)


class Stopped(RealClock):
    """Always the same instant; who waits for a span is noted and goes on."""

    def __init__(self) -> None:
        self.waited: list[timedelta] = []

    def now(self) -> datetime:
        return AT

    async def sleep(self, span: timedelta) -> None:
        self.waited.append(span)


@dataclass
class Asked:
    """The part of a broker that a reading touches, with what a login does."""

    account: str
    at_login: Callable[[], Coroutine[Any, Any, None]]
    lists: Callable[[date], ContractList] | None = None
    told: list[str] = field(default_factory=list)
    clock_ahead: timedelta | None = None

    @property
    def capabilities(self) -> Capabilities:
        there = Ability(Truth.TRUE if self.lists else Truth.FALSE, "a test")
        return Capabilities("kotak", {Capability.CONTRACT_FILE: there})

    async def login(self) -> None:
        self.told.append("login")
        await self.at_login()

    async def fetch_contracts(self, on: date) -> ContractList:
        assert self.lists is not None
        return self.lists(on)

    async def fetch_snapshot(self, wanted: Wanted) -> Snapshot:
        self.told.append(f"snapshot {','.join(wanted.spots)}")
        books: Any = Book((), AT)
        return Snapshot(self.account, AT, books, books, books, Funds(AT, None, None, None), books)

    async def logout(self) -> None:
        raise AssertionError("a reading ends no session")


async def done() -> None:
    pass


async def for_ever() -> None:
    await asyncio.Event().wait()


def failing(error: Exception) -> Callable[[], Coroutine[Any, Any, None]]:
    async def fail() -> None:
        raise error

    return fail


def heard(
    *asked: Asked, patience: timedelta = timedelta(seconds=30), readings: int = 1, clock: Stopped | None = None
) -> dict[str, Heard]:
    accounts = [(Account(one.account, profile=Profile(poll=timedelta(seconds=4))), cast(Broker, one)) for one in asked]
    asking = Asking(Wanted(spots=("NIFTY",)), clock or Stopped(), readings, patience)
    return dict(asyncio.run(fetch_readings(accounts, asking)))


def test_every_account_is_asked_once_and_stays_logged_in() -> None:
    first, second = Asked("A", done), Asked("B", done)
    found = heard(first, second)
    assert list(found) == ["A", "B"]
    assert [one.link for one in found["A"].readings] == [Link(connected=True)]
    assert first.told == second.told == ["login", "snapshot NIFTY"]


def test_several_readings_are_a_poll_apart() -> None:
    asked, clock = Asked("A", done), Stopped()
    found = heard(asked, readings=3, clock=clock)
    assert len(found["A"].readings) == 3
    assert clock.waited == [timedelta(seconds=4)] * 2
    assert asked.told == ["login", "snapshot NIFTY"] * 3


@pytest.mark.parametrize(
    ("failing_login", "cause"),
    [
        (failing(BrokerUnavailable("B: nobody answers")), "B: nobody answers"),
        (failing(BrokerAuthError("B: Invalid MPIN")), "B: Invalid MPIN"),
        (failing(SettingsError("b.json: others can read or write it")), "b.json: others can read or write it"),
        (for_ever, "no reading within 0.01 seconds"),
    ],
)
def test_one_that_cannot_be_asked_is_unknown_and_the_others_are_read(
    failing_login: Callable[[], Coroutine[Any, Any, None]], cause: str
) -> None:
    quick = timedelta(milliseconds=10) if failing_login is for_ever else timedelta(seconds=30)
    found = heard(Asked("B", failing_login), patience=quick)
    assert found == {"B": Heard((unread("B", AT, cause),))}
    (reading,) = found["B"].readings
    assert reading.positions == Missing(cause)
    assert not reading.link.connected
    both = heard(Asked("B", failing(BrokerUnavailable("gone"))), Asked("A", done))
    assert [one.readings[0].link.connected for one in both.values()] == [False, True]


class Still(Stopped):
    """Stands still for whoever waits by it."""

    async def sleep(self, span: timedelta) -> None:
        raise SettingsError("the clock stands still")


def test_between_readings_a_clock_that_fails_costs_what_comes_after() -> None:
    found = heard(Asked("A", done), readings=3, clock=Still())
    assert [one.link.connected for one in found["A"].readings] == [True, False, False]
    assert found["A"].readings[-1] == unread("A", AT, "the clock stands still")


def test_our_own_fault_is_told_when_all_have_ended() -> None:
    other = Asked("A", done)
    with pytest.raises(InvariantError):
        heard(Asked("B", failing(InvariantError("a bug"))), other)
    assert other.told == ["login", "snapshot NIFTY"]


def gone(on: date) -> ContractList:
    raise BrokerUnavailable(f"no file of {on}")


@pytest.mark.parametrize(
    ("lists", "notes"),
    [
        (lambda on: ContractList(on, ()), ()),
        (
            lambda _: ContractList(date(2026, 11, 20), ()),
            ("contracts are those of 2026-11-20: today's file is not to be had",),
        ),
        (gone, ("no contract file: no file of 2026-11-23",)),
    ],
)
def test_what_is_to_be_said_of_the_contract_file(lists: Callable[[date], ContractList], notes: tuple[str, ...]) -> None:
    found = heard(Asked("A", done, lists), readings=2)["A"]
    assert found.notes == notes
    assert all(one.link.connected for one in found.readings)
