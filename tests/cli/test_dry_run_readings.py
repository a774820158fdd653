"""`rekha dry-run` over readings: files that mean nothing, several accounts, instants, the text, and a desk."""

import pytest

from tests.cli.conftest import Cli, Ran, Write
from tests.cli.files import FLAGSHIP, STOPPED, VALUES, acting, desk, one, policy, snapshot

BROKEN = policy("broken", "mtn >= 10k")
CLEAR = policy("clear-one", "loss >= 90k")


def dry(cli: Cli, *arguments: str) -> Ran:
    return cli("dry-run", *arguments, "--format", "json")


# -- readings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("- a\n", "must be a block of keys", id="list"),
        pytest.param("account: A1\n", "taken_at", id="no-time"),
        pytest.param(snapshot(at="25:00:00"), "not a date and time", id="no-such-time"),
        pytest.param(snapshot().replace("+05:30", ""), "UTC offset", id="no-zone"),
        pytest.param(snapshot().replace("[75, 100]", "[75, 1e9999]"), "sold", id="a-number-too-large"),
        pytest.param(snapshot().replace("180", "NaN"), "not a number", id="nan"),
        pytest.param(snapshot().replace("orders: []", "ordrs: []"), "ordrs", id="a-key-misspelt"),
        pytest.param(snapshot() + "positions: []\n", "second time", id="a-key-twice"),
        pytest.param('{"account": "A1", "taken_at"', "", id="json-cut-short"),
        pytest.param("<html><body>Bad gateway</body></html>", "must be a block", id="html"),
        pytest.param(b"\xff\xfe\x00", "not UTF-8", id="not-utf8"),
        pytest.param(b"\x00" * 100, "", id="zeros"),
        pytest.param("account: A1\npositions:\n" + "  - {symbol: X}\n" * 30_000, "", id="huge"),
    ],
)
@pytest.mark.parametrize("command", [["dry-run", "--policies", "p"], ["facts"], ["snapshot"]])
def test_a_snapshot_that_means_nothing(
    cli: Cli, write: Write, content: str | bytes, told: str, command: list[str]
) -> None:
    write("p/one.yaml", CLEAR)
    ran = cli(*command, "--snapshot", write("s.yaml", content))
    assert (ran.code, ran.out) == (1, "")
    assert "s.yaml" in ran.err
    assert told in ran.err


def test_a_folder_is_no_snapshot(cli: Cli, write: Write) -> None:
    write("p/one.yaml", CLEAR)
    ran = cli("dry-run", "--policies", "p", "--snapshot", "p")
    assert (ran.code, ran.err) == (1, "rekha: p: cannot be read: Is a directory\n")


def test_several_accounts_each_with_its_own_readings(cli: Cli, write: Write) -> None:
    write("p/kill.yaml", acting("kill", "loss >= 5k"))
    files = [
        write("a1.yaml", snapshot("A1", "10:45:00")),
        write("b1.yaml", snapshot("B1", "10:45:01")),
        write("a2.yaml", snapshot("A1", "10:45:04")),
    ]
    rows = dry(cli, "--policies", "p", "--snapshot", *files).json
    assert [(row["account"], row["verdict"], row["since"]) for row in rows] == [
        ("A1", "fires", "2026-11-23T10:45:04+05:30"),
        ("B1", "pending", "2026-11-23T10:45:01+05:30"),
    ]
    repeated = dry(cli, "--policies", "p", "--snapshot", files[0], "--snapshot", files[1], "--snapshot", files[2])
    assert repeated.json == rows
    only = dry(cli, "--policies", "p", "--snapshot", *files, "--account", "B1").json
    assert [row["account"] for row in only] == ["B1"]


def test_the_same_snapshot_twice_is_one_reading(cli: Cli, write: Write) -> None:
    write("p/kill.yaml", acting("kill", "loss >= 5k"))
    file = write("s.yaml", snapshot())
    (row,) = dry(cli, "--policies", "p", "--snapshot", file, file, "--at", "2026-11-23T10:45:05+05:30").json
    assert row["verdict"] == "pending"


