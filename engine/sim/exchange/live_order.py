"""An order on its way: the order as clients see it, and what only the exchange knows of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from engine.domain.numbers import CONTEXT, ZERO
from engine.errors import InvariantError
from engine.sim.exchange.agenda import Deed
from engine.sim.exchange.words import SimOrder, Stage, State

IN_FLIGHT = frozenset({Stage.RECEIVED, Stage.VALIDATING, Stage.SENDING})


@dataclass(slots=True, eq=False)
class LiveOrder:
    """
    One order and its way.

    rests: the stage it is in when nothing is asked of it. on_arrival: what was asked while it was on its way.
    is_passive: it has met the depth and rests, so that others come to it at its own price. since: its rank in time.
    value: money of its fills, price by quantity. needs_each: margin held back for each unit still open. next_share_at,
    share_tick: when a FillRule lets it fill again. comes_back_at: the instant it is on the agenda for.
    """

    order: SimOrder
    rests: Stage = Stage.OPEN
    changes: int = 0
    is_cancelling: bool = False
    is_triggered: bool = False
    is_passive: bool = False
    since: int = 0
    working_at: datetime | None = None
    value: Decimal = ZERO
    needs_each: Decimal = ZERO
    next_share_at: datetime | None = None
    share_tick: int = -1
    comes_back_at: datetime | None = None
    on_arrival: list[Deed] = field(default_factory=list)

    @property
    def is_working(self) -> bool:
        """Whether it may fill now."""
        stage = self.order.stage
        is_out = stage in IN_FLIGHT or stage.is_terminal or self.rests is not Stage.OPEN
        return not is_out

    @property
    def held(self) -> Decimal:
        """The margin held back for what is still open."""
        return CONTEXT.multiply(self.needs_each, self.order.open_quantity)

    @property
    def is_taken(self) -> bool:
        """Whether it passed the risk checks and is not over."""
        return not self.order.stage.is_terminal and self.order.stage not in (Stage.RECEIVED, Stage.VALIDATING)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for its trigger."""
        stage = self.order.stage
        return self.rests is Stage.TRIGGER_PENDING and stage not in IN_FLIGHT and not stage.is_terminal

    def move(self, stage: Stage, at: datetime, **news: object) -> None:
        """Let the order be in a stage, with further news of its fields, and write it into its history."""
        if self.order.stage.is_terminal:
            raise InvariantError(f"order {self.order.id} is {self.order.stage.value} and cannot be {stage.value}")
        order = replace(self.order, stage=stage, updated_at=at, **news)  # type: ignore[arg-type]
        ticket = order.ticket
        state = State(
            stage, at, ticket.type, ticket.quantity, order.filled_quantity, ticket.price, ticket.trigger_price
        )
        self.order = replace(order, history=(*order.history, state))

    def stage_now(self) -> Stage:
        """Return the stage to go back to when one thing that was asked is done."""
        if self.is_cancelling:
            return Stage.CANCELLING
        return Stage.MODIFYING if self.changes else self.rests

    def filled(self, quantity: Decimal, price: Decimal) -> tuple[Decimal, Decimal]:
        """Return the filled quantity and the average price after one more fill."""
        self.value = CONTEXT.add(self.value, CONTEXT.multiply(quantity, price))
        total = CONTEXT.add(self.order.filled_quantity, quantity)
        return total, CONTEXT.divide(self.value, total)
