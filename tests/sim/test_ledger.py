"""The ledger's numbers and its JSON."""

import json
from datetime import UTC, datetime

from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.words import Entry

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_entries_are_numbered_from_one_and_can_be_read_on():
    ledger = Ledger()
    for order in ("1", "2", "3"):
        ledger.append(NOW, "A", Entry.ORDER, order=order)
    assert [entry.seq for entry in ledger.entries()] == [1, 2, 3]
    assert [entry.details["order"] for entry in ledger.entries(after=2)] == ["3"]


def test_an_entry_is_one_flat_object():
    entry = Ledger().append(NOW, "A", Entry.FILL, quantity="75", price="101.5")
    assert json.loads(json.dumps(entry.as_json())) == {
        "seq": 1, "at": "2026-11-23T04:00:00+00:00", "account": "A", "kind": "fill", "quantity": "75", "price": "101.5",
    }  # fmt: skip
