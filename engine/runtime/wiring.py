"""From a desk folder to an engine that runs on it: the only place that knows everybody."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from engine.errors import MisuseError, SettingsError
from engine.notifiers.ping import pinging
from engine.notifiers.services import ServiceChannel
from engine.notifiers.switchboard import Everybody, Routes, Switchboard
from engine.policy.asked_of_market import spots_asked
from engine.ports import Clock, Notifier
from engine.runtime.alerts import Climb
from engine.runtime.connections import BROKERS, Reach, check_time, connected
from engine.runtime.credentials import read_credentials
from engine.runtime.desk import Desk, read_desk, resolve_desk
from engine.runtime.in_force import InForce, Unchanging, in_dry_run
from engine.runtime.kept_files import KEPT
from engine.runtime.monitor import Ticked
from engine.runtime.notify_settings import Addresses, read_addresses
from engine.runtime.one_engine import alone_on
from engine.runtime.policy_files import load_policies
from engine.runtime.service import Parts, Service
from engine.runtime.told_clock import clock_of
from engine.runtime.watchman import Eyes
from engine.stores.database import place_in
from engine.stores.journal import SqlJournal
from engine.stores.latch_files import LatchFiles
from engine.stores.readings import Bounds


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What a person wants to run. is_dry: nothing is enforced, whatever the policies say.

    ticked: who hears of each look at an account.
    """

    folder: str
    environment: Mapping[str, str] = field(repr=False)
    is_dry: bool = False
    ticked: tuple[Callable[[Ticked], None], ...] = ()


@dataclass(frozen=True, slots=True)
class Wired:
    """
    An engine put together. watched: its accounts, by name. left_out: why the other ones of the desk are not.

    board: its channels, and how they stand.
    """

    service: Service
    clock: Clock
    watched: tuple[str, ...]
    left_out: Mapping[str, str]
    board: Switchboard


@asynccontextmanager
async def wired(wish: Wish, notifier: Notifier) -> AsyncIterator[Wired]:
    """
    Give the engine of a desk for the block, not running yet.

    Raises: PolicyErrors, MisuseError and SettingsError for a desk that cannot be run; StoreError for its journal.
    """
    desk, in_force = _read(wish)
    watched = tuple(one for one in desk.accounts.values() if one.profile.broker in BROKERS)
    left_out = {
        one.id: f"accounts with {one.profile.broker} are not asked themselves yet"
        for one in desk.accounts.values()
        if one.profile.broker not in BROKERS
    }
    if not watched:
        raise MisuseError(f"{wish.folder}: nobody to watch; accounts need broker: {' or '.join(BROKERS)}")
    check_time(desk, watched, wish.environment)
    secrets = read_credentials(((one.id, one.profile.broker) for one in watched), wish.environment)
    addresses = read_addresses(desk.notify, wish.environment)
    async with AsyncExitStack() as stack:
        holder = stack.enter_context(alone_on(desk.folder))
        clock = await stack.enter_async_context(clock_of(wish.environment))
        journal = await SqlJournal.opened(place_in(desk.folder))
        stack.push_async_callback(journal.close)
        brokers = await stack.enter_async_context(connected(watched, Reach(desk, secrets, clock)))
        board = await stack.enter_async_context(_board(desk, addresses, clock))
        parts = Parts(
            clock=clock,
            journal=journal,
            store=journal,
            latch_files=LatchFiles(desk.folder / KEPT),
            programs=Unchanging(in_force),
            brokers=brokers,
            notifier=Everybody(notifier, board),
            deliveries=board.listen,
            climb=Climb(desk.notify.channels, desk.notify.repeat),
            holder=holder,
            eyes=Eyes(desk.folder),
            ticked=wish.ticked,
            prune=lambda now: journal.prune(now, Bounds()),
        )
        yield Wired(Service(parts), clock, tuple(brokers), MappingProxyType(left_out), board)


@asynccontextmanager
async def _board(desk: Desk, addresses: Addresses, clock: Clock) -> AsyncIterator[Switchboard]:
    """Give the desk's channels for the block, and call the address that notices our silence."""
    channels = {name: ServiceChannel(name, address) for name, address in addresses.channels.items()}
    routes = Routes(desk.notify.channels[:1], desk.notify.otherwise)
    zone = next(iter(desk.accounts.values())).zone
    board = Switchboard(channels, routes, clock, zone)
    async with board.running(), pinging(addresses.ping, desk.notify.ping, clock):
        yield board


def _read(wish: Wish) -> tuple[Desk, InForce]:
    file = read_desk(wish.folder)
    try:
        loaded = load_policies([str(file.policies)], file.currencies)
    except MisuseError as error:
        raise SettingsError(f"{Path(wish.folder) / 'rekha.yaml'}: policies: {error}") from None
    program = loaded.require()
    desk = resolve_desk(file, program)
    spots = spots_asked(program, desk.accounts.values())
    in_force = InForce(program, desk.accounts, spots, loaded.texts)
    return desk, in_dry_run(in_force) if wish.is_dry else in_force
