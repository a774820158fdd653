"""The reading of `blast_radius` and `on` from a policy's nodes."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

from engine.domain.numbers import span_of
from engine.policy.findings import Report
from engine.policy.literals import parse_duration
from engine.policy.program import BlastRadius
from engine.policy.reach_shape import ACCOUNTS_PATTERN, WAKES
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence

_USUAL_WINDOW: Final = timedelta(minutes=5)
_LONGEST: Final = Decimal(24 * 3600)


def read_blast_radius(node: Node | None, report: Report) -> BlastRadius | None:
    """Return what `blast_radius` says, None without it or where its shape is wrong."""
    if not isinstance(node, MappingNode):
        return None
    accounts, within = node.get("accounts"), node.get("within")
    if not isinstance(accounts, Scalar) or not re.fullmatch(ACCOUNTS_PATTERN, accounts.text):
        return None
    window = _USUAL_WINDOW
    if isinstance(within, Scalar):
        seconds = parse_duration(within.text)
        if seconds is not None and not 0 < seconds <= _LONGEST:
            message = f"within: {within.text[:60]} is {'no time at all' if not seconds else 'more than a day'}"
            report.error("wrong-value", within.place, message, "write a time such as 5m")
            return None
        window = window if seconds is None else span_of(seconds)
    share = accounts.text.endswith("%")
    number = Decimal(accounts.text.removesuffix("%").strip())
    return BlastRadius(None if share else int(number), number if share else None, window)


def read_wakes(node: Node | None, report: Report) -> tuple[str, ...]:
    """Return what else wakes a policy, in the order it is written; each is said once."""
    items = node.items if isinstance(node, Sequence) else (node,)
    found: dict[str, None] = {}
    for item in items:
        if not isinstance(item, Scalar) or item.text not in WAKES:
            continue
        if item.text in found:
            report.error("wrong-value", item.place, f"'{item.text}' stands here already", "each once is enough")
        found[item.text] = None
    return tuple(found)
