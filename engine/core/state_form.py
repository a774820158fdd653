"""
What an account's state is made of when it is kept: named parts as text, and what each reading adds to the history.

Between two readings most of a state stays the very same objects, so a part is written again only when an object it is
made from is another. The history only grows, and is kept as what was added to it. A cache is no state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from engine.core.evaluate import AccountState
from engine.core.evidence import NO_EVIDENCE, Evidence
from engine.core.group import GroupState, MemberRule
from engine.core.history_form import added, heard
from engine.core.leg_doubts import LegMark
from engine.core.reconcile import BookState, ReconcileState, RowMark
from engine.core.rule_state import RuleState
from engine.core.slot import RuleKey
from engine.domain.block import Block
from engine.domain.journal import StateChange, StoredState
from engine.domain.latch import Latch
from engine.domain.serial import form_of, plain_of, text_of
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order, Quote, Snapshot
from engine.facts.history import NOTHING_KEPT, History
from engine.facts.memory import DayMemory, Hedged, PositionTrack, StopHit

# Stands before every part. A later form reads the earlier ones, or says that it cannot.
VERSION: Final = 1

_Latches = frozenset[Latch]
_NO_MARKS: BookState[Any] = BookState()


@dataclass(frozen=True, slots=True)
class _Part:
    """
    One named piece of a state.

    made_from: objects of the state that it is new with. values: what is written, of these types; by default the same.
    """

    name: str
    types: tuple[Any, ...]
    made_from: Callable[[Any], tuple[Any, ...]]
    values: Callable[[Any], tuple[Any, ...]] | None = None

    def text(self, state: Any) -> str:
        values = (self.values or self.made_from)(state)
        plain = [form_of(type_).encode(value) for type_, value in zip(self.types, values, strict=True)]
        return text_of([VERSION, *plain])

    def read(self, text: str) -> tuple[Any, ...]:
        version, *plain = plain_of(text)
        if version != VERSION:
            raise ValueError(f"the part {self.name!r} has form {version!r}; this version reads form {VERSION}")
        return tuple([form_of(type_).decode(one) for type_, one in zip(self.types, plain, strict=True)])


def account_change(before: AccountState | None, after: AccountState) -> StateChange:
    """Return what to write so that `before`, written already, becomes `after`; before None: everything."""
    old, new = NOTHING_KEPT if before is None else before.history, after.history
    begins = before is None or _begins(old, new)
    if begins:
        old = History(new.trading_date)
    return StateChange(_changed(_OF_ACCOUNT, before, after), () if new is old else added(old, new), begins)


def restored_account(stored: StoredState) -> AccountState:
    """Return a state as it was when it was written. Raises: ValueError for texts that no state was written as."""
    parts = _read(_OF_ACCOUNT, stored.parts)
    (memory,), traded = parts["memory"], parts["traded"]
    (reconciled,), (last,) = parts["reconciled"], parts["last"]
    marks = {name: replace(getattr(reconciled, name), **_seen(parts[f"{name} seen"])) for name in _MARKED}
    evidence, beside = parts["proved"]
    marks["positions"] = replace(marks["positions"], beside=beside)
    if last is not None:
        rows = {name: parts[name][0] for name in _ROWS if parts[name][0] is not None}
        last = replace(last, **{name: replace(getattr(last, name), rows=one) for name, one in rows.items()})
    latches, rearmed = parts["latches"]
    return AccountState(
        memory=replace(memory, **dict(zip(_TRADED, traded, strict=True))),
        reconciled=replace(reconciled, **marks, evidence=evidence),
        last=last,
        rules=parts["rules"][0],
        latches=latches | stored.latches,
        rearmed=rearmed,
        blocks=parts["blocks"][0],
        history=heard(parts["date"][0], stored.heard),
    )


def group_change(before: GroupState | None, after: GroupState) -> StateChange:
    """Return the same for what is remembered of the rules about groups."""
    return StateChange(_changed(_OF_GROUPS, before, after))


def restored_groups(stored: StoredState) -> GroupState:
    """Return the same for the rules about groups. Raises: as `restored_account`."""
    parts = _read(_OF_GROUPS, stored.parts)
    latches, rearmed = parts["latches"]
    return GroupState(parts["rules"][0], latches | stored.latches, rearmed, parts["blocks"][0])


def _changed(table: tuple[_Part, ...], before: Any, after: Any) -> Mapping[str, str]:
    return MappingProxyType(
        {
            part.name: part.text(after)
            for part in table
            if before is None
            or any(new is not old for new, old in zip(part.made_from(after), part.made_from(before), strict=True))
        }
    )


def _read(table: tuple[_Part, ...], texts: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    missing = [part.name for part in table if part.name not in texts]
    if missing:
        raise ValueError(f"the state lacks {', '.join(missing)}")
    return {part.name: part.read(texts[part.name]) for part in table}


def _begins(before: History, after: History) -> bool:
    """Return whether nothing of a history goes on: another date, or one that does not continue it."""
    old, new = before.readings.last(), after.readings.last()
    continues = old is None or (new is not None and after.readings.until(old[0]) == old)
    return before.trading_date != after.trading_date or not continues


_TRADED: Final = ("tracks", "stops_seen", "stop_hits", "primaries", "hedged")
_TRADED_TYPES: Final = (
    tuple[PositionTrack, ...], frozenset[str], tuple[StopHit, ...], frozenset[str], tuple[Hedged, ...]
)  # fmt: skip
_MARKED: Final = {"positions": LegMark, "orders": RowMark, "fills": RowMark}
_ROWS: Final = {"positions": Leg, "orders": Order, "fills": Fill, "quotes": Quote}


def _traded(state: AccountState) -> tuple[Any, ...]:
    return tuple([getattr(state.memory, name) for name in _TRADED])


def _day(state: AccountState) -> tuple[DayMemory]:
    return (replace(state.memory, **{name: getattr(_NO_DAY, name) for name in _TRADED}),)


def _sights(state: AccountState) -> tuple[ReconcileState]:
    hollow: dict[str, Any] = {
        name: replace(getattr(state.reconciled, name), seen=_NO_MARKS.seen, believed=_NO_MARKS.believed)
        for name in _MARKED
    }
    hollow["positions"] = replace(hollow["positions"], beside=NO_EVIDENCE)
    return (replace(state.reconciled, **hollow, evidence=NO_EVIDENCE),)


def _proved(state: AccountState) -> tuple[Evidence, Evidence]:
    return state.reconciled.evidence, state.reconciled.positions.beside


def _marks(name: str) -> Callable[[AccountState], tuple[Any, Any]]:
    def of(state: AccountState) -> tuple[Any, Any]:
        book = getattr(state.reconciled, name)
        return book.seen, book.believed

    return of


def _seen(values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(("seen", "believed"), values, strict=True))


def _head(state: AccountState) -> tuple[Snapshot | None]:
    if state.last is None:
        return (None,)
    books = {name: getattr(state.last, name) for name in _ROWS}
    hollow: dict[str, Any] = {name: replace(book, rows=()) for name, book in books.items() if isinstance(book, Book)}
    return (replace(state.last, **hollow),)


def _rows(name: str) -> Callable[[AccountState], tuple[Any]]:
    def of(state: AccountState) -> tuple[Any]:
        book = Missing("") if state.last is None else getattr(state.last, name)
        return (None if isinstance(book, Missing) else book.rows,)

    return of


_NO_DAY: Final = DayMemory()
_OF_ACCOUNT: Final = (
    _Part("memory", (DayMemory,), lambda state: (state.memory,), _day),
    _Part("traded", _TRADED_TYPES, _traded),
    _Part("reconciled", (ReconcileState,), lambda state: (state.reconciled,), _sights),
    *(_Part(f"{name} seen", (frozenset[mark], frozenset[mark]), _marks(name)) for name, mark in _MARKED.items()),  # type: ignore[valid-type]
    _Part("proved", (Evidence, Evidence), _proved),
    _Part("last", (Snapshot | None,), lambda state: (state.last,), _head),
    *(_Part(name, (tuple[row, ...] | None,), _rows(name)) for name, row in _ROWS.items()),  # type: ignore[valid-type]
    _Part("rules", (Mapping[RuleKey, RuleState],), lambda state: (state.rules,)),
    _Part("latches", (_Latches, _Latches), lambda state: (state.latches, state.rearmed)),
    _Part("blocks", (tuple[Block, ...],), lambda state: (state.blocks,)),
    _Part("date", (date | None,), lambda state: (state.history.trading_date,)),
)
_OF_GROUPS: Final = (
    _Part("rules", (Mapping[MemberRule, RuleState],), lambda state: (state.rules,)),
    _Part("latches", (_Latches, _Latches), lambda state: (state.latches, state.rearmed)),
    _Part("blocks", (Mapping[str, tuple[Block, ...]],), lambda state: (state.blocks,)),
)
