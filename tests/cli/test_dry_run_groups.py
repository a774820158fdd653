"""`rekha dry-run` with rules about several accounts together: readings in the order of time, text, JSON, exit codes."""

import pytest

from tests.cli.conftest import Cli, Ran, Write
from tests.cli.files import desk, one, policy, snapshot

ACTING = """\
confirm: {samples: 2, at_least: 3s}
on_unknown: {alert: after 10s}
once: per group per day
then:
  - block_entries
  - square_off: all
"""
BOTH = policy("both", "group.loss >= 10k", ACTING, for_each="group").replace("{loss}", "{group.parts}")
EXITS = "square off all derivative and intraday positions: entries cancelled first, shorts before longs"
POSITION = "positions:\n  - {{symbol: NIFTY26N2424000CE, sold: [75, 100], last_price: {}, lot_size: 75}}\n"


def reading(account: str, at: str, last: int) -> str:
    return snapshot(account, at, f"{POSITION.format(last)}orders: []\nfills: []\n")


def a_desk(write: Write, text: str = BOTH) -> None:
    write("desk/policies/both.yaml", text)
    write("desk/rekha.yaml", desk(A1="{policies: {both: {mode: enforce}}}", A2="{}"))


def dry(cli: Cli, write: Write, *readings: tuple[str, str, int], form: str = "json") -> Ran:
    files = [write(f"s{n}.yaml", reading(*told)) for n, told in enumerate(readings)]
    return cli("dry-run", "--desk", "desk", "--format", form, "--snapshot", *files)


# 75 units each lose 6,000 at 180: together 12,000.
FIRING = (("A1", "10:45:00", 180), ("A1", "10:45:04", 180), ("A2", "10:45:01", 180), ("A2", "10:45:05", 180))


def test_readings_of_all_accounts_are_taken_in_the_order_of_time(cli: Cli, write: Write) -> None:
    a_desk(write)
    ran = dry(cli, write, *FIRING)
    assert ran.code == 3
    for account, mode in (("A1", "enforce"), ("A2", "dry_run")):
        row = one(ran.json, "both", account)
        assert (row["row"], row["group"], row["mode"], row["verdict"]) == (None, "all", mode, "fires")
        assert row["since"] == "2026-11-23T10:45:05+05:30"
        assert row["distance"][0] == {
            "sentence": "group.loss >= 10k", "path": "/when", "is": "12000", "limit": "10000", "by": "-2000",
            "unit": "INR",
        }  # fmt: skip
        assert row["targets"] == [{"action": 2, "leg": "NFO:NIFTY26N2424000CE:NRML:1", "from": "-75", "to": "0"}]
        assert [(block["policy"], block["mode"]) for block in row["blocks"]] == [("both", mode)]
        assert row["because"] == "Loss A1 -6,000.00 INR, A2 -6,000.00 INR"


@pytest.mark.parametrize("first", ["A1", "A2"])
def test_readings_of_one_instant_are_one_moment_whichever_account_is_given_first(
    cli: Cli, write: Write, first: str
) -> None:
    a_desk(write)
    # Together 12,000 at each instant; half of one instant and half of another would be far less, or far more.
    days = {"A1": (180, 101, 180), "A2": (180, 259, 180)}
    given = [
        (name, f"10:45:0{2 * n}", last)
        for name in sorted(days, key=lambda name: name != first)
        for n, last in enumerate(days[name])
    ]
    row = one(dry(cli, write, *given).json, "both", "A1")
    assert (row["verdict"], row["since"]) == ("fires", "2026-11-23T10:45:04+05:30")


def test_an_account_of_its_own_has_no_group(cli: Cli, write: Write) -> None:
    write("desk/policies/alone.yaml", policy("alone", "loss >= 5k"))
    a_desk(write)
    assert one(dry(cli, write, *FIRING).json, "alone", "A1")["group"] is None


@pytest.mark.parametrize(
    ("readings", "verdict", "code"),
    [
        pytest.param(FIRING, "fires", 3, id="fires"),
        pytest.param((FIRING[0], FIRING[2]), "pending", 3, id="pending"),
        pytest.param((("A1", "10:45:00", 120), ("A2", "10:45:01", 180)), "clear", 0, id="clear"),
        pytest.param((("A1", "10:45:00", 180), ("A2", "10:45:12", 180)), "unknown", 4, id="too far apart"),
        pytest.param((("A1", "10:45:00", 180),), "unknown", 0, id="a member without any reading"),
    ],
)
def test_exit_codes(
    cli: Cli, write: Write, readings: tuple[tuple[str, str, int], ...], verdict: str, code: int
) -> None:
    a_desk(write)
    ran = dry(cli, write, *readings)
    assert ran.code == code
    assert {row["verdict"] for row in ran.json} == {verdict}
    assert {row["account"] for row in ran.json} == {"A1", "A2"}


