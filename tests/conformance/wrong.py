"""Brokers with one vice each, as adapters have them, and the scenario that catches it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.brokers.budget import Budget
from engine.brokers.paper.adapter import PaperBroker
from engine.domain.enums import OrderStatus
from engine.domain.requests import NewOrder, Receipt, Urgency
from engine.domain.snapshot import Book, Leg, Missing, Order, Quote, Snapshot
from engine.errors import BrokerOutcomeUnknown, BrokerRejected, BrokerUnavailable, OrderFinished
from engine.ports import EVERYTHING, SessionState, Wanted
from engine.sim.exchange.words import Call
from tests.conformance.do_nothing import EVERY_WORD
from tests.conformance.paper import PaperBench
from tests.conformance.world import CODES


class RepeatsOrders(PaperBroker):
    """Sends an order again when no reply came."""

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        try:
            return await super().send_order(order, urgency)
        except BrokerOutcomeUnknown:
            return await super().send_order(order, urgency)


class TakesSilenceForNo(PaperBroker):
    """Says that an order was refused when no reply came."""

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        try:
            return await super().send_order(order, urgency)
        except BrokerOutcomeUnknown as unknown:
            raise BrokerUnavailable(str(unknown)) from None


class ForgetsTheTag(PaperBroker):
    """Does not say which order it is of which nobody knows."""

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        try:
            return await super().send_order(order, urgency)
        except BrokerOutcomeUnknown as unknown:
            raise BrokerOutcomeUnknown(str(unknown)) from None


class SeesNothingForMissing(PaperBroker):
    """Takes a part that was not read for one that is empty."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        told = await super().fetch_snapshot(wanted)
        empty = {
            part: Book((), told.taken_at)
            for part in ("positions", "orders", "fills", "quotes")
            if isinstance(getattr(told, part), Missing)
        }
        return replace(told, **empty)


class AsksOnce(PaperBroker):
    """Gives a read up at the first failure."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        self._line.read = self._once  # type: ignore[method-assign]
        return await super().fetch_snapshot(wanted)

    async def _once(self, call: Call, work: Callable[[], Any], urgency: Urgency = Urgency.ROUTINE) -> Any:
        return await self._line._ask(call, work, urgency)


class KnocksAtOnce(PaperBroker):
    """Asks again without a pause."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        self._line._clock = _NoPause(self._clock)
        return await super().fetch_snapshot(wanted)


class _NoPause:
    def __init__(self, clock: Any) -> None:
        self.now: Callable[[], datetime] = clock.now

    async def sleep(self, span: object) -> None:
        await asyncio.sleep(0)


class RaisesFromReadings(PaperBroker):
    """Lets a reading fail as a whole."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        told = await super().fetch_snapshot(wanted)
        if isinstance(told.positions, Missing):
            raise BrokerUnavailable(told.positions.cause)
        return told


class DatesAllAlike(PaperBroker):
    """Gives every part the time at which the reading began."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        now = self._clock.now()
        told = await super().fetch_snapshot(wanted)
        parts = {part: getattr(told, part) for part in ("positions", "orders", "fills", "funds", "quotes")}
        return replace(
            told, **{name: replace(part, taken_at=now) for name, part in parts.items() if not isinstance(part, Missing)}
        )


class ReadsWhatNobodyAskedFor(PaperBroker):
    """Always reads everything."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        return await super().fetch_snapshot(EVERYTHING)


class _Rewriting(PaperBroker):
    """Changes the rows of its parts."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        told = await super().fetch_snapshot(wanted)
        for part, rewrite in (("positions", self.leg), ("orders", self.row), ("quotes", self.quote)):
            book = getattr(told, part)
            if isinstance(book, Book):
                rows = tuple(new for row in book.rows if (new := rewrite(row)) is not None)
                told = replace(told, **{part: replace(book, rows=rows)})
        return told

    def leg(self, leg: Leg) -> Leg | None:
        return leg

    def row(self, order: Order) -> Order | None:
        return order

    def quote(self, quote: Quote) -> Quote | None:
        return quote


class BelievesReceipts(_Rewriting):
    """Takes what is on its way for filled."""

    def row(self, order: Order) -> Order:
        if order.status is OrderStatus.PENDING_NEW:
            return replace(order, status=OrderStatus.FILLED, filled_quantity=order.quantity, average_price=order.price)
        return order


class BelievesCancels(_Rewriting):
    """Takes for cancelled what is asked to be."""

    def row(self, order: Order) -> Order:
        return replace(order, status=OrderStatus.CANCELED) if order.status is OrderStatus.PENDING_CANCEL else order