def test_readings_out_of_order_are_refused(cli: Cli, write: Write) -> None:
    write("p/one.yaml", CLEAR)
    later, earlier = write("b.yaml", snapshot(at="10:45:04")), write("a.yaml", snapshot(at="10:45:00"))
    ran = cli("dry-run", "--policies", "p", "--snapshot", later, earlier)
    assert ran.code == 2
    assert "not in order: 2026-11-23T10:45:00+05:30 comes after 2026-11-23T10:45:04+05:30" in ran.err


def test_ages_count_from_at(cli: Cli, write: Write) -> None:
    write("p/one.yaml", policy("one", "snapshot_age > 30s"))
    write("p/two.yaml", policy("two", "loss >= 1k"))
    file = write("s.yaml", snapshot())
    at = ("--at", "2026-11-23T10:45:40+05:30")
    rows = dry(cli, "--policies", "p", "--snapshot", file, *at).json
    assert one(rows, "one")["distance"][0]["is"] == "40"
    assert one(rows, "one")["condition"] == "true"
    # The books of forty seconds ago are no longer a fact.
    assert one(rows, "two")["condition"] == "unknown"
    assert "10:45:40 IST (--at)" in cli("dry-run", "--policies", "p", "--snapshot", file, *at).out
    same = dry(cli, "--policies", "p", "--snapshot", file, "--at", "2026-11-23T05:15:40Z").json
    assert same == rows


@pytest.mark.parametrize(
    ("at", "told"),
    [
        pytest.param("2026-11-23T10:44:59+05:30", "before the last reading of A1", id="before-the-reading"),
        pytest.param("2026-11-23T10:45:00", "no zone", id="no-zone"),
        pytest.param("10:45", "not an ISO-8601 instant", id="no-date"),
        pytest.param("yesterday", "not an ISO-8601 instant", id="words"),
    ],
)
def test_an_instant_that_cannot_be_meant(cli: Cli, write: Write, at: str, told: str) -> None:
    write("p/one.yaml", CLEAR)
    ran = cli("dry-run", "--policies", "p", "--snapshot", write("s.yaml", snapshot()), "--at", at)
    assert ran.code == 2
    assert told in ran.err


def test_outside_the_session_nothing_fires_and_the_text_says_why(cli: Cli, write: Write) -> None:
    write("p/one.yaml", policy("one", "loss >= 1k"))
    ran = cli("dry-run", "--policies", "p", "--snapshot", write("s.yaml", snapshot(at="20:45:00")))
    assert ran.code == 0
    assert "outside market hours (Mon 20:45:00" in ran.out


# -- the text --------------------------------------------------------------------------------------------------------


def test_the_text_tells_the_verdicts_the_numbers_and_the_actions(cli: Cli, write: Write) -> None:
    write("p/values.yaml", VALUES)
    write("p/kill.yaml", acting("kill", FLAGSHIP))
    write("p/near.yaml", policy("near", "loss >= 12k"))
    write("p/off.yaml", policy("switched-off", mode="off"))
    files = [write(f"s{number}.yaml", snapshot(at=f"10:45:0{number}", parts=STOPPED)) for number in (0, 4)]
    text = cli("dry-run", "--policies", "p", "--snapshot", *files).out
    for line in (
        "dry run of 3 policies on A1: nothing is sent",
        "A1: 2 readings, seen from Mon 2026-11-23 10:45:04 IST (the reading's own time)",
        "FIRES    kill  (dry_run, critical) since 10:45:04",
        "Loss 10,500.00 INR",
        "✓ loss >= loss_limit",
        "loss = 10,500.00 INR (0s old), loss_limit = 10,000.00 INR",
        "500.00 INR past its line",
        "would 1 square off all derivative and intraday positions",
        "clear    near  (dry_run, critical)",
        "1,500.00 INR from its line",
        "off      switched-off  (off, critical)",
    ):
        assert line in text
    assert text.index("FIRES") < text.index("clear    near") < text.index("off      switched-off")


