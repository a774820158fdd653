"""The shape of a scenario file as JSON Schema; what its texts mean, `reader` tells."""

from typing import Any, Final

from engine.actions.shapes import YES, duration, sentence, word
from engine.policy.schema import DIALECT
from engine.sim.clock import LEAST_RATE, MOST_RATE, Pace
from engine.sim.exchange.words import Call, LockBlocks
from engine.sim.faults import FaultKind
from engine.sim.scenario.atoms import (
    above_nought,
    block,
    by_name,
    listed,
    number,
    text,
    time_of_day,
    whole,
    words_of,
)
from engine.sim.scenario.listing import CONTRACT, DERIVATIVES
from engine.sim.scenario.prices import PRICES
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Channel

ACCOUNT: Final = r"^[A-Z][A-Z0-9]{0,9}$"
_PERCENT: Final = r"^(100|[1-9]?[0-9])(\.[0-9]{1,2})? ?%$"
_SPAN: Final = r"^[0-9]{1,6}( to [0-9]{1,6})? ms$"
_BAND: Final = r"^[0-9]+(\.[0-9]+)? to [0-9]+(\.[0-9]+)?$"


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files."""
    body = block(
        "One simulated day of an exchange and the accounts on it",
        {
            "scenario": text("the scenario's name, that of its file", "^[a-z][a-z0-9-]{0,63}$"),
            "title": sentence("what happens on this day, in one sentence"),
            "day": text("the trading day: 2026-11-23", "^20[0-9]{2}-[01][0-9]-[0-3][0-9]$"),
            "from": time_of_day("when the simulation begins; a minute before the market opens when left out"),
            "session": block(
                "when the market is open; the exchange's own hours when left out",
                {"open": time_of_day("when it opens"), "close": time_of_day("when it closes")},
                ["open", "close"],
            ),
            "clock": block(
                "how time goes by, unless whoever runs the scenario wants another",
                {
                    "pace": word(
                        "real, when left out; stepped: only when told; skipping: over quiet hours", *words_of(Pace)
                    ),
                    "rate": number(f"how many times faster than real time: {LEAST_RATE} to {MOST_RATE}"),
                },
            ),
            "ramp_every": duration("how often a ramp gives a price; 5s when left out"),
            "underlyings": by_name("indices and shares by name", "^[A-Z][A-Z0-9&-]*$", _underlying()),
            "contracts": by_name(
                "contracts such as NIFTY 24000 CE 01DEC or NIFTY FUT 29DEC", f"^{CONTRACT}$", _contract()
            ),
            "accounts": by_name("the accounts by client code, capitals and digits: A, AB123", ACCOUNT, _account()),
            "fills": listed("how orders are filled, where not at once as far as the depth goes", fill_shape()),
            "trader": listed(
                "what a trader does at a terminal",
                sentence("10:02 A buy 65 NIFTY 24000 CE 01DEC NRML limit 80 tag T1, 10:05 A cancel T1"),
            ),
            "faults": listed("what goes wrong", fault_shape()),
            "rules": _rules(),
            "terminal": block(
                "the broker's web terminal",
                {
                    "skin": word("ordinary html, or painted on a canvas", *words_of(Skin)),
                    "otp": word("how the one-time password comes", *words_of(Channel)),
                },
            ),
        },
        ["scenario", "title", "day", "underlyings", "accounts"],
    )
    return {"$schema": DIALECT, "title": "Rekha scenario", **body}


def _underlying() -> dict[str, Any]:
    return block(
        "one index or share",
        {
            "kind": word("an index unless it says share", "index", "share"),
            "exchange": word("NSE when left out", *DERIVATIVES),
            **_trading(),
        },
        ["close"],
    )


def _contract() -> dict[str, Any]:
    return block("one contract; lot, freeze and tick are its underlying's when left out", _trading(), ["close"])


def _trading() -> dict[str, Any]:
    return {
        "close": above_nought("the price the day before closed at"),
        "prices": text("the day's prices: 09:15 101.5, 10:00 110 → 10:30 130, 11:00 90 no offers", PRICES),
        "lot": whole("units in a lot"),
        "freeze": whole("the most units one order may have"),
        "tick": above_nought("the smallest step of a price; 0.05 when left out"),
        "band": text("the day's price band: 0.05 to 500", _BAND),
        "token": whole("the number quotes are asked by"),
        "gap": whole("how many ticks the best bid and offer lie beside the last price; 1 when left out"),
        "levels": whole("how many prices each side of the depth has; 5 when left out"),
        "depth": whole("how many lots stand at each price; 100 when left out"),
        "market_orders": {**YES, "description": "whether market orders are taken; yes when left out"},
        "banned": {**YES, "description": "whether it is in the ban period"},
    }


def _account() -> dict[str, Any]:
    position = sentence("short 130 NIFTY 24000 CE 01DEC NRML at 110, or 2 lots; at: the previous close when left out")
    order = sentence("buy 130 NIFTY 24000 CE 01DEC NRML stop 150 limit 155 tag SL1")
    trade = sentence("09:16 sold 130 NIFTY 24000 CE 01DEC NRML at 110")
    earlier = sentence("14:31 buy 130 NIFTY 24000 CE 01DEC NRML stop 150 limit 155 tag SL1 filled at 151, or cancelled")
    return block(
        "one account",
        {
            "cash": number("money at the day's start, collateral included"),
            "positions": listed("carried from the day before", position),
            "holdings": listed("shares in the depository", position),
            "trades": listed("done on this day before the simulation begins", trade),
            "orders": listed("working when the simulation begins", order),
            "yesterday": listed("orders of the trading day before that the book still shows", earlier),
            "exchanges": listed("those it may trade on; all when left out", word("one exchange", *_exchanges())),
        },
        ["cash"],
    )


def _exchanges() -> tuple[str, ...]:
    return (*DERIVATIVES, *DERIVATIVES.values())


def fill_shape() -> dict[str, Any]:
    """Return the shape of one rule of fills."""
    return block(
        "how some orders are filled; of several the last that concerns an order holds",
        {
            "share": text("of an order's quantity at a time, in whole lots: 50%; 0% fills nothing", _PERCENT),
            "delay": duration("before the first fill"),
            "every": duration("between two fills; at the contract's next price when left out"),
            **_whom(),
        },
    )


def fault_shape() -> dict[str, Any]:
    """Return the shape of one fault."""
    return block(
        "one fault",
        {
            "fault": word("what goes wrong", *words_of(FaultKind)),
            "from": time_of_day("since when; from the start when left out"),
            "to": time_of_day("until when; for ever when left out"),
            "accounts": listed("whose calls; everybody's when left out", text("an account", ACCOUNT)),
            "calls": listed("which calls; all of the API when left out", word("one kind of call", *words_of(Call))),
            "times": whole("how often it strikes before it is over"),
            "seconds": whole("how long it waits"),
            "burst": whole("how many calls a second are not too many"),
            "status": whole("the HTTP status it answers with: 503", "^[2-5][0-9]{2}$"),
            "code": whole("the broker's own code it answers with"),
            "text": sentence("what it answers with, or the word it puts in place"),
            "contract": sentence("the contract it concerns"),
            "mail": {**YES, "description": "whether the letter of confirmation comes all the same"},
        },
        ["fault"],
    )


def _whom() -> dict[str, Any]:
    return {
        "contracts": listed("of these contracts; all when left out", sentence("a contract")),
        "accounts": listed("of these accounts; all when left out", text("an account", ACCOUNT)),
        "from": time_of_day("since when; from the start when left out"),
        "to": time_of_day("until when; for ever when left out"),
    }


def _rules() -> dict[str, Any]:
    span = "in milliseconds: 20 ms, or 20 to 60 ms drawn by the seed"
    steps = ("receiving", "validating", "sending", "changing", "cancelling")
    square_off = block(
        "one time at which the broker closes positions by itself",
        {
            "at": time_of_day("when"),
            "products": listed("of these products", word("a product", "MIS", "NRML")),
            "underlyings": listed("of these underlyings; all when left out", sentence("an underlying")),
            "on_expiry_only": {**YES, "description": "only contracts that expire on the day"},
        },
        ["at", "products"],
    )
    return block(
        "what the broker and the exchange allow",
        {
            "latencies": block("how long an order takes", {name: text(f"{name}, {span}", _SPAN) for name in steps}),
            "execution_band": text("how far from the last price an order may be executed: 40%", _PERCENT),
            "square_offs": listed("the broker's own square-offs", square_off),
            "margin": {**YES, "description": "whether orders that lack margin are refused; yes when left out"},
            "stop_market_orders": {**YES, "description": "whether stop orders without a limit are taken"},
            "changes": whole("how often an order may be changed; 25 when left out"),
            "lock_blocks": word("what a segment disabled by its client refuses", *words_of(LockBlocks)),
            "lock_needs_flat": {**YES, "description": "whether a segment is only disabled without positions, orders"},
        },
    )
