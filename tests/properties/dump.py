"""One text for a value of the engine, the same on every machine: what equal inputs must give equal bytes of."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from engine.actions.base import ActionSpec
from engine.core.evaluate import Evaluation, Result
from engine.policy.program import Policy


def plain(value: Any) -> Any:
    """Nested plain data in one order; a policy and an action stand for themselves by name."""
    if isinstance(value, Policy | ActionSpec):
        return value.name
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | timedelta):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Result):
        told = {name: plain(getattr(value, name)) for name in ("trace", "distances", "because", "would", "exits")}
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.repr} | told
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Mapping):
        return sorted(([plain(key), plain(item)] for key, item in value.items()), key=json.dumps)
    if isinstance(value, frozenset):
        return sorted((plain(item) for item in value), key=json.dumps)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def canonical(evaluation: Evaluation) -> bytes:
    """The canonical bytes of an evaluation: its results and the state it hands on."""
    form = [plain(evaluation.results), plain(evaluation.next_state)]
    return json.dumps(form, ensure_ascii=False, sort_keys=True).encode()