def test_an_account_no_policy_watches(cli: Cli, write: Write) -> None:
    write("p/one.yaml", policy(accounts="[B1]"))
    file = write("s.yaml", snapshot())
    assert dry(cli, "--policies", "p", "--snapshot", file).json == []
    assert "no policy watches this account" in cli("dry-run", "--policies", "p", "--snapshot", file).out


# -- a desk ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def a_desk(write: Write) -> str:
    write("desk/policies/values.yaml", VALUES)
    write("desk/policies/kill.yaml", acting("kill", "loss >= loss_limit"))
    write("desk/policies/watch.yaml", policy("watch", "loss >= 50% of loss_limit", accounts="{labels: {desk: nifty}}"))
    account = "{values: {loss_limit: 6k}, policies: {kill: {mode: enforce}}, labels: {desk: nifty}, linked: [A2]}"
    write("desk/rekha.yaml", desk(A1=account, A2="{}"))
    return "desk"


def test_a_desk_decides_values_modes_and_labels(cli: Cli, write: Write, a_desk: str) -> None:
    files = [write("a.yaml", snapshot("A1")), write("b.yaml", snapshot("A2"))]
    ran = dry(cli, "--desk", a_desk, "--snapshot", *files)
    told = [(row["account"], row["policy"], row["mode"], row["verdict"]) for row in ran.json]
    assert told == [
        ("A1", "kill", "enforce", "pending"),
        ("A1", "watch", "dry_run", "pending"),
        ("A2", "kill", "dry_run", "clear"),
    ]
    assert one(ran.json, "kill", "A1")["distance"][0]["limit"] == "6000"
    assert one(ran.json, "kill", "A2")["distance"][0]["limit"] == "10000"


def test_a_desk_tries_one_policy_although_its_file_names_others(cli: Cli, write: Write, a_desk: str) -> None:
    file = write("a.yaml", snapshot("A1"))
    rows = dry(cli, "--desk", a_desk, "--policies", f"{a_desk}/policies/watch.yaml", "--snapshot", file).json
    assert [(row["policy"], row["distance"][0]["limit"]) for row in rows] == [("watch", "3000")]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--snapshot", "z.yaml"], id="the-snapshot's"),
        pytest.param(["--snapshot", "a.yaml", "--account", "Z9"], id="the-named-one"),
        pytest.param(["--snapshot", "a.yaml", "z.yaml"], id="one-of-two"),
    ],
)
def test_an_account_the_desk_does_not_have(cli: Cli, write: Write, a_desk: str, arguments: list[str]) -> None:
    write("a.yaml", snapshot("A1"))
    write("z.yaml", snapshot("Z9"))
    ran = cli("dry-run", "--desk", a_desk, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Z9" in ran.err


def test_a_desk_s_own_broken_policy_is_an_error(cli: Cli, write: Write, a_desk: str) -> None:
    write(f"{a_desk}/policies/broken.yaml", BROKEN)
    ran = cli("dry-run", "--desk", a_desk, "--snapshot", write("a.yaml", snapshot("A1")))
    assert ran.code == 1
    assert "[unknown-fact]" in ran.err
    assert cli("facts", "--desk", a_desk, "--snapshot", "a.yaml").code == 0


def test_a_question_about_the_past_tells_its_answer_and_its_causes(cli: Cli, write: Write) -> None:
    write("p/past.yaml", policy("past", "change(mtm, 4s) <= -1k or move('NIFTY', 4s) < -1%"))
    write("p/values.yaml", VALUES)
    for second in (0, 2, 4):
        write(f"{second}.yaml", snapshot(at=f"10:15:0{second}"))
    ran = cli("dry-run", "--policies", "p", "--snapshot", "0.yaml", "2.yaml", "4.yaml")
    assert "change(mtm, 4s) = 0.00 INR, mtm = " in ran.out
    assert "move('NIFTY', 4s) = unknown (no price of NIFTY: quotes not read" in ran.out
    assert "spot('NIFTY') = unknown" in ran.out
