"""
The control of a running simulation over HTTP, under `/_sim/`: its ledger and clock, its faults, prices and hands.

    GET  ledger?after=N&kind=fill&account=A      what happened
    GET  clock       POST clock {step: 30s} · {to: 10:30} · {rate: 2} · {hold: kill} · {release: kill}
    GET  faults      POST faults {fault: outage, …}, as in a scenario file      DELETE faults?number=N, or all
    POST price {contract: NIFTY 24000 CE 01DEC, last: 130, without: offers}, or {…, by: 25} for the rest of the day
    POST hand {do: A buy 65 NIFTY 24000 CE 01DEC NRML limit 80}                 POST fills {share: 50%, …}
    POST session/expire {account: A}             GET sms?account=A
    GET  state       GET scenario

A body is JSON or YAML. What cannot be meant is answered with 400 and a sentence.
"""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.domain.numbers import canonical, exact
from engine.sim.asgi import App
from engine.sim.control_shape import control_shapes
from engine.sim.exchange.setup import Tick
from engine.sim.exchange.words import Position, SimOrder
from engine.sim.faults import Fault, FaultKind
from engine.sim.scenario.names import part_of
from engine.sim.scenario.part import Part, span
from engine.sim.simulation import Simulation

Json = dict[str, Any] | list[Any]
PREFIX: Final = "/_sim"


def control(simulation: Simulation) -> App:
    """Return the application that controls a simulation."""
    asked = _Control(simulation)
    routes = [
        ("GET", "ledger", asked.ledger),
        ("GET", "clock", asked.clock),
        ("POST", "clock", asked.move),
        ("GET", "faults", asked.faults),
        ("POST", "faults", asked.add_fault),
        ("DELETE", "faults", asked.clear_faults),
        ("POST", "price", asked.price),
        ("POST", "hand", asked.hand),
        ("POST", "fills", asked.rule_fills),
        ("POST", "session/expire", asked.expire),
        ("GET", "sms", asked.sms),
        ("GET", "state", asked.state),
        ("GET", "scenario", asked.scenario),
    ]
    return Starlette(
        routes=[Route(f"{PREFIX}/{path}", asked.answering(do), methods=[method]) for method, path, do in routes]
    )


