"""
Frozen values as plain data and back, exactly, by their annotations; what is kept where is not said here.

Plain data is what JSON holds without numbers that could lose digits. A Decimal is its own text, digits and exponent; an
instant is ISO 8601 with its offset and, where it has one, its zone in brackets (RFC 9557): two instants that are equal
may still be written differently. Of a dataclass every field is written that differs from its default, but none that
does not count when two are compared: such a field is a cache.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from engine.domain import enums

# None, bool, int, str, lists of these and dicts of these by text.
Plain = Any
_Bound = Mapping[TypeVar, Any]

# A value of the language may be a member of any of these; its class goes with it.
VOCABULARIES: Final = MappingProxyType(
    {
        one.__name__: one
        for one in (
            enums.CancelledBy, enums.InstrumentKind, enums.MarkBasis, enums.Mode, enums.OrderEffect, enums.OrderSource,
            enums.OrderStatus, enums.OrderType, enums.Right, enums.Side, enums.TradingState, enums.Weekday,
        )
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one type become plain data and come back. Both raise on what is not of the type."""

    encode: Callable[[Any], Plain]
    decode: Callable[[Plain], Any]


def text_of(plain: Plain) -> str:
    """Return plain data as JSON, the same text for the same data."""
    try:
        return msgspec.json.encode(plain).decode()
    except UnicodeEncodeError:
        # Half a character, which a broker's JSON may spell: only escapes can.
        return json.dumps(plain, separators=(",", ":"))


