"""How many calls of all kinds a client may make in a second."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

_SECOND = timedelta(seconds=1)


class Limiter:
    """Counts a client's calls in the second before each; per_second None lets all through."""

    def __init__(self, per_second: int | None) -> None:
        self._per_second = per_second
        self._made: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def takes(self, account: str, now: datetime) -> bool:
        """Return whether one more call is answered, counting it if so."""
        if self._per_second is None:
            return True
        made = self._made[account]
        while made and made[0] + _SECOND <= now:
            made.popleft()
        if len(made) >= self._per_second:
            return False
        made.append(now)
        return True
