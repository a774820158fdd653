"""No rule's blocks hear of another's: beside others a rule opens and ends what it would open and end alone."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.evaluate import AccountState, evaluate
from engine.domain.account import Account
from engine.domain.block import Block
from engine.domain.enums import Mode
from engine.policy.load import Source, load
from engine.runtime.calendars import calendar_for
from engine.runtime.snapshot_file import parse_snapshot
from tests.policy.toy import CATALOGUE, LATER
from tests.properties.test_determinism import START, reading

ACCOUNT = Account("A1", calendar=calendar_for("NSE"))
# What 75 sold at 100 lose at the last prices of a run.
LIMITS = ("1k", "2k", "5k")
ENDS = ("cleared", "rearmed", "4s", "10:16", "end of session", "end of week")
RULES = st.lists(
    st.tuples(
        st.sampled_from(LIMITS),
        st.sampled_from(ENDS),
        st.sampled_from(["enforce", "dry_run"]),
        st.sampled_from(["", "cooldown: 4s", "clear_when: loss <= 500", "for_each: position"]),
    ),
    min_size=2,
    max_size=4,
)
PRICES = st.lists(st.sampled_from([90, 105, 115, 130, 200, None]), min_size=2, max_size=8)


def rule(number: int, limit: str, until: str, mode: str, more: str) -> Source:
    fact, told = ("position.loss", "{position.loss}") if more == "for_each: position" else ("loss", "{loss}")
    text = f"""policy: rule-{number}
title: a rule
severity: warning
mode: {mode}
accounts: all
when: {fact} >= {limit}
confirm: at once
on_unknown: {{block_entries: after 2s}}
{more}
then: [{{block_entries: {{until: {until}}}}}]
because: "{told}"
"""
    return Source(f"{number}.yaml", text.encode())


def blocks(files: list[Source], prices: list[int | None]) -> list[tuple[Block, ...]]:
    """The live blocks after each reading."""
    program = load(files, CATALOGUE, LATER).require()
    state, found = AccountState(), []
    for index, last in enumerate(prices):
        now = START + timedelta(seconds=8 * index)
        snapshot = parse_snapshot(reading(now, last, stopped=True), "reading.yaml")
        state = evaluate(program, ACCOUNT, snapshot, state, now).next_state
        found.append(state.blocks)
    return found


@settings(max_examples=120)
@given(RULES, PRICES)
def test_ending_one_ends_no_other(rules: list[tuple[str, str, str, str]], prices: list[int | None]) -> None:
    files = [rule(number, *one) for number, one in enumerate(rules)]
    together = blocks(files, prices)
    for number, file in enumerate(files):
        own = [tuple(block for block in live if block.policy == f"rule-{number}") for live in together]
        assert own == blocks([file], prices)


@settings(max_examples=60)
@given(RULES, PRICES)
def test_no_block_outlives_its_end_and_each_has_a_cause(
    rules: list[tuple[str, str, str, str]], prices: list[int | None]
) -> None:
    files = [rule(number, *one) for number, one in enumerate(rules)]
    for index, live in enumerate(blocks(files, prices)):
        now: datetime = START + timedelta(seconds=8 * index)
        assert all(block.since <= now for block in live)
        assert all(block.ends_at is None or now < block.ends_at for block in live)
        assert {block.mode for block in live} <= {Mode.ENFORCE, Mode.DRY_RUN}
        assert len({(b.policy, b.row, b.mode, b.until, b.ends_at) for b in live}) == len(live)
