"""What waits for one channel, and the worker that sends it: put together, tried again, handed on, given up loudly."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import Final

from engine.domain.enums import Severity
from engine.domain.message import ChannelHealth, Delivery, Message
from engine.errors import NotifyError
from engine.notifiers.wording import text_of
from engine.ports import Channel, Clock


@dataclass(frozen=True, slots=True)
class Paces:
    """
    between: from one text to the next; what comes meanwhile goes out together. retry: from a failed call to the next,
    twice as long each time up to `longest_retry`. kept: after so long a message that nobody took is given up.
    """

    between: timedelta = timedelta(seconds=3)
    retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(minutes=1)
    kept: timedelta = timedelta(minutes=30)


PACES: Final = Paces()
# After so many failed calls in a row what waits is handed on to the next channel; what is critical, after the first.
_PATIENCE: Final = 2
_MOST_WAITING: Final = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in a queue. known_to: channels it need not be handed on to any more."""

    message: Message
    known_to: frozenset[str] = frozenset()


HandOn = Callable[[str, Waiting], bool]


class Queue:
    """
    One channel's.

    hand_on: gives a message of the channel named to another one that it is not known to; False when there is none.
    delivered: hears what became of each message. turned: hears when the channel begins to fail, and when it has ended.
    """

    def __init__(
        self,
        name: str,
        channel: Channel,
        clock: Clock,
        zone: tzinfo,
        hand_on: HandOn,
        delivered: Callable[[Delivery], None],
        turned: Callable[[ChannelHealth], None],
        paces: Paces = PACES,
    ) -> None:
        self._channel = channel
        self._clock = clock
        self._zone = zone
        self._hand_on = hand_on
        self._delivered = delivered
        self._turned = turned
        self._paces = paces
        self._waiting: list[Waiting] = []
        self._came = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._health = ChannelHealth(name)

    @property
    def health(self) -> ChannelHealth:
        """How the channel stands now."""
        return replace(self._health, waiting=len(self._waiting))

    def put(self, one: Waiting) -> None:
        """Let a message wait for its turn."""
        self._waiting.append(one)
        if len(self._waiting) > _MOST_WAITING:
            self._give_up(min(self._waiting, key=_worth), f"more than {_MOST_WAITING} messages wait for this channel")
        self._empty.clear()
        self._came.set()

    async def emptied(self) -> None:
        """Wait until nothing waits."""
        await self._empty.wait()

    async def run(self) -> None:
        """Send what waits, for ever."""
        while True:
            await self._came.wait()
            self._came.clear()
            while self._waiting:
                await self._send()

    async def _send(self) -> None:
        sent = tuple(self._waiting)
        try:
            await self._channel.send(text_of([one.message for one in sent], self._zone))
        except NotifyError as error:
            await self._after_failure(sent, str(error))
        except Exception as error:  # noqa: BLE001 - the worker's edge: a channel that breaks must not end the others' way
            await self._after_failure(sent, f"our own fault: {type(error).__name__}")
        else:
            self._taken(sent)
            await self._clock.sleep(self._paces.between)

    def _taken(self, sent: tuple[Waiting, ...]) -> None:
        now, was = self._clock.now(), self._health
        self._remove(sent)
        self._health = replace(
            was, told=was.told + len(sent), told_at=now, failures=0, failing_since=None, last_failure=""
        )
        for one in sent:
            self._delivered(Delivery(one.message, was.name, now))
        if was.failures >= _PATIENCE:
            self._turned(self.health)

    async def _after_failure(self, sent: tuple[Waiting, ...], why: str) -> None:
        now, was = self._clock.now(), self._health
        failures = was.failures + 1
        self._health = replace(was, failures=failures, failing_since=was.failing_since or now, last_failure=why)
        urgent = [one for one in sent if failures >= _PATIENCE or one.message.severity is Severity.CRITICAL]
        self._remove([one for one in urgent if self._hand_on(self._health.name, one)])
        for one in [one for one in self._waiting if now - one.message.at >= self._paces.kept]:
            self._give_up(one, why)
        if failures == _PATIENCE:
            self._turned(self.health)
        if not self._waiting:
            # What comes next is tried at once, so that the other channel need not wait for it.
            return
        # At most 64 times: what is doubled for ever grows past what a span can hold.
        grown = self._paces.retry * 2 ** min(failures - 1, 6)
        await self._clock.sleep(min(grown, self._paces.longest_retry))

    def _give_up(self, one: Waiting, why: str) -> None:
        self._remove((one,))
        self._health = replace(self._health, lost=self._health.lost + 1)
        self._delivered(Delivery(one.message, self._health.name, self._clock.now(), why))

    def _remove(self, gone: Iterable[Waiting]) -> None:
        ids = {id(one) for one in gone}
        self._waiting = [one for one in self._waiting if id(one) not in ids]
        if not self._waiting:
            self._empty.set()


def _worth(one: Waiting) -> tuple[bool, float]:
    """Return what is given up first: what is not critical, and of that what is oldest."""
    return one.message.severity is Severity.CRITICAL, one.message.at.timestamp()
