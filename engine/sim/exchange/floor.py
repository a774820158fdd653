"""What the steps of an exchange share: the instant, the markets, the clients' books, the orders, the ledger."""

from datetime import datetime, timedelta
from decimal import Decimal

from engine.domain.numbers import canonical
from engine.sim.exchange.account_book import AccountBook
from engine.sim.exchange.agenda import Agenda
from engine.sim.exchange.draws import duration
from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.live_order import LiveOrder
from engine.sim.exchange.margin import Spots
from engine.sim.exchange.markets import Markets
from engine.sim.exchange.setup import Earlier, FillRule, SessionTimes, Setup, Span
from engine.sim.exchange.words import Contract, Entry, Key, Refusal, SimOrder, Source, Stage, Ticket


class Floor:
    """The state of one exchange; the modules beside this one are what happens to it."""

    def __init__(self, setup: Setup, seed: int) -> None:
        self.setup, self.seed, self.rules = setup, seed, setup.rules
        self.now = setup.start
        self.ledger, self.agenda, self.markets = Ledger(), Agenda(), Markets(setup)
        self.contracts: dict[Key, Contract] = {contract.key: contract for contract in setup.contracts}
        self.accounts = {account.code: account for account in setup.accounts}
        spots = Spots(setup.contracts)
        self.books = {
            code: AccountBook(account, self.contracts, spots, setup.rules.margin)
            for code, account in self.accounts.items()
        }
        self.fills: list[FillRule] = list(setup.fills)
        self.orders: dict[str, LiveOrder] = {}
        self.orders_of: dict[str, list[LiveOrder]] = {code: [] for code in self.accounts}
        self.alive: dict[Key, list[LiveOrder]] = {}
        self.is_consumed: set[Key] = set()
        self._used = {code: book.margin_used() for code, book in self.books.items()}
        self._ranks = 0
        self._trades = 0

    def new_order(self, account: str, ticket: Ticket, at: datetime) -> LiveOrder:
        """Write a received order down."""
        number = f"{self.setup.trading_date:%y%m%d}{len(self.orders) + 1:09d}"
        live = LiveOrder(SimOrder(number, account, ticket, Stage.RECEIVED, at, at))
        live.move(Stage.RECEIVED, at)
        self.orders[number] = live
        self.orders_of[account].append(live)
        self.alive.setdefault(ticket.key, []).append(live)
        return live

    def show_earlier(self, account: str, earlier: Earlier) -> LiveOrder:
        """Write down an order that was over before the day; the ledger of the day does not tell of it."""
        number = f"{earlier.on:%y%m%d}{len(self.orders) + 1:09d}"
        live = LiveOrder(SimOrder(number, account, earlier.ticket, Stage.RECEIVED, earlier.at, earlier.at))
        live.move(Stage.RECEIVED, earlier.at)
        self.orders[number] = live
        self.orders_of[account].append(live)
        return live

    def next_rank(self) -> int:
        """Return the rank in time of an order that begins to rest now."""
        self._ranks += 1
        return self._ranks

    def next_trade(self) -> str:
        """Return the number of the next fill."""
        self._trades += 1
        return f"{self._trades:08d}"

    def exchange_id(self, live: LiveOrder) -> str:
        """Return the exchange's number for an order."""
        return f"1{live.order.id}"

    def latency(self, live: LiveOrder, step: str, span: Span) -> timedelta:
        """Return how long a step of an order takes."""
        return duration(self.seed, f"{live.order.id}/{step}/{len(live.order.history)}", span)

    def session(self, exchange: str) -> SessionTimes | None:
        """Return when an exchange trades today; None when it does not."""
        return self.setup.sessions.get(exchange)

    def is_open(self, exchange: str) -> bool:
        """Return whether an exchange trades now."""
        times = self.session(exchange)
        return times is not None and times.opens_at <= self.now < times.closes_at

    def finish(self, live: LiveOrder, stage: Stage, **news: object) -> None:
        """Let an order be over: what it held back is free again."""
        live.move(stage, self.now, **news)
        self.alive[live.order.ticket.key].remove(live)
        self.books[live.order.account].hold(live.order.id, Decimal(0))
        live.on_arrival.clear()

    def reject(self, live: LiveOrder, refusal: Refusal, text: str) -> None:
        """Refuse an order for good."""
        self.tell(live, Entry.REJECT, of="order", refusal=refusal.value, reason=text)
        self.finish(live, Stage.REJECTED, refusal=refusal, reason=text)
        self.tell_margin(live.order.account, live.order.id)

    def cancel(self, live: LiveOrder, reason: str = "", by: Source | None = None) -> None:
        """Take an order's rest out of the market. reason: why, when its owner did not ask."""
        left = live.order.open_quantity
        news = {"reason": reason} if reason else {}
        self.tell(live, Entry.CANCEL, left=canonical(left), by=(by or live.order.ticket.source).value, **news)
        self.finish(live, Stage.CANCELLED, cancelled_quantity=left, **news)
        self.tell_margin(live.order.account, live.order.id)

    def tell(self, live: LiveOrder, kind: Entry, **details: object) -> None:
        """Write down what became of an order."""
        order = live.order
        ticket = order.ticket
        words: dict[str, object] = {
            "order": order.id,
            "tag": ticket.tag,
            "exchange": ticket.exchange,
            "symbol": ticket.symbol,
            "product": ticket.product,
            "side": ticket.side.value,
            "type": ticket.type.value,
            "quantity": canonical(ticket.quantity),
            "filled": canonical(order.filled_quantity),
            "price": None if ticket.price is None else canonical(ticket.price),
            "trigger_price": None if ticket.trigger_price is None else canonical(ticket.trigger_price),
            "source": ticket.source.value,
        }
        self.ledger.append(self.now, order.account, kind, **{**words, **details})

    def tell_margin(self, account: str, order_id: str) -> None:
        """Write down what is blocked, where an order changed it."""
        used = self.books[account].margin_used()
        before = self._used[account]
        if used != before:
            self._used[account] = used
            free = self.books[account].money(self.markets.last_price).available
            self.ledger.append(
                self.now, account, Entry.MARGIN,
                order=order_id, before=canonical(before), used=canonical(used), available=canonical(free),
            )  # fmt: skip
