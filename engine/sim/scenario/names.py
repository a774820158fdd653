"""What the sentences of a scenario may name, and the faults and fills they tell; asked again while it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final, TypeVar

from jsonschema import Draft202012Validator

from engine.domain.numbers import CONTEXT, HUNDRED
from engine.policy import yaml_text
from engine.policy.findings import Report, suggestion
from engine.policy.shape import check_against
from engine.sim.exchange.setup import FillRule, Hand
from engine.sim.exchange.words import Call
from engine.sim.faults import Fault, FaultKind
from engine.sim.scenario import sentences
from engine.sim.scenario.day import Day
from engine.sim.scenario.listing import Listing
from engine.sim.scenario.part import Part, percent, span
from engine.sim.scenario.shape import fault_shape, fill_shape

# What a fault needs beyond whom and when it strikes: the file's words for the details.
_DETAILS: Final = ("seconds", "burst", "status", "text", "code")

_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Names:
    """The day, the contracts listed and the accounts."""

    day: Day
    listing: Listing = field(repr=False)
    accounts: Sequence[str]

    def hand(self, text: str) -> Hand:
        """Return `10:02 A buy …`. Raises: ValueError."""
        return sentences.hand(text, self.listing, self.day, self.accounts)

    def account(self, text: str) -> str:
        """Return an account's code. Raises: ValueError for one that is not there."""
        if text not in self.accounts:
            hint = suggestion(text, self.accounts) or f"known are {', '.join(self.accounts)}"
            raise ValueError(f"there is no account '{text}'; {hint}")
        return text

    def fill(self, part: Part) -> FillRule:
        """Return how some orders are filled."""
        since, until = self._when(part)
        return FillRule(
            share=CONTEXT.divide(part.read("share", percent, HUNDRED), HUNDRED),
            delay=part.read("delay", span, timedelta(0)),
            every=part.read("every", span, None),
            keys=frozenset(contract.key for contract in part.each("contracts", self.listing.find)),
            accounts=frozenset(part.each("accounts", self.account)),
            since=since,
            until=until,
        )

    def fault(self, part: Part) -> Fault:
        """Return what goes wrong."""
        details: dict[str, object] = {key: part.read(key, str, "") for key in _DETAILS if part.has(key)}
        contract = part.read("contract", self.listing.find, None)
        if contract is not None:
            details["symbol"] = contract.symbol
        if part.is_yes("mail"):
            details["mail"] = True
        since, until = self._when(part)
        return Fault(
            kind=part.read("fault", FaultKind, FaultKind.OUTAGE),
            accounts=frozenset(part.each("accounts", self.account)),
            calls=frozenset(part.each("calls", Call)),
            since=since,
            until=until,
            times=part.read("times", int, None),
            details=details,
        )

    def _when(self, part: Part) -> tuple[datetime | None, datetime | None]:
        since, until = (part.read(key, self.day.at, None) for key in ("from", "to"))
        if since is not None and until is not None and until <= since:
            part.report.error("wrong-value", part.place("to"), "it is over before it begins")
        return since, until

    def read_fault(self, text: str) -> Fault:
        """Return a fault told alone, as in a scenario file or as JSON. Raises: ValueError with every finding."""
        return _alone(text, _shape("fault"), self.fault)

    def read_fill(self, text: str) -> FillRule:
        """Return how some orders are filled, told alone, in YAML or JSON. Raises: ValueError with every finding."""
        return _alone(text, _shape("fill"), self.fill)


def part_of(text: str, shape: Draft202012Validator) -> tuple[Part, Report]:
    """Return a mapping in YAML or JSON that keeps to a shape. Raises: ValueError with every finding."""
    report = Report()
    node = yaml_text.read(text, "request", report)
    if node is not None:
        check_against(node, shape, report)
    _refuse(report)
    if not isinstance(node, yaml_text.Mapping):
        raise ValueError("the request is no mapping of names to values")
    return Part(node, report), report


def _alone(text: str, shape: Draft202012Validator, read: Callable[[Part], _Told]) -> _Told:
    part, report = part_of(text, shape)
    told = read(part)
    _refuse(report)
    return told


def _refuse(report: Report) -> None:
    findings = report.sorted()
    if findings:
        raise ValueError("; ".join(f"{one.message}{f' ({one.hint})' if one.hint else ''}" for one in findings))


@cache
def _shape(kind: str) -> Draft202012Validator:
    return Draft202012Validator(fault_shape() if kind == "fault" else fill_shape())
