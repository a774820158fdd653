"""What a call is answered from: who asks, when, with what, and of which exchange."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.sim.exchange.exchange import Exchange
from engine.sim.kotak.listing import Listing


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of an account. path: what the address named. form: the object of `jData`. origin: the address asked."""

    exchange: Exchange
    listing: Listing
    account: str
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
