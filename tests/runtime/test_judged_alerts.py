"""What a look at an account begins and ends: rules that cannot be told for too long, and what fires no more."""

from datetime import datetime, timedelta
from types import MappingProxyType

from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.core.group import GroupState, evaluate_group
from engine.core.group_reading import reading_of
from engine.domain.account import Account
from engine.domain.enums import Severity
from engine.domain.message import Message
from engine.facts.catalogue import CATALOGUE
from engine.policy.load import Source, load
from engine.policy.program import Program
from engine.runtime.alerts import Alert
from engine.runtime.judged_alerts import begun, is_over
from engine.runtime.monitor import Ticked
from engine.runtime.policy_files import LATER
from engine.runtime.snapshot_file import parse_snapshot
from tests.cli.files import policy, snapshot

UNKNOWN = "positions:\n  - {symbol: NIFTY26N2424000CE, sold: [75, 100], lot_size: 75}\norders: []\nfills: []\n"
TELLS = "on_unknown: {alert: after 10s}\nthen:\n  - notify: [telegram, call]\n"
A1 = Account("A1")


def program(*texts: str) -> Program:
    sources = [Source(f"policies/{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    return load(sources, CATALOGUE, LATER).require()


def at(clock: str) -> datetime:
    return parse_snapshot(snapshot(at=clock), "reading.yaml").taken_at


def day(rules: Program, *readings: tuple[str, str | None]) -> list[Ticked]:
    """Looks at A1, each with a time and what the positions are; None for what is known and loses 6,000."""
    state, found = AccountState(), []
    for clock, parts in readings:
        now = at(clock)
        evaluation = evaluate(rules, A1, parse_snapshot(snapshot(at=clock, parts=parts), "reading.yaml"), state, now)
        state = evaluation.next_state
        found.append(Ticked("A1", now, evaluation.view.snapshot, evaluation))
    return found


def test_a_rule_that_cannot_be_told_is_an_alert_once_with_its_causes_and_ends_when_it_can() -> None:
    rules = program(policy("kill", "loss >= 10k", TELLS, mode="enforce"))
    looks = day(rules, ("10:45:00", UNKNOWN), ("10:45:10", UNKNOWN), ("10:45:20", UNKNOWN), ("10:45:30", None))
    assert [len(begun(one)) for one in looks] == [0, 1, 0, 0]
    (alert,) = begun(looks[1])
    told = alert.message
    assert told.title == "A1: kill cannot be told for 10s"
    assert told.lines[0].startswith("unknown: ")
    assert (told.severity, told.channels, told.needs_ack) == (Severity.CRITICAL, ("telegram", "call"), True)
    assert alert.lasts
    assert [is_over(one)(alert) for one in looks[1:]] == [False, False, True]


def test_what_is_not_enforced_alerts_nobody() -> None:
    rules = program(policy("kill", "loss >= 10k", TELLS))
    looks = day(rules, ("10:45:00", UNKNOWN), ("10:45:10", UNKNOWN))
    assert [begun(one) for one in looks] == [(), ()]


def fired(policy_name: str, account: str = "A1", row: str = "") -> Alert:
    message = Message(Severity.CRITICAL, "it fires", at("10:45:00"), account=account, policy=policy_name, row=row)
    return Alert("the decision's key", message, at("10:45:00"))


def test_an_alert_of_a_decision_is_over_when_its_rule_is_clear_and_not_while_it_stands() -> None:
    rules = program(policy("kill", "loss >= 5k", mode="enforce"), policy("other", "loss >= 50k", mode="enforce"))
    flat = "positions: []\norders: []\nfills: []\n"
    looks = day(rules, ("10:45:00", None), ("10:45:02", None), ("10:45:04", UNKNOWN), ("10:45:06", flat))
    assert [is_over(one)(fired("kill")) for one in looks[:3]] == [False, False, False]
    assert is_over(looks[0])(fired("other"))
    elsewhere = [fired("kill", account="A2"), fired(""), fired("gone")]
    assert [is_over(looks[0])(one) for one in elsewhere] == [False, False, False]


def test_an_alert_of_a_row_is_over_when_the_row_is_gone() -> None:
    body = "for_each: position\nthen:\n  - notify: telegram\n"
    rules = program(policy("leg", "position.is_short", body, mode="enforce"))
    (look,) = day(rules, ("10:45:00", None))
    assert look.evaluation is not None
    (result,) = [one for one in look.evaluation.results if one.policy.name == "leg"]
    assert result.row
    assert not is_over(look)(fired("leg", row=result.row))
    assert is_over(look)(fired("leg", row="NFO:NIFTY26NOV25000CE:NRML"))


def test_a_rule_about_a_group_is_alerted_and_ended_in_each_member() -> None:
    text = policy("family", "group.loss >= 50k", "for_each: group\n" + TELLS, mode="enforce")
    rules = program(text.replace("Loss {loss}", "Loss {group.loss}"))
    accounts = MappingProxyType({"A1": A1, "A2": Account("A2")})
    state, looks = GroupState(), []
    for clock, parts in (("10:45:00", UNKNOWN), ("10:45:10", UNKNOWN), ("10:45:20", None)):
        now, readings = at(clock), {}
        evaluations: dict[str, Evaluation] = {}
        for name, one in accounts.items():
            seen = parse_snapshot(snapshot(name, clock, parts), "reading.yaml")
            evaluations[name] = evaluate(rules, one, seen, AccountState(), now)
            readings[name] = reading_of(rules, one, evaluations[name])
        known = {name: one for name, one in readings.items() if one is not None}
        found = evaluate_group(rules, accounts, known, state, now)
        state = found.next_state
        looks.append(Ticked("A1", now, None, evaluations["A1"], groups=found.groups))
    assert [sorted(one.message.account for one in begun(look)) for look in looks] == [[], ["A1", "A2"], []]
    for alert in begun(looks[1]):
        assert [is_over(one)(alert) for one in looks] == [False, False, True]


def test_seconds_are_told_as_the_policy_says_them() -> None:
    rules = program(policy("kill", "loss >= 10k", TELLS.replace("10s", "90s"), mode="enforce"))
    looks = day(rules, *[(f"10:{45 + minute:02d}:00", UNKNOWN) for minute in range(3)])
    (alert,) = begun(looks[-1])
    assert alert.message.title == "A1: kill cannot be told for 1m30s"
    assert looks[-1].at - looks[0].at == timedelta(minutes=2)
