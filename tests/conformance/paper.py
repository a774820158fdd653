"""The paper broker on its bench: in process, no wire."""

from dataclasses import replace
from decimal import Decimal

from engine.brokers.paper.adapter import PaperBroker
from engine.brokers.paper.house import PaperHouse
from engine.brokers.paper.profile import PAPER
from engine.brokers.paper.rows import contracts_of
from engine.domain.capabilities import Capabilities, Capability
from engine.domain.instrument import Instrument
from engine.domain.secret import Secret
from engine.ports import Broker
from engine.sim.exchange.words import Entry
from tests.conformance.bench import SimStage
from tests.conformance.world import CODES, World, contract

_PASSWORD, _WRONG = Secret("open sesame"), Secret("open barley")


class PaperStage(SimStage):
    """The paper broker's stage, or that of one that only differs in its manners."""

    calls_a_second = 10

    def __init__(self, world: World, kind: type[PaperBroker] = PaperBroker, capabilities: Capabilities = PAPER) -> None:
        super().__init__(world)
        self.house = PaperHouse(self.exchange, self.clock, dict.fromkeys(CODES.values(), _PASSWORD), self.faults)
        self._kind, self._capabilities = kind, capabilities
        self._listed = contracts_of(self.exchange.contracts())

    def connect(self, account: str, *, is_right: bool) -> Broker:
        password = _PASSWORD if is_right else _WRONG
        return self._kind(
            account, self.house, password, self.clock, capabilities=self._capabilities, code=CODES[account]
        )

    def spelled(self, name: str) -> Instrument:
        [(key, spelled)] = contracts_of([contract(name, Decimal(100))]).items()
        return self._listed.get(key, spelled)

    def logins(self, account: str, outcome: str) -> int:
        entries = [entry for entry in self.ledger(account) if entry.kind is Entry.LOGIN]
        return len([entry for entry in entries if entry.details["outcome"] == outcome])


class PaperBench:
    """The paper broker; or one of another kind, or one that declares less."""

    def __init__(self, kind: type[PaperBroker] = PaperBroker, capabilities: Capabilities = PAPER) -> None:
        self.capabilities = capabilities
        self._kind = kind

    def __call__(self, world: World) -> PaperStage:
        return PaperStage(world, self._kind, self.capabilities)


# What a broker cannot be without.
_LEAST = frozenset({Capability.LIMIT, Capability.LOGIN})
BARE = PaperBench(capabilities=replace(PAPER, lines={word: PAPER.lines[word] for word in _LEAST}))