class BuriesTheUnknown(_Rewriting):
    """Takes an order of an unknown status for dead."""

    def row(self, order: Order) -> Order:
        return replace(order, status=OrderStatus.CANCELED) if order.status is OrderStatus.UNKNOWN else order


class HidesRefusals(_Rewriting):
    """Leaves rejected orders out of the book."""

    def row(self, order: Order) -> Order | None:
        return None if order.status is OrderStatus.REJECTED else order


class PutsRefusalsInItsOwnWords(_Rewriting):
    """Tells why an order was refused as it thinks best."""

    def row(self, order: Order) -> Order:
        return replace(order, reason="the order was refused") if order.reason else order


class CallsPartFillsOpen(_Rewriting):
    """Does not tell a part fill."""

    def row(self, order: Order) -> Order:
        if order.status is OrderStatus.PARTIALLY_FILLED:
            return replace(order, status=OrderStatus.NEW, filled_quantity=Decimal(0), average_price=None)
        return order


class DropsClosedRows(_Rewriting):
    """Leaves out what was closed today."""

    def leg(self, leg: Leg) -> Leg | None:
        return leg if leg.is_open else None


class RoundsPaise(_Rewriting):
    """Counts in tenths of a rupee."""

    def leg(self, leg: Leg) -> Leg:
        paid = leg.day_buy_value
        return replace(leg, day_buy_value=None if paid is None else round(paid, 1))


class ForgetsTheCarry(_Rewriting):
    """Knows only what was traded today."""

    def leg(self, leg: Leg) -> Leg:
        return replace(leg, opening_quantity=Decimal(0), opening_value=Decimal(0))


class QuotesNothingAsNought(_Rewriting):
    """Gives an empty side a price of 0."""

    def quote(self, quote: Quote) -> Quote:
        return replace(quote, bid=quote.bid or Decimal(0), ask=quote.ask or Decimal(0))


class MixesAccountsUp(PaperBroker):
    """Asks for the same account whoever is meant."""

    def __init__(self, account: str, *arguments: Any, code: str, **more: Any) -> None:
        super().__init__(account, *arguments, code=CODES["A"], **more)


