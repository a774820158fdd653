"""What happens by itself and when; things of one instant happen in the order they were written down."""

import heapq
from collections.abc import Callable
from datetime import datetime

Deed = Callable[[], None]


class Agenda:
    """Deeds by instant."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Deed]] = []
        self._written = 0

    def add(self, at: datetime, deed: Deed) -> None:
        """Write a deed down."""
        self._written += 1
        heapq.heappush(self._heap, (at, self._written, deed))

    def next_at(self) -> datetime | None:
        """Return the first instant that has a deed."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> Deed:
        """Return the first deed, which is no longer written down."""
        return heapq.heappop(self._heap)[2]
