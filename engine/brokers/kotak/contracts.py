"""Kotak Neo's contract files of the day, one set for all accounts: fetched once and kept, else the last ones kept."""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from engine.brokers.joins import ContractFile, contract_file
from engine.brokers.kotak import calls
from engine.brokers.kotak.client import Client
from engine.brokers.kotak.parse import parse_instruments
from engine.brokers.kotak.reply import BROKER
from engine.brokers.stamps import calendar_day
from engine.brokers.wire import Fields, cleaned, decode_reply, object_of
from engine.domain.instrument import Instrument
from engine.errors import BrokerDataError, BrokerError, BrokerUnavailable
from engine.ports import ContractList, FileCache

# What an option seller holds, and the shares it may be on, without which the rest is good all the same.
SEGMENTS = ("nse_fo", "bse_fo")
_SHARES = "nse_cm"
# After what was not to be had; each try may take as long as a broker that does not answer.
_PAUSE = timedelta(minutes=5)
# The folder a file lies in is named by its day.
_DATED = re.compile(r"/(20\d\d-\d\d-\d\d)/", re.ASCII)


@dataclass(frozen=True, slots=True)
class DayFile:
    """
    The contracts of all segments asked for, and the earliest day one of their files is of.

    is_whole: no segment lacks, and none is of an earlier day than was asked for.
    """

    on: date
    file: ContractFile
    is_whole: bool

    @property
    def contracts(self) -> ContractList:
        """As the port has them."""
        return ContractList(self.on, self.file.listed)


class ContractFiles:
    """
    The files of one broker. cache: where they are kept; without one each start fetches them anew.

    A file that cannot be fetched is replaced by the last one kept; its day tells how old it is.
    """

    def __init__(self, cache: FileCache | None = None, segments: Iterable[str] = SEGMENTS) -> None:
        self._cache = cache
        self._segments = tuple(segments)
        self._one_at_a_time = asyncio.Lock()
        self._asked: date | None = None
        self._found: DayFile | None = None
        self._asked_at: datetime | None = None

    @property
    def last(self) -> ContractFile | None:
        """What was fetched last; None before that."""
        return None if self._found is None else self._found.file

    async def fetch(self, on: date, client: Client) -> DayFile:
        """Return the files of a day, asked for by any of the accounts. Raises: BrokerError when there are none."""
        async with self._one_at_a_time:
            if self._found is None or self._asked != on or self._is_due(self._found, client.now()):
                self._found, self._asked = await self._read(on, client), on
                self._asked_at = client.now()
            return self._found

    def _is_due(self, found: DayFile, now: datetime) -> bool:
        """Return whether what lacks or is older is asked for again."""
        return not found.is_whole and (self._asked_at is None or abs(now - self._asked_at) >= _PAUSE)

    async def _read(self, on: date, client: Client) -> DayFile:
        links = _Links(client)
        found: list[tuple[date, tuple[Instrument, ...]]] = []
        failed: BrokerError | None = None
        # Who trades on one exchange does without the other's file: its lots are unknown, and say so.
        for segment in self._segments:
            try:
                found.append(await self._segment(segment, on, links))
            except BrokerError as error:
                failed = failed or error
        if not found and failed is not None:
            raise failed
        with suppress(BrokerError):
            found.append(await self._segment(_SHARES, on, links))
        listed = tuple(chain.from_iterable(rows for _, rows in found))
        is_whole = len(found) > len(self._segments) and all(rows and day >= on for day, rows in found)
        return DayFile(min(day for day, _ in found), contract_file(b"", listed), is_whole)

    async def _segment(self, segment: str, on: date, links: "_Links") -> tuple[date, tuple[Instrument, ...]]:
        """Return a segment's contracts and the day they are of: kept ones, else today's, else the last ones kept."""
        kept = await self._load(segment, on)
        if kept is not None:
            try:
                return on, await _parsed(kept)
            except BrokerDataError:
                # A file that was cut short while it was written is fetched again.
                pass
        try:
            link = await links.of(segment)
            body = await links.fetch(link)
            rows = await _parsed(body)
        except BrokerError as error:
            return await self._last_kept(segment, on, error)
        # Before the day's files are there the list still names those of the day before.
        day = _day_of(link) or on
        if not rows:
            # One without contracts is believed where none was ever seen with some, and not for the day.
            return await self._kept_before(segment, on) or (day, rows)
        if self._cache is not None:
            await asyncio.to_thread(self._cache.save, BROKER, segment, day, body)
        return day, rows

    async def _load(self, segment: str, on: date) -> bytes | None:
        return None if self._cache is None else await asyncio.to_thread(self._cache.load, BROKER, segment, on)

    async def _last_kept(self, segment: str, on: date, error: BrokerError) -> tuple[date, tuple[Instrument, ...]]:
        found = await self._kept_before(segment, on)
        if found is None:
            raise error
        return found

    async def _kept_before(self, segment: str, on: date) -> tuple[date, tuple[Instrument, ...]] | None:
        last = None if self._cache is None else await asyncio.to_thread(self._cache.last, BROKER, segment, on)
        if last is None:
            return None
        day, body = last
        return day, await _parsed(body)


class _Links:
    """The addresses of the day's files, asked for when the first one is needed."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: tuple[str, ...] | None = None
        self._failed: BrokerError | None = None

    async def of(self, segment: str) -> str:
        """Return the address of a segment's file. Raises: BrokerError when none is listed."""
        if self._failed is not None:
            # A broker that does not answer is waited for once, not once a file.
            raise self._failed
        if self._found is None:
            try:
                self._found = parse_file_paths((await self._client.read(calls.FILE_PATHS)).body)
            except BrokerError as error:
                self._failed = error
                raise
        names = (f"{segment}.csv", f"{segment}-v1.csv")
        link = next((link for link in self._found if link.rsplit("/", 1)[-1] in names), None)
        if link is None:
            raise BrokerUnavailable(f"contract files: none of the {len(self._found)} listed is of {segment}")
        return link

    async def fetch(self, link: str) -> bytes:
        """Return the file at an address."""
        return (await self._client.read(calls.contract_csv(link))).body


def parse_file_paths(body: bytes) -> tuple[str, ...]:
    """Return the addresses of GET script-details/1.0/masterscrip/file-paths. Raises: BrokerDataError."""
    reply = Fields(
        object_of(decode_reply(body, BROKER, "contract files"), BROKER, "contract files"), "contract files", BROKER
    )
    paths = reply.child("data").values.get("filesPaths")
    if not isinstance(paths, list):
        raise BrokerDataError("contract files: 'filesPaths' is no list", broker=BROKER)
    return tuple(cleaned(path) for path in paths if isinstance(path, str) and path.strip())


def _day_of(link: str) -> date | None:
    found = _DATED.search(link)
    return None if found is None else calendar_day(found[1])


async def _parsed(body: bytes) -> tuple[Instrument, ...]:
    # Some hundred thousand rows take seconds, in which the other accounts go on.
    return await asyncio.to_thread(parse_instruments, body)