class MistakesTooLate(PaperBroker):
    """Does not tell that an order is finished from any other refusal."""

    async def send_cancel(self, order: Order, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        try:
            return await super().send_cancel(order, urgency)
        except OrderFinished as finished:
            raise BrokerRejected(str(finished), code=finished.code, reason=finished.reason) from None


class CancelsInWordsOnly(PaperBroker):
    """Says that a cancel was received and sends none."""

    async def send_cancel(self, order: Order, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        return Receipt(order.id)


class NeverGoesBackIn(PaperBroker):
    """Does not log in again when its session has expired."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        self._line._session.open = self._stay_out  # type: ignore[method-assign]
        return await super().fetch_snapshot(wanted)

    async def _stay_out(self) -> None: ...


class StormsTheDoor(PaperBroker):
    """Lets every call log in for itself."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        await self._house_login()
        return await super().fetch_snapshot(wanted)

    async def _house_login(self) -> None:
        self._line._session._token = await self._line._session._log_in()


class TriesForEver(PaperBroker):
    """Goes on with a wrong password."""

    async def login(self) -> None:
        self._line._session._refused = 0
        self._line._session.state = SessionState.NONE
        await super().login()


class ComesBackAfterLogout(PaperBroker):
    """Logs in again by itself after a logout."""

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        if self.session is SessionState.LOGGED_OUT:
            self._line._session.state = SessionState.EXPIRED
        return await super().send_order(order, urgency)


class LogsInToLogOut(PaperBroker):
    """Makes sure of a session so that it can end it."""

    async def logout(self) -> None:
        await self._line.read(Call.FUNDS, lambda: None)
        await super().logout()


class SendsWhatItCannot(PaperBroker):
    """Does not look at what is declared."""

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        self._capabilities = EVERY_WORD
        return await super().send_order(order, urgency)


class KnowsNoTurns(PaperBroker):
    """Calls as often as it is asked to."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        self._line._budget = Budget(self._clock)
        return await super().fetch_snapshot(wanted)


class QueuesExits(PaperBroker):
    """Lets an exit wait behind whatever came before it."""

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        return await super().send_order(order)


class ReadsInTurn(PaperBroker):
    """Lets a reading that an exit waits for queue like any other."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        return await super().fetch_snapshot(replace(wanted, urgency=Urgency.ROUTINE))


class SendsWhatWaited(PaperBroker):
    """Sends after a logout what waited for its turn before it."""

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        await self.login()
        token = self._line._session.held()
        self._line._session.open = self._stay_in  # type: ignore[method-assign]
        self._line._session.held = lambda: token  # type: ignore[method-assign]
        return await super().fetch_snapshot(wanted)

    async def _stay_in(self) -> None: ...


class FetchesTheFileEachTime(PaperBroker):
    """Keeps no contract file."""

    async def fetch_contracts(self, on: Any) -> Any:
        self._contracts_on = None
        return await super().fetch_contracts(on)


class FindsAnyTag(PaperBroker):
    """Returns the whole book for a tag."""

    async def fetch_by_tag(self, tag: str, urgency: Urgency = Urgency.EXIT) -> tuple[Order, ...]:
        book = (await super().fetch_snapshot()).orders
        return book.rows if isinstance(book, Book) else ()


# By vice, a scenario it does not survive, with its example.
CAUGHT_BY: dict[type[PaperBroker], tuple[str, str]] = {
    RepeatsOrders: ("test_the_order_was_taken_and_the_reply_is_lost", ""),
    TakesSilenceForNo: ("test_the_order_was_taken_and_its_receipt_is_answer", "-garbage"),
    ForgetsTheTag: ("test_the_order_was_taken_and_the_reply_is_lost", ""),
    SeesNothingForMissing: ("test_the_answer_about_part_is_answer", "-positions-garbage"),
    AsksOnce: ("test_a_short_outage_is_bridged_by_asking_again_with_growing_delays", ""),
    KnocksAtOnce: ("test_a_short_outage_is_bridged_by_asking_again_with_growing_delays", ""),
    RaisesFromReadings: ("test_nobody_answers", ""),
    DatesAllAlike: ("test_a_part_that_came_late_says_so_by_its_own_time", ""),
    ReadsWhatNobodyAskedFor: ("test_what_was_not_asked_for_is_not_read_and_is_not_none", ""),
    BelievesReceipts: ("test_right_after_its_receipt_an_order_is_on_its_way_which_is_not_dead", ""),
    BelievesCancels: ("test_right_after_its_receipt_a_cancel_is_on_its_way_and_the_order_is_alive", ""),
    BuriesTheUnknown: ("test_a_status_nobody_knows_is_alive_until_it_is_proved_dead", ""),
    HidesRefusals: ("test_an_order_that_the_account_cannot_pay", ""),
    PutsRefusalsInItsOwnWords: ("test_an_order_that_the_account_cannot_pay", ""),
    CallsPartFillsOpen: ("test_the_market_holds_less_than_was_asked_for", ""),
    DropsClosedRows: ("test_what_was_closed_today_stays_in_the_book_with_a_net_of_nothing", ""),
    RoundsPaise: ("test_prices_and_amounts_are_exact_to_the_paisa", ""),
    ForgetsTheCarry: ("test_what_was_carried_in_is_valued_at_the_previous_settlement", ""),
    QuotesNothingAsNought: ("test_a_side_on_which_nobody_stands_is_empty_which_is_not_the_same_as_not_told", ""),
    MixesAccountsUp: ("test_two_accounts_are_strangers", ""),
    MistakesTooLate: ("test_a_finished_order_cannot_be_cancelled", ""),
    CancelsInWordsOnly: ("test_a_resting_order_is_cancelled", ""),
    NeverGoesBackIn: ("test_the_session_expires_before_a_read", ""),
    StormsTheDoor: ("test_many_calls_meet_an_expired_session_at_once", ""),
    TriesForEver: ("test_a_login_with_a_wrong_secret_is_refused_and_not_tried_for_ever", ""),
    ComesBackAfterLogout: ("test_after_a_logout_nothing_is_sent_whatever_is_asked", ""),
    LogsInToLogOut: ("test_a_logout_while_the_session_is_expired_does_not_log_in_to_log_out", ""),
    SendsWhatItCannot: ("test_stopmarket_orders_are_not_taken", ""),
    KnowsNoTurns: ("test_a_flood_of_readings_stays_within_what_the_broker_takes", ""),
    QueuesExits: ("test_an_exit_does_not_queue_behind_a_flood_of_readings", ""),
    ReadsInTurn: ("test_nor_does_the_reading_that_an_exit_waits_for", ""),
    SendsWhatWaited: ("test_what_waits_for_its_turn_is_not_sent_after_a_logout", ""),
    FetchesTheFileEachTime: ("test_the_days_contracts_are_fetched_once", ""),
    FindsAnyTag: ("test_an_order_is_found_by_our_tag", ""),
}

BENCHES = {vice.__name__: PaperBench(vice) for vice in CAUGHT_BY}
