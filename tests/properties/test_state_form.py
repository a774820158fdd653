"""A state that was written down and read back goes on as the one it was written from, bit for bit, at any instant."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.days import snapshot_of
from engine.core.evaluate import AccountState, evaluate
from engine.core.group import GroupState, evaluate_group
from engine.core.state_form import account_change, group_change, restored_account, restored_groups
from engine.domain.account import Account
from engine.domain.enums import Side, TradingState
from engine.domain.journal import StateChange, StoredState
from engine.domain.kinds import Kind
from engine.domain.serial import VOCABULARIES, form_of, instant_of, instant_text, plain_of, text_of
from engine.domain.snapshot import Missing
from engine.domain.values import Known, Unknown, Value, unknown
from engine.policy.load import load
from engine.policy.program import Program
from engine.runtime.calendars import calendar_for
from engine.runtime.policy_files import load_policies
from engine.runtime.resources import resource_dir
from engine.runtime.snapshot_file import parse_snapshot
from tests.policy.toy import CATALOGUE, LATER
from tests.properties import test_groups as groups
from tests.properties.dump import canonical, plain
from tests.properties.test_determinism import BLOCKS, FILES, HEARS, START, reading

NSE = calendar_for("NSE")
A1 = Account("A1", calendar=NSE, zone=NSE.zone)


class Kept:
    """What a store keeps of one state: the newest text of every part, and every addition."""

    def __init__(self) -> None:
        self.parts: dict[str, str] = {}
        self.heard: list[str] = []
        self.sizes: list[int] = []

    def take(self, change: StateChange) -> None:
        if change.begins:
            self.heard.clear()
        self.parts |= change.parts
        self.heard += [text for _, text in change.heard]
        self.sizes.append(len(change.parts))

    @property
    def stored(self) -> StoredState:
        return StoredState(dict(self.parts), tuple(self.heard))


def programs() -> tuple[Program, Program]:
    extra = [type(FILES[0])(f"{name}.yaml", text) for name, text in (("blocks", BLOCKS), ("hears", HEARS))]
    toy = load((*FILES, *extra), CATALOGUE, LATER).require()
    return toy, load_policies([str(resource_dir("policies"))]).require()


TOY, SHIPPED = programs()

# The next reading: a price, none, no books, or only time that passes; whether a stop has filled; whether we restart.
STEPS = st.lists(
    st.tuples(st.sampled_from([90, 110, 150, 200, None, "same", "dark"]), st.booleans(), st.booleans()),
    min_size=1,
    max_size=12,
)


@settings(max_examples=120)
@given(STEPS, st.integers(0, 3))
def test_a_restart_at_any_instant_of_a_day_changes_nothing(
    steps: list[tuple[int | str | None, bool, bool]], days: int
) -> None:
    through, restarted, kept = AccountState(), AccountState(), Kept()
    written: AccountState | None = None
    snapshot = parse_snapshot(reading(START, 110, stopped=False), "reading.yaml")
    for index, (last, stopped, restart) in enumerate(steps):
        # Some of the readings lie on later days, so that what a day ends and a week keeps is written too.
        now = START + timedelta(seconds=2 * index, days=days if index > len(steps) // 2 else 0)
        if last == "dark":
            dark = Missing("nobody answers")
            snapshot = type(snapshot)("A1", now, dark, dark, dark, dark, dark)
        elif last != "same":
            price = None if last is None else int(last)
            snapshot = parse_snapshot(reading(now, price, stopped=stopped), "reading.yaml")
        if restart:
            restarted = restored_account(kept.stored) if kept.parts else AccountState()
            written = restarted if kept.parts else None
        one, other = (evaluate(TOY, A1, snapshot, state, now) for state in (through, restarted))
        assert canonical(one) == canonical(other)
        through, restarted = one.next_state, other.next_state
        kept.take(account_change(written, restarted))
        written = restarted
        back = restored_account(kept.stored)
        assert back == restarted
        assert plain(back) == plain(restarted)


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sets(st.integers(0, 11)))
def test_so_it_is_with_what_is_shipped_on_whole_accounts(seed: int, restarts: set[int]) -> None:
    random, kept = Random(seed), Kept()
    through = restarted = AccountState()
    written: AccountState | None = None
    for index in range(12):
        now = START + timedelta(seconds=2 * index)
        snapshot = snapshot_of(Random(seed if random.random() < 0.7 else seed + index), now, 8)
        if index in restarts and kept.parts:
            written = restarted = restored_account(kept.stored)
        one, other = (evaluate(SHIPPED, A1, snapshot, state, now) for state in (through, restarted))
        assert canonical(one) == canonical(other)
        through, restarted = one.next_state, other.next_state
        kept.take(account_change(written, restarted))
        written = restarted
    assert plain(restored_account(kept.stored)) == plain(restarted)


@settings(max_examples=25)
@given(groups.rounds, st.sets(st.integers(0, 3)))
def test_so_it_is_with_the_rules_about_groups(
    rounds: list[tuple[groups.Seen, groups.Seen, groups.Seen, list[str]]], restarts: set[int]
) -> None:
    through, kept = groups.Day(groups.FIRING), Kept()
    state, written = GroupState(), None
    for number, (*each, order) in enumerate(rounds):
        at, seen = groups.START + timedelta(seconds=2 * number), dict(zip(groups.ACCOUNTS, each, strict=True))
        if number in restarts and kept.parts:
            state = written = restored_groups(kept.stored)
        for name in order:
            through.read(name, seen[name], at)
            state = evaluate_group(groups.FIRING, groups.ACCOUNTS, through.readings, state, at, ticked=name).next_state
            assert plain(state) == plain(through.state)
            kept.take(group_change(written, state))
            written = state


def test_only_what_changed_is_written_again() -> None:
    kept, state, written = Kept(), AccountState(), None
    snapshot = parse_snapshot(reading(START, 110, stopped=True), "reading.yaml")
    for index in range(4):
        now = START + timedelta(seconds=index)
        state = evaluate(TOY, A1, snapshot, state, now).next_state
        kept.take(account_change(written, state))
        written = state
    everything, *later = kept.sizes
    assert everything == len(kept.parts)
    assert all(size < 4 for size in later)
    assert account_change(state, state) == StateChange()


def test_a_state_of_another_form_or_with_a_piece_missing_is_told() -> None:
    kept = Kept()
    kept.take(account_change(None, AccountState()))
    newer = kept.parts | {"rules": "[2,[]]"}
    with pytest.raises(ValueError, match="the part 'rules' has form 2; this version reads form 1"):
        restored_account(StoredState(newer, ()))
    del newer["rules"]
    with pytest.raises(ValueError, match="the state lacks rules"):
        restored_account(StoredState(newer, ()))


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(st.characters(exclude_categories=()), max_size=5),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC, NSE.zone, ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=-3))])),
    st.sampled_from([Side.BUY, TradingState.HALTED]),
    st.builds(lambda low: Unknown(("no quote",), low, None, (low, low + 1)), st.integers().map(Decimal)),
)


@given(VALUES)
def test_a_value_comes_back_as_it_was(value: Value | None) -> None:
    form = form_of(Value | None)
    back = form.decode(plain_of(text_of(form.encode(value))))
    assert back == value
    assert (type(back), str(back)) == (type(value), str(value))


@given(st.datetimes(timezones=st.just(ZoneInfo("Europe/Berlin"))))
def test_an_instant_keeps_its_zone_also_where_clocks_turn_back(at: datetime) -> None:
    back = instant_of(instant_text(at))
    assert back.tzinfo is at.tzinfo
    assert back.astimezone(UTC) == at.astimezone(UTC)


def test_digits_and_utc_itself_come_back() -> None:
    form = form_of(tuple[Decimal, ...])
    numbers = tuple(map(Decimal, ("1.50", "-0", "0.00", "1E+3", "12345678901234567.8912")))
    assert [str(one) for one in form.decode(plain_of(text_of(form.encode(numbers))))] == [str(one) for one in numbers]
    assert instant_of(instant_text(datetime(2026, 11, 23, tzinfo=UTC))).tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-11-23T10:00:00", "today"])
def test_an_instant_without_a_zone_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"2026-11-23T10:00:00|today"):
        instant_of(text)


def test_a_field_nobody_knows_is_told() -> None:
    with pytest.raises(ValueError, match="Unknown has no colour"):
        form_of(Value).decode({"Unknown": {"causes": ["x"], "colour": "red"}})


def test_every_choice_of_a_fact_is_a_vocabulary_that_can_be_written() -> None:
    told = [spec.type for spec in CATALOGUE.facts.values()]
    told += [
        one.type for kind in (*CATALOGUE.rows.values(), *CATALOGUE.shared.values()) for one in kind.fields.values()
    ]
    words = [{str(member.value) for member in kind} for kind in VOCABULARIES.values()]
    choices = [set(one.members) for one in told if one.kind is Kind.ENUM]
    missing = [one for one in choices if not any(one <= known for known in words)]
    assert choices
    assert missing == []


def test_a_known_value_of_every_sort_is_written_in_its_own_way() -> None:
    form = form_of(tuple[Known, ...])
    given = (Decimal("1.0"), True, "1.0", date(2026, 11, 23), Side.SELL)
    assert form.encode(given) == ["1.0", True, {"str": "1.0"}, {"date": "2026-11-23"}, {"Enum": ["Side", "SELL"]}]
    assert form_of(Value).encode(unknown("x")) == {"Unknown": {"causes": ["x"]}}
