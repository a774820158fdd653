"""The alerts of a running engine: raised, told again until somebody answers, ended, and kept over a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from engine.domain.enums import Severity
from engine.domain.journal import ENGINE, Command, Note, OutcomeRecord, StateChange, StoredState, Tick
from engine.domain.message import Delivery, Message
from engine.domain.serial import form_of, plain_of, text_of
from engine.errors import LeaseLost
from engine.ports import Clock, Notifier, StateStore
from engine.runtime import alerts
from engine.runtime.alerts import Alert, Alerts, Climb
from engine.runtime.commands import Done, Handler
from engine.runtime.judged_alerts import begun, is_over
from engine.runtime.monitor import Ticked

# The name of the part of the engine's state; that of no part of an evaluation's.
PART: Final = "alerts"
ACK: Final = "ack"
TOLD: Final = "told"
NOT_TOLD: Final = "not told"
_ACKNOWLEDGED: Final = "acknowledged: "

Keep = Callable[[str, Tick], Awaitable[object]]
_FORM: Final = form_of(tuple[Alert, ...])


class Alarms:
    """
    Fills `engine.ports.Notifier` in front of another one, and remembers what has still to be answered.

    keep: makes a tick of an account durable; it raises nothing but LeaseLost. told_back: whether `delivered` will hear
    what becomes of messages; else each counts as through.
    """

    def __init__(self, notifier: Notifier, clock: Clock, climb: Climb, keep: Keep, *, told_back: bool = False) -> None:
        self._notifier = notifier
        self._clock = clock
        self._climb = climb
        self._keep = keep
        self._told_back = told_back
        self._alerts = self._kept = alerts.NONE
        self._out: list[Message] = []
        self._notes: list[Note] = []
        self._outcomes: dict[str, list[OutcomeRecord]] = {}
        self._told: set[tuple[str, str]] = set()
        self._changed = asyncio.Event()

    @property
    def standing(self) -> tuple[Alert, ...]:
        """The alerts that stand, the oldest first."""
        return tuple(sorted(self._alerts.values(), key=lambda one: one.message.at))

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """What is done for which command."""
        return {ACK: self.acknowledge}

    async def restore(self, store: StateStore) -> tuple[Note, ...]:
        """Take up the alerts that stood before; return what is to be noted of those that cannot be read any more."""
        now = self._clock.now()
        try:
            found = standing_in(await store.restore(ENGINE))
        except ValueError as error:
            return (Note("alerts begun anew", now, details={"why": str(error)}),)
        self._alerts = self._kept = alerts.taken_up(found, self._climb, now)
        return ()

    async def tell(self, message: Message) -> None:
        """Queue a message; what needs an answer is kept first, so that no crash can silence it."""
        if message.needs_ack:
            key = message.decision or f"{message.account} {message.title}"
            self._raise(Alert(key, message, self._clock.now()))
        else:
            self._out.append(message)
        await self.flush()

    def begin(self, key: str, message: Message) -> None:
        """Raise an alert about a state that lasts until `end`; nothing happens while one of its key stands."""
        if key not in self._alerts:
            self._raise(Alert(key, message, self._clock.now(), lasts=True))

    def end(self, key: str) -> None:
        """Say that a state is over; nothing happens when no alert of its key stands."""
        if key in self._alerts:
            self._end(lambda one: one.key == key)

    def hear(self, ticked: Ticked) -> None:
        """Begin and end alerts by what a look at an account has come to."""
        if ticked.evaluation is None:
            return
        if self._alerts:
            self._end(is_over(ticked))
        for one in begun(ticked):
            if one.key not in self._alerts:
                self._raise(one)

    def delivered(self, delivery: Delivery) -> None:
        """Remember what became of a message."""
        about = delivery.message
        if not delivery.failure:
            self._take_on((alerts.through(self._alerts, about.alert), ()))
        step = (about.decision, about.step)
        if not all(step) or step in self._told:
            return
        self._told.add(step)
        details = {"channel": delivery.channel, **({"why": delivery.failure} if delivery.failure else {})}
        result = NOT_TOLD if delivery.failure else TOLD
        found = OutcomeRecord(about.decision, about.step, result, delivery.at, details)
        self._outcomes.setdefault(about.account, []).append(found)
        self._changed.set()

    async def acknowledge(self, command: Command) -> Done:
        """End what waits for an answer: the alert of an id, those of an account, or all; others are told who has."""
        wanted, account = command.details.get("alert", ""), command.details.get("account", "")

        def chosen(one: Alert) -> bool:
            return wanted in ("", one.id) and account in ("", one.message.account)

        self._alerts, seen = alerts.acknowledged(self._alerts, chosen, command.who)
        if not seen:
            open_ones = [f"{one.id} {one.message.title}" for one in self.standing if one.is_open]
            left = f"; these do: {'; '.join(open_ones)}" if open_ones else ""
            return Done(f"no such alert waits for an answer{left}")
        now = self._clock.now()
        for one in seen:
            self._note("alert acknowledged", one, now, who=command.who, why=command.why)
            title = f"{command.who} has acknowledged: {one.message.title}"
            lines = (command.why,) if command.why else ()
            told = replace(one.message, severity=Severity.INFO, title=title, at=now, lines=lines, needs_ack=False)
            self._out.append(replace(told, decision="", step=""))
        await self.flush()
        return Done(f"{_ACKNOWLEDGED}{'; '.join(f'{one.id} {one.message.title}' for one in seen)}")

    async def run(self) -> None:
        """Tell again whoever has not answered, for ever."""
        while True:
            await self.flush()
            await self._due()
            self._take_on(alerts.repeated(self._alerts, self._climb, self._clock.now()))

    async def flush(self) -> None:
        """Keep what has changed, and pass on what is to be told."""
        self._changed.clear()
        now = self._clock.now()
        out, self._out = self._out, []
        outcomes, self._outcomes = self._outcomes, {}
        notes, self._notes = tuple(self._notes), []
        try:
            if self._alerts is not self._kept or notes:
                self._kept = self._alerts
                await self._keep(ENGINE, Tick(now, as_change(self._kept), notes=notes))
            for account, found in outcomes.items():
                await self._keep(account, Tick(now, outcomes=tuple(found)))
        except LeaseLost:
            # Another engine watches; it finds what was kept so far. What people are to know they are told all the same.
            pass
        for message in out:
            await self._notifier.tell(message)

    async def _due(self) -> None:
        """Wait until somebody is to be told again, or something has changed."""
        due = alerts.due_at(self._alerts, self._climb)
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._changed.wait())]
        if due is not None:
            waits.append(asyncio.ensure_future(self._clock.sleep(due - self._clock.now())))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def _raise(self, alert: Alert) -> None:
        before = self._alerts
        self._take_on(alerts.raised(before, replace(alert, is_through=not self._told_back)))
        if alert.key not in before:
            self._note("alert", alert, self._clock.now())

    def _end(self, over: Callable[[Alert], bool]) -> None:
        before = self._alerts
        self._take_on(alerts.ended(self._alerts, over, self._clock.now()))
        for one in (one for key, one in before.items() if key not in self._alerts):
            self._note("alert over", one, self._clock.now())

    def _take_on(self, change: tuple[Alerts, tuple[Message, ...]]) -> None:
        before, (self._alerts, told) = self._alerts, change
        self._out.extend(told)
        if told or self._alerts is not before:
            self._changed.set()

    def _note(self, word: str, alert: Alert, at: datetime, **more: str) -> None:
        about = {"title": alert.message.title, "account": alert.message.account, "policy": alert.message.policy, **more}
        self._notes.append(Note(word, at, alert.id, {name: text for name, text in about.items() if text}))


def acknowledges(result: str) -> bool:
    """Return whether the answer to an `ack` says that something was acknowledged."""
    return result.startswith(_ACKNOWLEDGED)


def as_change(standing: Alerts) -> StateChange:
    """Return what to write of the alerts that stand, as a part of the engine's state."""
    return StateChange(MappingProxyType({PART: text_of(_FORM.encode(tuple(standing.values())))}))


def standing_in(stored: StoredState | None) -> tuple[Alert, ...]:
    """Return the alerts that stand by the engine's state. Raises: ValueError for what nobody wrote."""
    if stored is None or PART not in stored.parts:
        return ()
    found: tuple[Alert, ...] = _FORM.decode(plain_of(stored.parts[PART]))
    return found
