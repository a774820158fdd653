"""The one place that reads the time; everywhere else `now` is an argument or a `Clock`."""

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the exception the rule is made for


class RealClock:
    """Fills `engine.ports.Clock` with real time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return now()

    async def sleep(self, span: timedelta) -> None:
        """Wait for a span."""
        # What only asks for the time need not load an event loop.
        import asyncio

        await asyncio.sleep(max(0, span.total_seconds()))
