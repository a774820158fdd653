"""From the accounts of a desk to their brokers: who is asked where, with which secrets, over which connections."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from engine.brokers.budget import Budget, paces_of
from engine.brokers.http import open_http
from engine.brokers.kotak.adapter import KotakBroker
from engine.brokers.kotak.calls import LOGIN_BASE
from engine.brokers.kotak.contracts import ContractFiles
from engine.brokers.kotak.tokens import Credentials as KotakCredentials
from engine.domain.account import Account
from engine.errors import MisuseError, SettingsError
from engine.ports import Broker, Clock, Wanted
from engine.runtime.credentials import Credentials, prefix_of, read_credentials
from engine.runtime.desk import Desk
from engine.runtime.kept_files import DatedFiles, SessionFiles
from engine.runtime.live import Asking, Heard, fetch_readings, unread
from engine.runtime.told_clock import VARIABLE, clock_of, is_here


@dataclass(frozen=True, slots=True)
class Reach:
    """What opening accounts takes. secrets: by account. clock: by which codes are made and waits are kept."""

    desk: Desk
    secrets: Mapping[str, Credentials]
    clock: Clock


_Accounts = Iterable[Account]
_Open = Callable[[_Accounts, Reach], AbstractAsyncContextManager[Mapping[str, Broker]]]


def fetch_live(
    desk: Desk, account: str | None, spots: tuple[str, ...], environment: Mapping[str, str], readings: int = 1
) -> Mapping[str, Heard]:
    """
    Return readings of each account of a desk, or of the one named; nothing is sent but logins and questions.

    Of an account that cannot be asked every part is Missing with the cause. spots: see `Wanted`.
    Raises: MisuseError when there is no such account, none whose broker is asked over the wire, or a secret is not set.
    """
    if account is not None and account not in desk.accounts:
        known = ", ".join(desk.accounts)
        raise MisuseError(f"the account {account!r} is not in the desk's rekha.yaml; it has {known}")
    chosen = tuple(one for name, one in desk.accounts.items() if account in (None, name))
    asked = tuple(one for one in chosen if one.profile.broker in BROKERS)
    if not asked:
        brokers = ", ".join(f"{one.id} is with {one.profile.broker}" for one in chosen)
        raise MisuseError(
            f"name readings: --snapshot FILE…, or --broker kite|kotak --positions FILE; only accounts with "
            f"{' or '.join(BROKERS)} are asked themselves, and {brokers}"
        )
    check_time(desk, asked, environment)
    secrets = read_credentials(((one.id, one.profile.broker) for one in asked), environment)
    return asyncio.run(_fetch(desk, chosen, secrets, environment, Wanted(spots=spots), readings))


def check_time(desk: Desk, asked: tuple[Account, ...], environment: Mapping[str, str]) -> None:
    """
    Refuse to ask a real account by a simulator's time: it would be dated wrong, and given a simulator's codes.

    Raises: MisuseError that names the accounts.
    """
    away = [one.id for one in asked if not is_here(desk.addresses.get(one.id, ""))]
    if away and is_here(environment.get(VARIABLE, "").strip()):
        raise MisuseError(
            f"{VARIABLE} is set, so that a simulator tells the time, and {', '.join(away)} would be asked at a broker; "
            f"unset it, or give each of them connect: {{url: …}} with the simulator's base_url"
        )


async def _fetch(
    desk: Desk,
    chosen: tuple[Account, ...],
    secrets: Mapping[str, Credentials],
    environment: Mapping[str, str],
    wanted: Wanted,
    readings: int,
) -> Mapping[str, Heard]:
    async with clock_of(environment) as clock, connected(chosen, Reach(desk, secrets, clock)) as brokers:
        asked = [(one, brokers[one.id]) for one in chosen if one.id in brokers]
        heard = await fetch_readings(asked, Asking(wanted, clock, readings))
        now = clock.now()
    return MappingProxyType({one.id: heard.get(one.id) or _never_asked(one, now) for one in chosen})


def _never_asked(account: Account, now: datetime) -> Heard:
    cause = f"accounts with {account.profile.broker} are not asked themselves yet; give readings as files"
    return Heard((unread(account.id, now, cause),))


@asynccontextmanager
async def connected(accounts: Iterable[Account], reach: Reach) -> AsyncIterator[Mapping[str, Broker]]:
    """Give the brokers of accounts by account's name for the block; whose broker is not spoken to is left out."""
    accounts = tuple(accounts)
    found: dict[str, Broker] = {}
    async with AsyncExitStack() as stack:
        for name, opened in BROKERS.items():
            own = [one for one in accounts if one.profile.broker == name]
            if own:
                found.update(await stack.enter_async_context(opened(own, reach)))
        for broker in found.values():
            stack.push_async_callback(broker.close)
        yield MappingProxyType(found)


@asynccontextmanager
async def _kotak(accounts: _Accounts, reach: Reach) -> AsyncIterator[Mapping[str, Broker]]:
    contracts, sessions = ContractFiles(DatedFiles(reach.desk.folder)), SessionFiles(reach.desk.folder)
    async with open_http() as http:
        yield {
            one.id: KotakBroker(
                one.id,
                _kotak_credentials(one.id, reach),
                one.rulebook.capabilities,
                http,
                reach.clock,
                Budget(reach.clock, paces_of(one.rulebook.calls), paces_of(one.rulebook.limits)),
                contracts,
                sessions,
                address=reach.desk.addresses.get(one.id, LOGIN_BASE),
            )
            for one in accounts
        }


def _kotak_credentials(account: str, reach: Reach) -> KotakCredentials:
    try:
        return KotakCredentials.of(reach.secrets[account])
    except SettingsError as error:
        raise MisuseError(f"{prefix_of(account)}{error}") from None


BROKERS: Final[Mapping[str, _Open]] = MappingProxyType({"kotak": _kotak})
