"""The shapes of what the control of a simulation is asked to do, as JSON Schema."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from engine.actions.shapes import duration, sentence, word
from engine.sim.scenario.atoms import above_nought, block, number, text, time_of_day

_HOLD = "^[a-z][a-z0-9 _-]{0,39}$"


@cache
def control_shapes() -> Mapping[str, Draft202012Validator]:
    """Return what holds a request to its shape, by the path it is sent to."""
    shapes = {"clock": _clock(), "price": _price(), "hand": _hand(), "session/expire": _expire()}
    return {path: Draft202012Validator(shape) for path, shape in shapes.items()}


def _clock() -> dict[str, Any]:
    return block(
        "how time shall go on",
        {
            "step": duration("by how much"),
            "to": time_of_day("until when"),
            "rate": number("how many times faster than real time: 1 to 4"),
            "hold": text("what is open, so that time is not skipped, such as kill", _HOLD),
            "release": text("what is over", _HOLD),
        },
    )


def _price() -> dict[str, Any]:
    return block(
        "the market of a contract from now on",
        {
            "contract": sentence("the contract: NIFTY 24000 CE 01DEC"),
            "last": above_nought("the price, until the scenario's next"),
            "without": word("the side of the depth that is empty", "bids", "offers"),
            "by": {
                "type": ["string", "number"],
                "pattern": r"^[+-]?[0-9]{1,9}(\.[0-9]{1,4})?$",
                "description": "how far the market gaps, for the rest of the day: 25 or -25",
            },
        },
        ["contract"],
    )


def _hand() -> dict[str, Any]:
    return block("what a trader does now", {"do": sentence("A cancel T1, or A buy 65 …")}, ["do"])


def _expire() -> dict[str, Any]:
    return block("whose session expires", {"account": sentence("the account; everybody's when left out")})
