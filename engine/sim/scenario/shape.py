"""The shape of a scenario file as JSON Schema; what its texts mean, `reader` tells."""

from collections.abc import Mapping
from typing import Any, Final

from engine.actions.shapes import YES, duration, sentence, word
from engine.policy.schema import DIALECT
from engine.sim.clock import LEAST_RATE, MOST_RATE, Pace
from engine.sim.exchange.words import Call, LockBlocks
from engine.sim.faults import FaultKind
from engine.sim.scenario.day import TIME
from engine.sim.scenario.listing import CONTRACT, DERIVATIVES
from engine.sim.scenario.model import OtpBy, Skin
from engine.sim.scenario.prices import PRICES

ACCOUNT: Final = r"^[A-Z][A-Z0-9]{0,9}$"
_NUMBER: Final = r"^[0-9]{1,15}(\.[0-9]{1,4})?$"
_PERCENT: Final = r"^(100|[1-9]?[0-9])(\.[0-9]{1,2})? ?%$"
_SPAN: Final = r"^[0-9]{1,6}( to [0-9]{1,6})? ms$"
_BAND: Final = r"^[0-9]+(\.[0-9]+)? to [0-9]+(\.[0-9]+)?$"


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files."""
    body = _object(
        "One simulated day of an exchange and the accounts on it",
        {
            "scenario": _text("the scenario's name, that of its file", "^[a-z][a-z0-9-]{0,63}$"),
            "title": sentence("what happens on this day, in one sentence"),
            "day": _text("the trading day: 2026-11-23", "^20[0-9]{2}-[01][0-9]-[0-3][0-9]$"),
            "from": _time("when the simulation begins; a minute before the market opens when left out"),
            "session": _object(
                "when the market is open; the exchange's own hours when left out",
                {"open": _time("when it opens"), "close": _time("when it closes")},
                ["open", "close"],
            ),
            "clock": _object(
                "how time goes by, unless whoever runs the scenario wants another",
                {
                    "pace": word("real; stepped: only when told; skipping: over quiet hours", *_words(Pace)),
                    "rate": _number(f"how many times faster than real time: {LEAST_RATE} to {MOST_RATE}"),
                },
            ),
            "ramp_every": duration("how often a ramp gives a price; 5s when left out"),
            "underlyings": _map("indices and shares by name", "^[A-Z][A-Z0-9&-]*$", _underlying()),
            "contracts": _map(
                "contracts such as NIFTY 24000 CE 01DEC or NIFTY FUT 29DEC", f"^{CONTRACT}$", _contract()
            ),
            "accounts": _map("the accounts by client code: A, AB123", ACCOUNT, _account()),
            "fills": _list("how orders are filled, where not at once as far as the depth goes", _fill()),
            "trader": _list(
                "what a trader does at a terminal",
                sentence("10:02 A buy 65 NIFTY 24000 CE 01DEC NRML limit 80 tag T1, 10:05 A cancel T1"),
            ),
            "faults": _list("what goes wrong", _fault()),
            "rules": _rules(),
            "terminal": _object(
                "the broker's web terminal",
                {
                    "skin": word("ordinary html, or painted on a canvas", *_words(Skin)),
                    "otp": word("how the one-time password comes", *_words(OtpBy)),
                },
            ),
        },
        ["scenario", "title", "day", "underlyings", "accounts"],
    )
    return {"$schema": DIALECT, "title": "Rekha scenario", **body}


def _underlying() -> dict[str, Any]:
    return _object(
        "one index or share",
        {
            "kind": word("an index unless it says share", "index", "share"),
            "exchange": word("NSE when left out", *DERIVATIVES),
            **_trading(),
        },
        ["close"],
    )


def _contract() -> dict[str, Any]:
    return _object("one contract; lot, freeze and tick are its underlying's when left out", _trading(), ["close"])


def _trading() -> dict[str, Any]:
    return {
        "close": _number("the price the day before closed at"),
        "prices": _text("the day's prices: 09:15 101.5, 10:00 110 → 10:30 130, 11:00 90 no offers", PRICES),
        "lot": _number("units in a lot"),
        "freeze": _number("the most units one order may have"),
        "tick": _number("the smallest step of a price; 0.05 when left out"),
        "band": _text("the day's price band: 0.05 to 500", _BAND),
        "token": _number("the number quotes are asked by"),
        "gap": _number("how many ticks the best bid and offer lie beside the last price; 1 when left out"),
        "levels": _number("how many prices each side of the depth has; 5 when left out"),
        "depth": _number("how many lots stand at each price; 100 when left out"),
        "market_orders": {**YES, "description": "whether market orders are taken; yes when left out"},
        "banned": {**YES, "description": "whether it is in the ban period"},
    }


def _account() -> dict[str, Any]:
    position = sentence("short 130 NIFTY 24000 CE 01DEC NRML at 110, or 2 lots; at: the previous close when left out")
    order = sentence("buy 130 NIFTY 24000 CE 01DEC NRML stop 150 limit 155 tag SL1")
    trade = sentence("09:16 sold 130 NIFTY 24000 CE 01DEC NRML at 110")
    return _object(
        "one account",
        {
            "cash": _number("money at the day's start, collateral included"),
            "positions": _list("carried from the day before", position),
            "holdings": _list("shares in the depository", position),
            "trades": _list("done on this day before the simulation begins", trade),
            "orders": _list("working when the simulation begins", order),
            "exchanges": _list("those it may trade on; all when left out", word("one exchange", *_exchanges())),
        },
        ["cash"],
    )


def _exchanges() -> tuple[str, ...]:
    return (*DERIVATIVES, *DERIVATIVES.values())


def _fill() -> dict[str, Any]:
    return _object(
        "how some orders are filled; of several the last that concerns an order holds",
        {
            "share": _text("of an order's quantity at a time, in whole lots: 50%; 0% fills nothing", _PERCENT),
            "delay": duration("before the first fill"),
            "every": duration("between two fills; at the contract's next price when left out"),
            **_whom(),
        },
    )


def _fault() -> dict[str, Any]:
    return _object(
        "one fault",
        {
            "fault": word("what goes wrong", *_words(FaultKind)),
            "from": _time("since when; from the start when left out"),
            "to": _time("until when; for ever when left out"),
            "accounts": _list("whose calls; everybody's when left out", _text("an account", ACCOUNT)),
            "calls": _list("which calls; all when left out", word("one kind of call", *_words(Call))),
            "times": _number("how often it strikes before it is over"),
            "seconds": _number("how long it waits"),
            "burst": _number("how many calls a second are not too many"),
            "status": _number("the HTTP status it answers with"),
            "text": sentence("what it answers with, or the word it puts in place"),
            "contract": sentence("the contract it concerns"),
        },
        ["fault"],
    )


def _whom() -> dict[str, Any]:
    return {
        "contracts": _list("of these contracts; all when left out", sentence("a contract")),
        "accounts": _list("of these accounts; all when left out", _text("an account", ACCOUNT)),
        "from": _time("since when; from the start when left out"),
        "to": _time("until when; for ever when left out"),
    }


def _rules() -> dict[str, Any]:
    span = "in milliseconds: 20 ms, or 20 to 60 ms drawn by the seed"
    steps = ("receiving", "validating", "sending", "changing", "cancelling")
    square_off = _object(
        "one time at which the broker closes positions by itself",
        {
            "at": _time("when"),
            "products": _list("of these products", word("a product", "MIS", "NRML")),
            "underlyings": _list("of these underlyings; all when left out", sentence("an underlying")),
            "on_expiry_only": {**YES, "description": "only contracts that expire on the day"},
        },
        ["at", "products"],
    )
    return _object(
        "what the broker and the exchange allow",
        {
            "latencies": _object("how long an order takes", {name: _text(f"{name}, {span}", _SPAN) for name in steps}),
            "execution_band": _text("how far from the last price an order may be executed: 40%", _PERCENT),
            "square_offs": _list("the broker's own square-offs", square_off),
            "margin": {**YES, "description": "whether orders that lack margin are refused; yes when left out"},
            "stop_market_orders": {**YES, "description": "whether stop orders without a limit are taken"},
            "changes": _number("how often an order may be changed; 25 when left out"),
            "lock_blocks": word("what a segment disabled by its client refuses", *_words(LockBlocks)),
            "lock_needs_flat": {**YES, "description": "whether a segment is only disabled without positions, orders"},
        },
    )


def _words(choices: Any) -> list[str]:
    return [choice.value for choice in choices]


def _text(description: str, pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "description": description}


def _number(description: str) -> dict[str, Any]:
    return {"type": ["string", "number"], "pattern": _NUMBER, "description": description}


def _time(description: str) -> dict[str, Any]:
    return _text(f"{description}: a time of day such as 09:20 or 09:20:30", f"^{TIME}$")


def _list(description: str, item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(item), "description": description}


def _map(description: str, names: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": names},
        "additionalProperties": dict(value),
        "description": description,
    }


def _object(description: str, properties: Mapping[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required or [],
        "additionalProperties": False,
        "description": description,
    }