def test_what_a_person_reads(cli: Cli, write: Write) -> None:
    a_desk(write)
    text = dry(cli, write, *FIRING, form="text").out
    assert text[text.index("group all") :].splitlines() == [
        "group all: A1 read at 10:45:04, A2 read at 10:45:05; seen from Mon 2026-11-23 10:45:05 IST",
        "",
        "  FIRES    both  (critical)",
        "           Loss A1 -6,000.00 INR, A2 -6,000.00 INR",
        "           ✓ group.loss >= 10k",
        "               group.loss = 12,000.00 INR (1s old)",
        "               2,000.00 INR past its line",
        "           in A1: fires (enforce) since 10:45:05",
        "           would 1 block entries until the end of the session; orders from elsewhere are reported",
        f"                 2 {EXITS}",
        "                     A1: NIFTY26N2424000CE -75 → 0",
        "           in A2: fires (dry_run) since 10:45:05",
        "           would 1 block entries until the end of the session; orders from elsewhere are reported",
        f"                 2 {EXITS}",
        "                     A2: NIFTY26N2424000CE -75 → 0",
    ]


def test_members_that_say_the_same_are_told_together(cli: Cli, write: Write) -> None:
    a_desk(write)
    write(
        "desk/rekha.yaml",
        desk(A1="{}", A2="{}", A3="{policies: {both: {mode: off, until: 2026-11-30, reason: on leave}}}"),
    )
    text = dry(cli, write, FIRING[0], FIRING[2], ("A3", "10:45:01", 100), form="text").out
    assert "in A1 and A2: pending (dry_run) since 10:45:01: fires if still true at the next reading" in text
    assert "in A3: off here: it counts in the group and does not act" in text
    assert "A1 read at 10:45:00, A2 read at 10:45:01, A3 read at 10:45:01" in text


def test_without_a_desk_all_accounts_with_readings_are_the_group(cli: Cli, write: Write) -> None:
    write("p/both.yaml", BOTH)
    files = [write(f"s{n}.yaml", reading(*told)) for n, told in enumerate(FIRING)]
    ran = cli("dry-run", "--policies", "p", "--format", "json", "--snapshot", *files)
    assert [(row["account"], row["verdict"]) for row in ran.json] == [("A1", "fires"), ("A2", "fires")]


def test_rules_of_the_group_and_of_the_account_are_shown_together(cli: Cli, write: Write) -> None:
    write(
        "desk/policies/alone.yaml",
        policy("alone", "loss >= 5k", ACTING.replace("per group", "per account"), mode="enforce"),
    )
    a_desk(write)
    ran = dry(cli, write, *FIRING)
    together = [{"leg": "NFO:NIFTY26N2424000CE:NRML:1", "from": "-75", "to": "0"}]
    assert one(ran.json, "alone", "A1")["together"] == together
    assert one(ran.json, "both", "A1")["together"] == together


def test_a_group_in_two_currencies_is_refused(cli: Cli, write: Write) -> None:
    a_desk(write)
    write("desk/rekha.yaml", desk(A1="{}", A2="{currency: USD}"))
    ran = cli("check", "desk")
    assert ran.code == 1
    assert "both adds up A1 in INR and A2 in USD" in ran.out
    assert "[group-currencies]" in ran.out


def test_a_group_of_one_is_warned_of(cli: Cli, write: Write) -> None:
    a_desk(write, BOTH.replace("accounts: all", "accounts: {labels: {family: f1}}"))
    write("desk/rekha.yaml", desk(A1="{labels: {family: f1}}", A2="{}"))
    ran = cli("check", "desk")
    assert ran.code == 0
    assert "this is a group of A1 alone" in ran.out


def test_explain_tells_of_the_group(cli: Cli, write: Write) -> None:
    a_desk(write)
    text = cli("explain", "both", "--desk", "desk").out
    assert "  These accounts are taken together as one group: here A1, A2.\n" in text
    assert "  Each member acts on its own book, under its own mode and latch.\n" in text
    assert "alone judges it" in cli("explain", "--source", "--policies", "desk/policies").out


def test_a_member_without_readings_is_told_what_an_unknown_group_comes_to(cli: Cli, write: Write) -> None:
    alarmed = "confirm: at once\non_unknown: {alert: after 4s, block_entries: after 4s}\nthen: [notify: telegram]\n"
    a_desk(write, policy("both", "group.loss >= 10k", alarmed, for_each="group").replace("{loss}", "{group.parts}"))
    ran = dry(cli, write, *FIRING[:2], form="text")
    assert ran.code == 0
    assert "would 1 alert: the condition has been unknown for 4s" in ran.out
    assert "2 block entries while the condition is unknown" in ran.out


def test_a_pending_member_whose_latch_is_written_would_do_nothing(cli: Cli, write: Write) -> None:
    a_desk(write)
    readings = [(name, f"10:45:0{n}", 101 if n == 6 else 180) for n in (0, 4, 6, 8) for name in ("A1", "A2")]
    row = one(dry(cli, write, *readings).json, "both", "A1")
    assert (row["verdict"], row["would"], row["targets"]) == ("pending", [], [])
    text = dry(cli, write, *readings, form="text").out
    assert "acts no more, its latch is written; latched if still true at the next reading" in text
