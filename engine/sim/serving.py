"""Serves a simulation: its wires, and its control as `control`, while its time goes by."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from engine.sim.asgi import App
from engine.sim.control import control
from engine.sim.host import Hosting, Served, host, hosted
from engine.sim.simulation import Simulation

CONTROL: Final = "control"


@asynccontextmanager
async def served(
    simulation: Simulation, apps: Mapping[str, App | Served], control_port: int = 0
) -> AsyncIterator[Mapping[str, str]]:
    """Serve inside a block and give the addresses by name. Raises: as `host`."""
    everything = {**apps, CONTROL: Served(control(simulation), control_port)}
    async with host(everything, beside=simulation.clock.run) as addresses:
        yield addresses


@contextmanager
def served_in_thread(simulation: Simulation, apps: Mapping[str, App | Served]) -> Iterator[Hosting]:
    """Serve from a thread inside a block, for code without an event loop; touch the simulation by `Hosting.ask`."""
    with hosted({**apps, CONTROL: control(simulation)}, beside=simulation.clock.run) as hosting:
        yield hosting
