"""Kotak Neo in one piece over a simulation: its wire behind the faults, its web terminal, its clients' secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.domain.secret import Secret
from engine.sim.asgi import App
from engine.sim.kotak.credentials import Credentials, made_credentials
from engine.sim.kotak.wire import KotakWire, Manner
from engine.sim.simulation import Simulation
from engine.sim.terminal.app import Terminal
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Member, made_member
from engine.sim.terminal.segments import KillSwitch
from engine.sim.terminal.signin import SignIn


@dataclass(frozen=True, slots=True)
class Client:
    """One client of the house: what opens the API, and what opens the web terminal and the mailbox."""

    credentials: Credentials
    member: Member

    @property
    def secrets(self) -> Mapping[str, Secret]:
        """What the client signs in with, by the words environment variables end with."""
        own, member = self.credentials, self.member
        return MappingProxyType(
            {
                "MOBILE": own.mobile,
                "UCC": Secret(own.ucc),
                "MPIN": own.mpin,
                "TOTP_SECRET": own.totp_secret,
                "ACCESS_TOKEN": own.access_token,
                "WEB_PASSWORD": own.web_password,
                "MAIL_ADDRESS": Secret(member.email),
                "MAIL_PASSWORD": member.mail_password,
            }
        )


class KotakHouse:
    """The broker of all accounts of a scenario. api, web: what is served; both write into the simulation's ledger."""

    def __init__(self, simulation: Simulation, *, skin: Skin | None = None, manner: Manner | None = None) -> None:
        looks, seed, now = simulation.scenario.terminal, simulation.seed, simulation.clock.now
        self.clients = tuple(
            Client(own, made_member(seed, own.ucc, own.mobile, own.web_password, looks.otp))
            for own in (made_credentials(seed, code) for code in simulation.exchange.accounts())
        )
        self.wire = KotakWire(
            simulation.exchange,
            [client.credentials for client in self.clients],
            clock=simulation.clock,
            faults=simulation.faults,
            seed=seed,
            manner=manner or Manner(),
        )
        members = tuple(client.member for client in self.clients)
        sign_in = SignIn(members, simulation.post, simulation.ledger, now, seed=seed, holds=simulation.clock)
        simulation.clock.carry(sign_in)
        self.terminal = Terminal(
            sign_in,
            KillSwitch(simulation.exchange, simulation.post, simulation.faults, now),
            simulation.faults,
            now,
            skin=skin or looks.skin,
            end_api=self.wire.end_sessions,
        )
        self.api: App = simulation.guard(self.wire.app, self.wire.classify, self.wire.refusals)
        self.web: App = self.terminal.guarded(simulation.guard)
