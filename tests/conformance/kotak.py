"""Kotak Neo on its bench: the adapter speaks HTTP over a loopback socket with the simulated broker's wire."""

from contextlib import AsyncExitStack

from engine.brokers.budget import Budget, paces_of
from engine.brokers.http import open_http
from engine.brokers.kotak.adapter import KotakBroker
from engine.brokers.kotak.contracts import ContractFiles
from engine.brokers.kotak.tokens import Credentials
from engine.domain.enums import InstrumentKind
from engine.domain.instrument import Instrument
from engine.domain.secret import Secret
from engine.ports import Broker
from engine.runtime.rulebooks import rulebook_for
from engine.sim.exchange.words import Entry
from engine.sim.fault_layer import FaultLayer
from engine.sim.host import host
from engine.sim.kotak.credentials import made_credentials
from engine.sim.kotak.wire import KotakWire, Manner
from engine.sim.kotak.words import reason_text
from tests.conformance.bench import SimStage
from tests.conformance.world import CODES, World, key_of

_LAST_STEP = "mpin"
_RULES = rulebook_for("kotak")


class KotakStage(SimStage):
    """The wire behind its faults on a socket, and what its accounts share: connections and contract files."""

    calls_a_second = 10

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._known = {name: made_credentials(1, code) for name, code in CODES.items()}
        wire = KotakWire(
            self.exchange,
            self._known.values(),
            clock=self.clock,
            faults=self.faults,
            manner=Manner(base_path="/gateway/e43"),
        )
        app = FaultLayer(
            wire.app,
            wire.classify,
            clock=self.clock,
            faults=self.faults,
            ledger=self.exchange.ledger,
            refusals=wire.refusals,
        )
        self._files = ContractFiles()
        self._open = AsyncExitStack()
        addresses = self.do(self._open.enter_async_context(host({"kotak": app})))
        self._http = self.do(self._open.enter_async_context(open_http()))
        self._address = addresses["kotak"]

    def connect(self, account: str, *, is_right: bool) -> Broker:
        known = self._known[account]
        given = Credentials(
            mobile=known.mobile,
            ucc=Secret(known.ucc),
            mpin=known.mpin if is_right else Secret("000000"),
            totp_secret=known.totp_secret,
            access_token=known.access_token,
        )
        budget = Budget(self.clock, paces_of(_RULES.calls), paces_of(_RULES.limits))
        return KotakBroker(
            account, given, KotakBench.capabilities, self._http, self.clock, budget, self._files, address=self._address
        )

    def spelled(self, name: str) -> Instrument:
        _, symbol = key_of(name)
        return Instrument("nse_fo", symbol, InstrumentKind.OPTION)

    def reason(self, account: str, order_id: str) -> str:
        return reason_text(self.order(account, order_id))

    def logins(self, account: str, outcome: str) -> int:
        steps = [entry.details for entry in self.ledger(account) if entry.kind is Entry.LOGIN]
        if outcome == "ok":
            return len([step for step in steps if step["step"] == _LAST_STEP and step["outcome"] == "ok"])
        return len([step for step in steps if step["outcome"] != "ok"])

    def close(self) -> None:
        self.do(self._open.aclose())
        super().close()


class KotakBench:
    """Kotak Neo over HTTP."""

    capabilities = _RULES.capabilities

    def __call__(self, world: World) -> KotakStage:
        return KotakStage(world)
