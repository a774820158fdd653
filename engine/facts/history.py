"""What a day's readings have said of named series, as a value that grows cheaply; what it means is asked elsewhere."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from types import MappingProxyType

from engine.domain.kinds import Kind, Type
from engine.domain.numbers import ZERO
from engine.domain.values import Known, Unknown, Value, unknown

# When, and what; no value: there was no such row.
Point = tuple[datetime, Value | None]
_AT = itemgetter(0)
_CHUNK = 128


@dataclass(frozen=True, slots=True)
class Track:
    """Points in order of time. full: chunks that never change again. tail: the newest points, fewer than a chunk."""

    full: tuple[tuple[Point, ...], ...] = ()
    tail: tuple[Point, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tail)

    def with_point(self, at: datetime, value: Value | None) -> "Track":
        """Return the track with one more point; `at` is not before the newest."""
        if len(self.tail) == _CHUNK:
            return Track((*self.full, self.tail), ((at, value),))
        return Track(self.full, (*self.tail, (at, value)))

    def changed_to(self, at: datetime, value: Value | None) -> "Track":
        """Return the track with one more point where the value is another than the newest, else the same track."""
        return self if self.tail and self.tail[-1][1] == value else self.with_point(at, value)

    def last(self) -> Point | None:
        """Return the newest point."""
        return self.tail[-1] if self.tail else None

    def first(self) -> Point | None:
        """Return the oldest point."""
        return next(iter((*self.full[:1], self.tail)))[0] if self.tail else None

    def until(self, moment: datetime) -> Point | None:
        """Return the newest point not later than a moment."""
        chunks = (*self.full, self.tail) if self.tail else self.full
        index = bisect_right(chunks, moment, key=lambda chunk: chunk[0][0]) - 1
        return None if index < 0 else chunks[index][bisect_right(chunks[index], moment, key=_AT) - 1]

    def between(self, start: datetime, end: datetime) -> Iterator[Point]:
        """Yield the points after `start` and not after `end`, oldest first."""
        chunks = (*self.full, self.tail) if self.tail else self.full
        index = max(0, bisect_right(chunks, start, key=lambda chunk: chunk[0][0]) - 1)
        for chunk in chunks[index:]:
            if chunk[0][0] > end:
                return
            yield from chunk[bisect_right(chunk, start, key=_AT) : bisect_right(chunk, end, key=_AT)]

    def backwards(self) -> Iterator[Point]:
        """Yield all points, newest first."""
        for chunk in (self.tail, *reversed(self.full)):
            yield from reversed(chunk)


@dataclass(frozen=True, slots=True)
class Kept:
    """
    One series.

    since: the first reading it was recorded at. whole: the values of a fact or a call; of a field, whether its rows
    were known: True, or Unknown. rows: of a field, the values by row. arguments: of a call.
    """

    since: datetime
    whole: Track = field(default_factory=Track)
    rows: Mapping[str, Track] = field(default_factory=lambda: MappingProxyType({}))
    arguments: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """
    What is remembered of the readings of one trading date.

    readings: when each reading was taken. kept: series by name (`mtm`, `positions.loss`, `spot('NIFTY')`).
    """

    trading_date: date | None = None
    readings: Track = field(default_factory=Track)
    kept: Mapping[str, Kept] = field(default_factory=lambda: MappingProxyType({}))


NOTHING_KEPT = History()


@dataclass(frozen=True, slots=True)
class Past:
    """
    One series as a rule may ask of it.

    name: as an author writes it. type: of its values; low, high: the range no value can leave. row: the row's name and
    track, for a field. max_gap: longest pause between two readings that still says something of what lies between.
    midnight: the start of the trading date. opens_at: when the session of today opened, None before it does.
    """

    name: str
    type: Type
    readings: Track
    kept: Kept
    max_gap: timedelta
    midnight: datetime
    opens_at: datetime | None
    row: tuple[str, Track] | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def value_at(self, reading: datetime) -> Value:
        """Return the value of a reading that was taken while the series was kept."""
        whole = self.kept.whole.until(reading)
        told = unknown(f"{self.name} was not recorded") if whole is None or whole[1] is None else whole[1]
        if self.row is None:
            return told
        point = self.row[1].until(reading)
        if point is None:
            return told if isinstance(told, Unknown) else self.absent
        return self.absent if point[1] is None else point[1]

    @property
    def absent(self) -> Value:
        """The value of a row that is not there: none of what is counted."""
        name = "" if self.row is None else self.row[0]
        return ZERO if self.type.kind is Kind.COUNT else unknown(f"there was no {name} then")

    def reading_at(self, moment: datetime) -> datetime | None:
        """Return the last reading not later than a moment, None before the series was kept."""
        point = self.readings.until(moment)
        return None if point is None or point[0] < self.kept.since else point[0]

    def readings_between(self, start: datetime, end: datetime) -> list[datetime]:
        """Return the readings after `start` and not after `end` that recorded it."""
        return [at for at, _ in self.readings.between(start, end) if at >= self.kept.since]
