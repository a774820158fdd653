"""Every action of the language in one table, and the second-tier names that are known but come later."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from engine.actions.base import ActionSpec, Arguments
from engine.domain.kinds import clock_text, show_duration

_CHANNEL: Final[Mapping[str, Any]] = MappingProxyType(
    {"type": "string", "pattern": "^[a-z][a-z0-9_-]*$", "description": "a channel's name, such as telegram"}
)
UNTIL_WORDS: Final = ("cleared", "rearmed", "end of session", "end of week")
_UNTIL: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "type": "string",
        "pattern": r"^(cleared|rearmed|end of session|end of week|\d{1,2}:\d{2}(:\d{2})?|"
        r"(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?)$",
        "minLength": 2,
        "description": "cleared, rearmed, end of session, end of week, a duration (30m) or a time (15:30)",
    }
)


def _notify(arguments: Arguments) -> str:
    return f"notify {', '.join(arguments['channels'])}"


def _block_entries(arguments: Arguments) -> str:
    foreign = {"report": "reported", "cancel": "cancelled", "exit": "exited"}[arguments["foreign_orders"]]
    until = arguments["until"]
    if isinstance(until, Decimal):
        until = f"for {show_duration(until)}"
    elif isinstance(until, tuple):
        until = f"until {clock_text(until[0])}"
    else:
        until = {"cleared": "until the rule clears", "rearmed": "until rearmed by hand"}.get(
            until, f"until the {until.replace('of ', 'of the ')}"
        )
    return f"block entries {until}; orders from elsewhere are {foreign}"


def _cancel(arguments: Arguments) -> str:
    what = {
        "all": "every working order",
        "entries": "working orders that open or uncover",
        "stops": "working stop orders",
    }
    return f"cancel {what[arguments['which']]}"


def _exit(_: Arguments) -> str:
    return "exit this position"


def _square_off(arguments: Arguments) -> str:
    if "where" in arguments:
        return f"square off positions where {arguments['where'].text}"
    scope = {
        "all": "square off all derivative and intraday positions: entries cancelled first, shorts before longs",
        "shorts": "square off every short position",
        "hedges": "square off the hedges whose shorts are flat",
    }
    return scope[arguments["scope"]]


def _sync(_: Arguments) -> str:
    return "start the same sequence on every linked account"


def _kill_switch(_: Arguments) -> str:
    return "throw the broker's kill switch once flat is verified"


def _logout(arguments: Arguments) -> str:
    return "log out at once" if arguments["when"] == "now" else "log out after the watch"


_TABLE: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        name="notify",
        doc="Send a message to one or more channels; it is queued and delays nothing.",
        example="notify: [telegram, call]",
        schema={"type": ["string", "array"], "items": _CHANNEL, "minItems": 1, "pattern": _CHANNEL["pattern"]},
        words=_notify,
        confirmed_by="the message being queued",
        undone_by="nothing; it is only a message",
    ),
    ActionSpec(
        name="block_entries",
        doc="Refuse orders that open or uncover positions; exits always pass.",
        example="block_entries: {until: rearmed, foreign_orders: cancel}",
        schema={
            "type": "object",
            "properties": {
                "until": _UNTIL,
                "foreign_orders": {
                    "type": "string",
                    "enum": ["report", "cancel", "exit"],
                    "description": "what happens to entries that reach the broker another way",
                },
            },
            "additionalProperties": False,
            "minProperties": 1,
        },
        words=_block_entries,
        confirmed_by="the block being journalled at the decision",
        undone_by="the end named in `until`, or `rekha rearm`",
        bare=True,
        later={"underlying": "a block of one underlying"},
    ),
    ActionSpec(
        name="cancel_orders",
        doc="Cancel working orders and wait until each is terminal.",
        example="cancel_orders: entries",
        schema={"type": "string", "enum": ["all", "entries", "stops"]},
        words=_cancel,
        confirmed_by="the order book showing each order terminal",
        undone_by="nothing",
        irrevocable=True,
        repeats_need_rest=True,
        later={"this": "the order the rule is about"},
    ),
    ActionSpec(
        name="exit_position",
        doc="Close the position the rule is about, its own stop last.",
        example="exit_position: this",
        schema={"type": "string", "enum": ["this"]},
        words=_exit,
        confirmed_by="two fresh position books showing it flat",
        undone_by="nothing",
        irrevocable=True,
        exits=True,
        repeats_need_rest=True,
    ),
    ActionSpec(
        name="square_off",
        doc="Close positions leg by leg, shorts before longs, and verify flat from the broker's own books.",
        example="square_off: all",
        schema={
            "type": ["string", "object"],
            "if": {"type": "string"},
            "then": {"enum": ["all", "shorts", "hedges"]},
            "properties": {"where": {"type": "string", "minLength": 1, "description": "a condition on position."}},
            "additionalProperties": False,
            "required": ["where"],
        },
        words=_square_off,
        confirmed_by="two fresh position books without the chosen legs, equal to carry plus trades",
        undone_by="nothing",
        irrevocable=True,
        exits=True,
        repeats_need_rest=True,
        later={
            "scope": "acting wider than the row",
            "include": "delivery positions too",
            "chase": "how prices are widened",
            "max_slippage": "a bound on what an exit may cost",
            "residual": "what may be left",
            "by": "a deadline",
        },
    ),
    ActionSpec(
        name="kill_switch",
        doc="Throw the broker's own kill switch; only when verified flat, otherwise skipped and a person is called.",
        example="kill_switch",
        schema={"type": "null"},
        words=_kill_switch,
        confirmed_by="the broker's page or API showing the switch on after a reload",
        undone_by="the broker's own waiting time, often 12 hours",
        bare=True,
        irrevocable=True,
        needs_latch=True,
        later={"even_if_open": "throw it with positions open"},
    ),
    ActionSpec(
        name="logout",
        doc="End the broker session; after the watch by default, because logging out ends our own eyes first.",
        example="logout: after_watch",
        schema={"type": "string", "enum": ["after_watch", "now"]},
        words=_logout,
        confirmed_by="no authenticated call and no login afterwards",
        undone_by="a login by hand; Rekha never logs in again by itself after a logout",
        irrevocable=True,
        needs_latch=True,
    ),
    ActionSpec(
        name="sync",
        doc="Run this policy's `then` on every linked account, on its own books and under its own mode; one hop.",
        example="sync: linked",
        schema={"type": "string", "enum": ["linked"]},
        words=_sync,
        confirmed_by="each linked account's own sequence",
        undone_by="nothing",
        irrevocable=True,
        needs_latch=True,
    ),
)

ACTIONS: Final[Mapping[str, ActionSpec]] = MappingProxyType({spec.name: spec for spec in _TABLE})

LATER_ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ask": "ask a person and go on or stop when nobody answers",
        "webhook": "call an address",
        "stop_source": "stop the program that keeps sending orders",
        "reduce": "close part of the largest positions",
        "place_stop": "place a stop order",
        "buy_hedge": "buy a protecting option",
        "place_order": "place an order",
        "allow": "let an order pass before it is sent",
        "reject": "refuse an order before it is sent",
    }
)