class _Control:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._names = simulation.scenario.names

    def answering(self, do: Callable[[Request], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            # Reading the time lets everything happen that is due.
            self._simulation.clock.now()
            try:
                return JSONResponse(await do(request))
            except ValueError as error:
                return JSONResponse({"error": str(error)}, 400)

        return answer

    async def ledger(self, request: Request) -> Json:
        asked = request.query_params
        after = asked.get("after", "0")
        if not after.isdecimal():
            raise ValueError(f"after is the number of an entry, not '{after}'")
        kind, account = asked.get("kind"), asked.get("account")
        return [
            entry.as_json()
            for entry in self._simulation.ledger.entries(int(after))
            if (kind is None or entry.kind.value == kind) and (account is None or entry.account == account)
        ]

    async def clock(self, _: Request) -> Json:
        clock, due = self._simulation.clock, self._simulation.exchange.next_event_at()
        return {
            "now": clock.now().isoformat(),
            "pace": clock.pace.value,
            "rate": clock.rate,
            "flows": clock.is_flowing,
            "holds": dict(clock.holds),
            "next_event_at": None if due is None else due.isoformat(),
        }

    async def move(self, request: Request) -> Json:
        told, clock = await self._part(request, "clock"), self._simulation.clock
        rate = told.read("rate", float, None)
        if rate is not None:
            clock.run_at(rate)
        for key, do in (("hold", clock.take), ("release", clock.release)):
            name = told.read(key, str, None)
            if name is not None:
                do(name)
        step, to = told.read("step", span, None), told.read("to", self._names.day.at, None)
        if to is not None:
            if to < clock.now():
                raise ValueError("time does not go back")
            await clock.step(to - clock.now())
        if step is not None:
            await clock.step(step)
        return await self.clock(request)

    async def faults(self, _: Request) -> Json:
        return [_fault(number, fault) for number, fault in self._simulation.faults.in_force().items()]

    async def add_fault(self, request: Request) -> Json:
        fault = self._names.read_fault(await _text(request))
        return _fault(self._simulation.faults.add(fault), fault)

    async def clear_faults(self, request: Request) -> Json:
        number = request.query_params.get("number")
        if number is not None and (not number.isdecimal() or int(number) not in self._simulation.faults.in_force()):
            raise ValueError(f"no fault has the number '{number}'")
        self._simulation.faults.clear(None if number is None else int(number))
        return await self.faults(request)

    async def price(self, request: Request) -> Json:
        told, exchange = await self._part(request, "price"), self._simulation.exchange
        contract = self._names.listing.find(told.read("contract", str, ""))
        last, by, without = told.read("last", exact, None), told.read("by", exact, None), told.read("without", str, "")
        if (last is None) is (by is None):
            raise ValueError("a price is told as last, or as by how much it gaps")
        if by is not None:
            market = exchange.market(contract.key)
            if market is not None and market.last_price + by <= 0:
                raise ValueError(f"a price stays above 0: {contract.symbol} is at {canonical(market.last_price)}")
            exchange.gap(contract.key, by)
        elif last is not None:
            bids, asks = () if without == "bids" else None, () if without == "offers" else None
            exchange.quote(Tick(exchange.now, contract.key, last, bids, asks, contract.lot_size))
        market = exchange.market(contract.key)
        return {"symbol": contract.symbol, "last_price": None if market is None else canonical(market.last_price)}

    async def hand(self, request: Request) -> Json:
        told, exchange = await self._part(request, "hand"), self._simulation.exchange
        before = len(self._simulation.ledger.entries())
        hand = self._names.hand(f"00:00 {told.read('do', str, '')}")
        working = (one.ticket.tag for one in exchange.orders(hand.account) if not one.stage.is_terminal)
        if hand.ticket is None and hand.tag not in working:
            raise ValueError(f"{hand.account} has no working order with the tag {hand.tag}")
        exchange.act(hand)
        return [entry.as_json() for entry in self._simulation.ledger.entries(before)]

    async def rule_fills(self, request: Request) -> Json:
        self._simulation.exchange.rule_fills(self._names.read_fill(await _text(request)))
        return {}

    async def expire(self, request: Request) -> Json:
        told = await self._part(request, "session/expire")
        account = told.read("account", str, None)
        whose = self._names.accounts if account is None else (self._names.account(account),)
        expired = [Fault(FaultKind.SESSION_EXPIRED, frozenset({one}), times=1) for one in whose]
        return [_fault(self._simulation.faults.add(fault), fault) for fault in expired]

    async def sms(self, request: Request) -> Json:
        texts = self._simulation.post.texts(request.query_params.get("account", ""))
        return [{"at": one.at.isoformat(), "account": one.account, "text": one.text} for one in texts]

    async def state(self, _: Request) -> Json:
        return {account: self._account(account) for account in self._simulation.exchange.accounts()}

    async def scenario(self, _: Request) -> Json:
        scenario = self._simulation.scenario
        return {
            "name": scenario.name,
            "title": scenario.title,
            "seed": self._simulation.seed,
            "start": scenario.setup.start.isoformat(),
            "accounts": list(self._names.accounts),
            "contracts": [contract.symbol for contract in scenario.setup.contracts],
            "text": scenario.text,
        }

    def _account(self, account: str) -> dict[str, Any]:
        exchange = self._simulation.exchange
        money = exchange.money(account)
        return {
            "positions": [_position(row) for row in exchange.positions(account)],
            "orders": [_order(order) for order in exchange.orders(account)],
            "money": {
                "cash": canonical(money.cash),
                "realized": canonical(money.realized),
                "unrealized": canonical(money.unrealized),
                "margin_used": canonical(money.margin_used),
                "available": canonical(money.available),
            },
            "locked": sorted(exchange.locked(account)),
        }

    async def _part(self, request: Request, path: str) -> Part:
        part, _ = part_of(await _text(request), control_shapes()[path])
        return part


async def _text(request: Request) -> str:
    return (await request.body()).decode("utf-8", "replace")


def _fault(number: int, fault: Fault) -> dict[str, Any]:
    return {
        "number": number,
        "fault": fault.kind.value,
        "accounts": sorted(fault.accounts),
        "calls": sorted(call.value for call in fault.calls),
        "since": None if fault.since is None else fault.since.isoformat(),
        "until": None if fault.until is None else fault.until.isoformat(),
        "times": fault.times,
        **fault.details,
    }


def _position(row: Position) -> dict[str, Any]:
    return {
        "exchange": row.contract.exchange,
        "symbol": row.contract.symbol,
        "product": row.product,
        "net": canonical(row.net),
        "carried": canonical(row.carried),
        "bought": canonical(row.bought),
        "sold": canonical(row.sold),
    }


def _order(order: SimOrder) -> dict[str, Any]:
    ticket = order.ticket
    return {
        "order": order.id,
        "stage": order.stage.value,
        "exchange": ticket.exchange,
        "symbol": ticket.symbol,
        "product": ticket.product,
        "side": ticket.side.value,
        "type": ticket.type.value,
        "quantity": canonical(ticket.quantity),
        "filled_quantity": canonical(order.filled_quantity),
        "price": _shown(ticket.price),
        "trigger_price": _shown(ticket.trigger_price),
        "average_price": _shown(order.average_price),
        "tag": ticket.tag,
        "source": ticket.source.value,
        "reason": order.reason,
    }


def _shown(price: Decimal | None) -> str | None:
    return None if price is None else canonical(price)
