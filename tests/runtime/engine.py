"""A desk watched by the whole engine in one event loop: a simulated Kotak Neo, a stepped clock, a journal in a file."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx

from engine.brokers.budget import Budget, paces_of
from engine.brokers.kotak.adapter import KotakBroker
from engine.brokers.kotak.contracts import ContractFiles
from engine.brokers.kotak.tokens import Credentials
from engine.domain.message import Message
from engine.policy.asked_of_market import spots_asked
from engine.ports import Broker
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.in_force import InForce, Unchanging
from engine.runtime.monitor import Ticked
from engine.runtime.policy_files import load_policies
from engine.runtime.scenarios import load_scenario
from engine.runtime.service import Parts, Service
from engine.sim.clock import Pace, SimClock
from engine.sim.in_process import InProcess
from engine.sim.kotak.house import KotakHouse
from engine.sim.simulation import Simulation
from engine.stores.database import Place, place_in
from engine.stores.journal import SqlJournal
from engine.stores.latch_files import LatchFiles

Answer = TypeVar("Answer")
ADDRESS = "http://127.0.0.1:9"


class Timeless:
    """A journal whose writes take none of a simulated clock's time, as they take next to none of the real one's."""

    def __init__(self, journal: SqlJournal, clock: SimClock) -> None:
        self.journal = journal
        self.clock = clock

    def __getattr__(self, name: str) -> Any:
        do = getattr(self.journal, name)

        async def timeless(*given: object, **more: object) -> object:
            with self.clock.at_work():
                return await do(*given, **more)

        return timeless


@dataclass
class Heard:
    """A notifier that only remembers."""

    messages: list[Message] = field(default_factory=list)

    async def tell(self, message: Message) -> None:
        self.messages.append(message)


@dataclass
class Bench:
    """
    A desk folder before a simulated Kotak Neo. Each run of an engine on it begins where the last one ended.

    desk: with rekha.yaml and policies. ticked: of every run, in order.
    """

    desk: Path
    simulation: Simulation
    house: KotakHouse
    ticked: list[Ticked] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)

    @classmethod
    def of(cls, desk: Path, scenario: str = "kill-day", at: str = "09:15") -> "Bench":
        simulation = Simulation(load_scenario(scenario), pace=Pace.STEPPED)
        simulation.clock.move_to(simulation.scenario.names.day.at(at))
        return cls(desk, simulation, KotakHouse(simulation))

    @property
    def clock(self) -> SimClock:
        return self.simulation.clock

    @property
    def place(self) -> Place:
        return place_in(self.desk)

    def at(self, text: str) -> datetime:
        return self.simulation.scenario.names.day.at(text)

    def in_force(self) -> InForce:
        """The desk's set, read anew."""
        file = read_desk(str(self.desk))
        loaded = load_policies([str(file.policies)], file.currencies)
        assert not loaded.has_errors, loaded.findings
        desk = resolve_desk(file, loaded.program)
        return InForce(loaded.program, desk.accounts, spots_asked(loaded.program, desk.accounts.values()), loaded.texts)

    def do(self, work: Callable[["Running"], Awaitable[Answer]], **parts: Any) -> Answer:
        """Return what comes of some work beside a running engine; both live by the stepped clock."""
        return asyncio.run(self.clock.drive(self._beside(work, parts)))

    async def _beside(self, work: Callable[["Running"], Awaitable[Answer]], parts: Mapping[str, Any]) -> Answer:
        async with self.running(**parts) as running:
            return await work(running)

    @asynccontextmanager
    async def running(self, **parts: Any) -> AsyncIterator["Running"]:
        """Let an engine run for the block."""
        with self.clock.at_work():
            journal = await SqlJournal.opened(self.place)
        in_force = self.in_force()
        async with httpx.AsyncClient(transport=InProcess(self.house.api)) as http:
            timeless: Any = Timeless(journal, self.clock)
            whole: dict[str, Any] = {
                "clock": self.clock,
                "journal": timeless,
                "store": timeless,
                "latch_files": LatchFiles(self.desk / ".rekha"),
                "programs": Unchanging(in_force),
                "brokers": self.brokers(in_force, http),
                "notifier": self.heard,
                "holder": "an engine",
                "ticked": (self.ticked.append,),
                **parts,
            }
            service, ended = Service(Parts(**whole)), asyncio.Event()
            task = asyncio.create_task(service.run(ended))
            try:
                yield Running(self, service, journal, task)
            finally:
                ended.set()
                try:
                    await task
                finally:
                    with self.clock.at_work():
                        await journal.close()

    def brokers(self, in_force: InForce, http: httpx.AsyncClient) -> Mapping[str, Broker]:
        """Every account of the desk that the simulated broker knows."""
        files = ContractFiles()
        clients = {client.credentials.ucc: client for client in self.house.clients}
        return {
            name: KotakBroker(
                name,
                Credentials.of(clients[name].secrets),
                one.rulebook.capabilities,
                http,
                self.clock,
                Budget(self.clock, paces_of(one.rulebook.calls), paces_of(one.rulebook.limits)),
                files,
                address=ADDRESS,
            )
            for name, one in in_force.accounts.items()
            if name in clients
        }


@dataclass
class Running:
    """An engine that runs, and what a test may do beside it."""

    bench: Bench
    service: Service
    journal: SqlJournal
    task: asyncio.Task[None]

    async def until(self, at: str | datetime) -> None:
        """Wait for an instant, or a time of the day; an engine that fails meanwhile fails the test."""
        instant = self.bench.at(at) if isinstance(at, str) else at
        wait = asyncio.ensure_future(self.bench.clock.sleep_until(instant))
        await asyncio.wait({wait, self.task}, return_when=asyncio.FIRST_COMPLETED)
        if not wait.done():
            wait.cancel()
            await self.task
