"""Which fault strikes which call."""

from datetime import UTC, datetime, timedelta

from engine.sim.exchange.words import Call
from engine.sim.faults import Fault, FaultKind, Faults

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def test_a_fault_strikes_only_whom_it_names():
    faults = Faults((Fault(FaultKind.OUTAGE, frozenset({"B"}), frozenset({Call.PLACE})),))
    assert faults.strike(FaultKind.OUTAGE, "A", Call.PLACE, NOW) is None
    assert faults.strike(FaultKind.OUTAGE, "B", Call.ORDERS, NOW) is None
    assert faults.strike(FaultKind.SLOW, "B", Call.PLACE, NOW) is None
    assert faults.strike(FaultKind.OUTAGE, "B", Call.PLACE, NOW) is not None


def test_a_fault_lasts_as_long_as_it_says():
    faults = Faults((Fault(FaultKind.OUTAGE, since=NOW, until=NOW + A_MINUTE),))
    struck = [
        faults.strike(FaultKind.OUTAGE, "A", Call.ORDERS, NOW + n * A_MINUTE / 2) is not None for n in (-1, 0, 1, 2)
    ]
    assert struck == [False, True, True, False]


def test_a_counted_fault_is_used_up():
    faults = Faults((Fault(FaultKind.GARBAGE, times=2),))
    assert [faults.strike(FaultKind.GARBAGE, "A", Call.ORDERS, NOW) is not None for _ in range(3)] == [
        True,
        True,
        False,
    ]
    assert faults.in_force() == {}


def test_one_fault_or_all_are_cleared():
    faults = Faults()
    first, _ = faults.add(Fault(FaultKind.SLOW)), faults.add(Fault(FaultKind.OUTAGE))
    faults.clear(first)
    assert [fault.kind for fault in faults.in_force().values()] == [FaultKind.OUTAGE]
    faults.clear()
    assert faults.in_force() == {}