def plain_of(text: str) -> Plain:
    """Return the plain data of a JSON text. Raises: ValueError when it is none."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


@lru_cache(maxsize=256)
def form_of(annotation: Any) -> Form:
    """Return the form of an annotated type. Raises: TypeError for one that has none."""
    return _form(annotation, {})


def instant_text(at: datetime) -> str:
    """Return an instant as ISO 8601 with its offset, and its zone where it has one: `…+05:30[Asia/Kolkata]`."""
    if at.tzinfo is None:
        raise ValueError(f"an instant without a zone: {at.isoformat()}")
    zone = at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else None
    return at.isoformat() if zone is None else f"{at.isoformat()}[{zone}]"


def instant_of(text: str) -> datetime:
    """Return the instant of such a text, in the zone or at the offset it names. Raises: ValueError."""
    stamp, bracket, zone = text.partition("[")
    at = datetime.fromisoformat(stamp)
    if at.tzinfo is None:
        raise ValueError(f"an instant without a zone: {text!r}")
    return at.astimezone(ZoneInfo(zone.removesuffix("]"))) if bracket else at


def _same(value: Plain) -> Plain:
    return value


_SCALARS: Mapping[Any, Form] = MappingProxyType(
    {
        str: Form(_same, _same),
        int: Form(_same, _same),
        bool: Form(_same, _same),
        NoneType: Form(_same, _same),
        Decimal: Form(str, Decimal),
        datetime: Form(instant_text, instant_of),
        date: Form(date.isoformat, date.fromisoformat),
    }
)


def _form(annotation: Any, bound: _Bound) -> Form:
    if isinstance(annotation, TypeVar):
        return _form(bound[annotation], bound)
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _union(arguments, bound)
    if origin is tuple:
        return _tuple(arguments, bound)
    if origin is frozenset:
        return _set(_form(arguments[0], bound))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_form(arguments[0], bound), _form(arguments[1], bound))
    kind: Any = origin or annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _vocabulary(kind)
    if isinstance(kind, type) and issubclass(kind, tuple):
        return _named(kind, bound)
    if isinstance(kind, type) and is_dataclass(kind) and not arguments:
        found: Form = _plain_record(kind)
        return found
    if is_dataclass(kind):
        given = (bound.get(one, one) if isinstance(one, TypeVar) else one for one in arguments)
        return _record(kind, dict(zip(getattr(kind, "__parameters__", ()), given, strict=True)))
    raise TypeError(f"no plain form of {annotation!r}")


def _vocabulary(kind: type[Enum]) -> Form:
    if kind is Enum:
        return Form(
            lambda member: [VOCABULARIES[type(member).__name__].__name__, member.value],
            lambda plain: VOCABULARIES[plain[0]](plain[1]),
        )
    words = {member: member.value for member in kind}
    members = {member.value: member for member in kind}
    return Form(words.__getitem__, members.__getitem__)


def _tuple(arguments: tuple[Any, ...], bound: _Bound) -> Form:
    if arguments[1:] == (Ellipsis,):
        item = _form(arguments[0], bound)
        encode, decode = item.encode, item.decode
        return Form(lambda items: [encode(one) for one in items], lambda plain: tuple([decode(one) for one in plain]))
    items = [_form(one, bound) for one in arguments]
    return _row(items, tuple)


def _named(kind: type, bound: _Bound) -> Form:
    hints = get_type_hints(kind)
    items = [_form(hints[name], bound) for name in kind._fields]  # type: ignore[attr-defined]
    return _row(items, lambda values: kind(*values))


def _row(items: list[Form], made: Callable[[list[Any]], Any]) -> Form:
    def encode(values: Any) -> Plain:
        return [item.encode(value) for item, value in zip(items, values, strict=True)]

    def decode(plain: Plain) -> Any:
        return made([item.decode(value) for item, value in zip(items, plain, strict=True)])

    return Form(encode, decode)


def _set(item: Form) -> Form:
    # In the order of its text: how a set iterates differs from process to process.
    return Form(
        lambda items: sorted((item.encode(one) for one in items), key=text_of),
        lambda plain: frozenset([item.decode(one) for one in plain]),
    )


def _mapping(key: Form, value: Form) -> Form:
    return Form(
        lambda items: [[key.encode(name), value.encode(one)] for name, one in items.items()],
        lambda plain: MappingProxyType({key.decode(name): value.decode(one) for name, one in plain}),
    )


def _union(arguments: tuple[Any, ...], bound: _Bound) -> Form:
    """
    Return the form of one of several types.

    None, bools and, where it may be one, a Decimal's text stand as they are; anything else is a dict of its class.
    """
    members = [one for one in arguments if one is not NoneType]
    if len(members) == 1:
        only = _form(members[0], bound)
        return Form(
            lambda value: None if value is None else only.encode(value),
            lambda plain: None if plain is None else only.decode(plain),
        )
    forms = {_class(one): _form(one, bound) for one in members}
    names = {kind.__name__: form for kind, form in forms.items()}
    bare = forms.get(Decimal)

    def encode(value: Any) -> Plain:
        if value is None or isinstance(value, bool):
            return value
        if bare is not None and isinstance(value, Decimal):
            return bare.encode(value)
        kind = Enum if isinstance(value, Enum) else type(value)
        return {kind.__name__: forms[kind].encode(value)}

    def decode(plain: Plain) -> Any:
        if plain is None or isinstance(plain, bool):
            return plain
        if bare is not None and isinstance(plain, str):
            return bare.decode(plain)
        ((name, one),) = plain.items()
        return names[name].decode(one)

    return Form(encode, decode)


def _class(annotation: Any) -> Any:
    return get_origin(annotation) or annotation


@lru_cache(maxsize=256)
def _plain_record(kind: type) -> Form:
    return _record(kind, {})


def _record(kind: Any, bound: _Bound) -> Form:
    # Built at first use: a record may hold records of its own kind.
    known: list[tuple[str, Form, Plain]] = []

    def columns() -> list[tuple[str, Form, Plain]]:
        if not known:
            hints = get_type_hints(kind)
            made = ((one, _form(hints[one.name], bound)) for one in fields(kind) if one.init and one.compare)
            known.extend([(one.name, form, _default(one, form)) for one, form in made])
        return known

    def encode(value: Any) -> Plain:
        found = {}
        for name, form, default in columns():
            plain = form.encode(getattr(value, name))
            if plain != default or type(plain) is not type(default):
                found[name] = plain
        return found

    def decode(plain: Plain) -> Any:
        given = {name: form.decode(plain[name]) for name, form, _ in columns() if name in plain}
        if len(given) != len(plain):
            raise ValueError(f"{kind.__name__} has no {', '.join(sorted(plain.keys() - given.keys()))}")
        return kind(**given)

    return Form(encode, decode)


def _default(one: Field[Any], form: Form) -> Plain:
    if one.default is not MISSING:
        return form.encode(one.default)
    return form.encode(one.default_factory()) if one.default_factory is not MISSING else MISSING
