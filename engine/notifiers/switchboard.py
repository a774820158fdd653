"""Who is told where: each message on its channels, on another when one fails; and then people hear of that too."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo
from types import MappingProxyType
from typing import Final

from engine.domain.enums import Severity
from engine.domain.message import ChannelHealth, Delivery, Message
from engine.notifiers.queue import PACES, Paces, Queue, Waiting
from engine.ports import Channel, Clock, Notifier

# Of real time: whoever ends us does not wait for long.
_LAST_WORDS: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Routes:
    """
    usual: where goes what names no channel of ours. otherwise: by channel the one that is taken when it fails; else,
    and when that fails too, all others are in their order.
    """

    usual: tuple[str, ...]
    otherwise: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Everybody:
    """Fills `engine.ports.Notifier` by telling several others, in their order."""

    def __init__(self, *others: Notifier) -> None:
        self._others = others

    async def tell(self, message: Message) -> None:
        """Queue a message with each."""
        for one in self._others:
            await one.tell(message)


class Switchboard:
    """
    Fills `engine.ports.Notifier` with one queue a channel, so that one that hangs holds up none of the others.

    delivered: hears what became of each message on each channel it went to. unheard: messages without any channel.
    """

    def __init__(
        self,
        channels: Mapping[str, Channel],
        routes: Routes,
        clock: Clock,
        zone: tzinfo,
        delivered: tuple[Callable[[Delivery], None], ...] = (),
        paces: Paces = PACES,
    ) -> None:
        self._clock = clock
        self._routes = routes
        self._heard_by = delivered
        self.unheard = 0
        self._queues = {
            name: Queue(name, channel, clock, zone, self._hand_on, self._delivered, self._turned, paces)
            for name, channel in channels.items()
        }

    @property
    def health(self) -> tuple[ChannelHealth, ...]:
        """How each channel stands, in the order of the desk."""
        return tuple(one.health for one in self._queues.values())

    async def tell(self, message: Message) -> None:
        """Queue a message on its channels, or on the usual ones."""
        self.put(message)

    def listen(self, hear: Callable[[Delivery], None]) -> None:
        """Let somebody hear what becomes of messages from now on."""
        self._heard_by = (*self._heard_by, hear)

    def put(self, message: Message) -> None:
        """Do the same, for whoever cannot wait at all."""
        wanted = dict.fromkeys(name for name in message.channels if name in self._queues)
        names = wanted or dict.fromkeys(name for name in self._routes.usual if name in self._queues)
        for name in names:
            self._queues[name].put(Waiting(message, frozenset(names)))
        if not names:
            self.unheard += 1
            self._delivered(Delivery(message, "", self._clock.now(), "there is no channel to tell it on"))

    @asynccontextmanager
    async def running(self, last_words: timedelta = _LAST_WORDS) -> AsyncIterator[None]:
        """Send what waits while the block runs, each channel at its own pace; at its end what is left, for a while."""
        workers = [asyncio.create_task(one.run()) for one in self._queues.values()]
        try:
            yield
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(last_words.total_seconds()):
                    await asyncio.gather(*(one.emptied() for one in self._queues.values()))
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    def _hand_on(self, failed: str, one: Waiting) -> bool:
        name = next((name for name in self._after(failed) if name not in one.known_to), None)
        if name is None:
            return False
        self._queues[name].put(replace(one, known_to=one.known_to | {failed, name}))
        return True

    def _after(self, failed: str) -> tuple[str, ...]:
        own = [self._routes.otherwise[failed]] if failed in self._routes.otherwise else []
        return tuple(name for name in (*own, *self._queues) if name in self._queues and name != failed)

    def _turned(self, health: ChannelHealth) -> None:
        others = self._after(health.name)
        if health.failing_since is None:
            message = Message(Severity.INFO, f"The channel {health.name} takes messages again", self._clock.now())
        else:
            where = f"its messages go to {others[0]}" if others else "there is no other channel"
            lines = (health.last_failure, f"{where}; it is tried again with every message")
            title = f"The channel {health.name} takes no messages"
            message = Message(Severity.WARNING, title, self._clock.now(), lines)
        for name in others[:1]:
            self._queues[name].put(Waiting(message, frozenset({health.name, name})))

    def _delivered(self, delivery: Delivery) -> None:
        for hear in self._heard_by:
            hear(delivery)
