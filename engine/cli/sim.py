"""`rekha sim`: a simulated broker on loopback addresses, told in one line of JSON and served until it is ended."""

import argparse
import asyncio
import errno
import json
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

from engine.cli import exits
from engine.cli.output import report_error, write
from engine.errors import EngineError, MisuseError, SettingsError
from engine.runtime.clock import RealClock
from engine.runtime.credentials import prefix_of
from engine.runtime.scenarios import load_scenario, shipped_scenarios
from engine.runtime.told_clock import VARIABLE
from engine.sim.asgi import App, Receive, Scope, Send
from engine.sim.clock import Pace
from engine.sim.control import PREFIX, control
from engine.sim.host import Served, host
from engine.sim.imap.server import mail_server
from engine.sim.kotak.house import KotakHouse
from engine.sim.scenario.day import Day
from engine.sim.simulation import Simulation
from engine.sim.terminal.looks import Skin

# What is simulated, in a line each.
BROKERS: Final = {"kotak": "Kotak Neo: the trading API, the web terminal with its kill switch, the clients' mailboxes"}
# How long nothing must be under way before a skipping clock jumps: who asks from another process needs a moment.
_DWELL: Final = timedelta(seconds=2)


def run(arguments: argparse.Namespace) -> int:
    """Return 0 once it is ended, 1 when it cannot be served, 2 on misuse."""
    try:
        if arguments.list:
            _write_list()
            return exits.OK
        if arguments.broker is None:
            raise MisuseError(f"name a broker: {', '.join(BROKERS)}; rekha sim --list tells what there is")
        asyncio.run(_serve(arguments))
    except EngineError as error:
        return report_error(error)
    return exits.OK


def _write_list() -> None:
    rows = {name: load_scenario(name).title for name in shipped_scenarios()}
    width = max(map(len, (*BROKERS, *rows)))
    write("brokers")
    for name, told in BROKERS.items():
        write(f"  {name:<{width}}  {told}")
    write("scenarios")
    for name, told in rows.items():
        write(f"  {name:<{width}}  {told}")


async def _serve(arguments: argparse.Namespace) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with _opened(_simulation(arguments), arguments) as told:
        write(json.dumps(told))
        sys.stdout.flush()
        await ended.wait()


def _simulation(arguments: argparse.Namespace) -> Simulation:
    scenario = load_scenario(arguments.scenario)
    pace = Pace(arguments.clock) if arguments.clock else None
    simulation = Simulation(scenario, arguments.seed, pace=pace, outside=RealClock(), dwell=_DWELL)
    if arguments.at:
        try:
            simulation.clock.move_to(Day(scenario.setup.trading_date).at(arguments.at))
        except ValueError as error:
            raise MisuseError(f"--at: {error}") from None
    return simulation


@asynccontextmanager
async def _opened(simulation: Simulation, arguments: argparse.Namespace) -> AsyncIterator[Mapping[str, object]]:
    """Serve a broker for the block, and give what is told of it."""
    house = KotakHouse(simulation, skin=Skin(arguments.skin) if arguments.skin else None)
    apps: dict[str, App | Served] = {
        "api": Served(_with_control(house.api, control(simulation)), arguments.port),
        "web": house.web,
    }
    async with AsyncExitStack() as stack:
        try:
            addresses = await stack.enter_async_context(host(apps, beside=simulation.clock.run))
        except OSError as error:
            raise SettingsError(_refused(arguments.port, error)) from error
        mail_host, mail_port = await stack.enter_async_context(mail_server(simulation.post))
        secrets = {
            prefix_of(client.credentials.ucc) + word: secret.reveal()
            for client in house.clients
            for word, secret in client.secrets.items()
        }
        yield {
            "base_url": addresses["api"],
            "web_url": addresses["web"],
            "control_url": addresses["api"],
            "imap_url": f"imap://{mail_host}:{mail_port}",
            "scenario": simulation.scenario.name,
            "accounts": [client.credentials.ucc for client in house.clients],
            "secrets": {**secrets, VARIABLE: f"{addresses['api']}{PREFIX}/clock"},
        }


def _with_control(api: App, controls: App) -> App:
    """Return the broker's application with the simulation's control under its prefix."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told = scope.get("path", "").startswith(f"{PREFIX}/")
        await (controls if told else api)(scope, receive, send)

    return app


def _refused(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; name another one, or --port 0 to be given a free one"
    return f"port {port} cannot be opened: {error.strerror or error}"
