"""`rekha dry-run` on Rekha snapshots: its JSON, its exit codes in their order, its text, several accounts, a desk."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.runtime.resources import resource_dir
from tests.cli.conftest import Cli, Ran, Write
from tests.cli.files import ACTING, FLAGSHIP, STOPPED, VALUES, acting, desk, one, policy, snapshot

KEYS = {"account", "policy", "row", "mode", "verdict", "condition", "since", "distance", "would", "because", "trace"}
SHIPPED = str(resource_dir("policies"))
NO_ORDERS = "positions:\n  - {symbol: NIFTY26N2424000CE, sold: [150, 100], last_price: 172}\n"


def dry(cli: Cli, *arguments: str) -> Ran:
    return cli("dry-run", *arguments, "--format", "json")


# -- the JSON --------------------------------------------------------------------------------------------------------


@pytest.fixture
def flagship(cli: Cli, write: Write) -> list[dict[str, Any]]:
    """The flagship on two readings four seconds apart, after its stop has filled."""
    write("p/values.yaml", VALUES)
    write("p/kill.yaml", acting("kill", FLAGSHIP))
    files = [
        write(f"s{number}.yaml", snapshot(at=at, parts=STOPPED)) for number, at in enumerate(("10:45:00", "10:45:04"))
    ]
    ran = dry(cli, "--policies", "p", "--snapshot", *files)
    assert (ran.code, ran.err) == (3, "")
    assert isinstance(ran.json, list)
    return list(ran.json)


def test_the_flagship_fires_at_the_second_reading(flagship: list[dict[str, Any]]) -> None:
    (row,) = flagship
    assert set(row) >= KEYS
    assert (row["account"], row["policy"], row["row"], row["mode"]) == ("A1", "kill", None, "dry_run")
    assert (row["verdict"], row["condition"]) == ("fires", "true")
    assert row["since"] == "2026-11-23T10:45:04+05:30"
    assert row["because"] == "Loss 10,500.00 INR"
    assert row["would"] == [
        "square off all derivative and intraday positions: entries cancelled first, shorts before longs"
    ]


def test_the_distance_names_the_sentence_its_place_and_the_gap(flagship: list[dict[str, Any]]) -> None:
    loss, stop = flagship[0]["distance"]
    assert {key: loss[key] for key in ("sentence", "path", "is", "limit", "by", "unit")} == {
        "sentence": "loss >= loss_limit",
        "path": "/when/all/0",
        "is": "10500",
        "limit": "10000",
        "by": "-500",
        "unit": "INR",
    }
    assert {key: stop[key] for key in ("sentence", "path", "is", "limit", "by", "unit")} == {
        "sentence": "stop_loss_hit",
        "path": "/when/all/1",
        "is": True,
        "limit": True,
        "by": None,
        "unit": None,
    }


def test_the_trace_holds_every_operand(flagship: list[dict[str, Any]]) -> None:
    trace = flagship[0]["trace"]
    assert (trace["kind"], trace["value"]) == ("all", "true")
    sentence = trace["parts"][0]
    assert (sentence["kind"], sentence["text"], sentence["value"]) == ("sentence", "loss >= loss_limit", "true")
    left, right = sentence["parts"][0]["parts"]
    assert (left["text"], left["value"], left["unit"]) == ("loss", "10500", "INR")
    assert left["as_of"] == "2026-11-23T10:45:04+05:30"
    assert (right["text"], right["value"], right["unit"]) == ("loss_limit", "10000", "INR")


def test_no_number_in_the_json_is_a_float(cli: Cli, write: Write) -> None:
    def numbers(value: Any) -> list[object]:
        if isinstance(value, dict):
            return [found for item in value.values() for found in numbers(item)]
        if isinstance(value, list):
            return [found for item in value for found in numbers(item)]
        return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []

    ran = dry(cli, "--policies", SHIPPED, "--snapshot", write("s.yaml", snapshot(parts=STOPPED)))
    assert numbers(ran.json) == []


def test_with_one_reading_the_flagship_is_pending(cli: Cli, write: Write) -> None:
    write("p/values.yaml", VALUES)
    write("p/kill.yaml", acting("kill", FLAGSHIP))
    file = write("s.yaml", snapshot(parts=STOPPED))
    ran = dry(cli, "--policies", "p", "--snapshot", file)
    row = one(ran.json, "kill")
    assert (ran.code, row["verdict"], row["since"]) == (3, "pending", "2026-11-23T10:45:00+05:30")
    assert row["would"]
    assert row["because"]
    text = cli("dry-run", "--policies", "p", "--snapshot", file).out
    assert "PENDING  kill  (dry_run, critical) since 10:45:00: fires if still true at the next reading" in text


def test_a_rule_of_three_says_how_many_readings_it_still_needs(cli: Cli, write: Write) -> None:
    body = ACTING.replace("samples: 2, at_least: 3s", "samples: 3, at_least: 3s")
    write("p/kill.yaml", policy("kill", "loss >= 5k", body))
    files = [write(f"s{second}.yaml", snapshot(at=f"10:45:0{second}")) for second in (0, 2)]
    first = cli("dry-run", "--policies", "p", "--snapshot", files[0]).out
    both = cli("dry-run", "--policies", "p", "--snapshot", *files).out
    assert "fires if still true at the next 2 readings (3 readings" in first
    assert "fires if still true at the next reading (3 readings" in both


def test_a_rule_for_each_position_gives_a_row_each(cli: Cli, write: Write) -> None:
    write(
        "p/each.yaml",
        policy("each", "position.loss >= 5k", for_each="position", where="position.is_short").replace(
            "Loss {loss}", "{position.symbol} loses {position.loss}"
        ),
    )
    parts = (
        "positions:\n"
        "  - {symbol: NIFTY26N2424000CE, sold: [75, 100], last_price: 180}\n"
        "  - {symbol: NIFTY26N2424500CE, bought: [75, 40], last_price: 20}\n"
        "  - {symbol: NIFTY26N2423500PE, sold: [75, 90], last_price: 80, product: MIS}\n"
    )
    rows = dry(cli, "--policies", "p", "--snapshot", write("s.yaml", snapshot(parts=parts))).json
    assert [(row["row"], row["verdict"]) for row in rows] == [
        ("NFO:NIFTY26N2424000CE:NRML:1", "pending"),
        ("NFO:NIFTY26N2423500PE:MIS:1", "clear"),
    ]
    assert rows[0]["because"] == "NIFTY26N2424000CE loses 6,000.00 INR"
    assert rows[1]["because"] is None
    flat = dry(cli, "--policies", "p", "--snapshot", write("f.yaml", snapshot(parts="positions: []\n"))).json
    assert [(row["row"], row["verdict"], row["condition"]) for row in flat] == [(None, "clear", "false")]


def test_because_is_null_unless_it_fires_or_is_pending(cli: Cli, write: Write) -> None:
    write("p/clear.yaml", policy("clear-one", "loss >= 90k"))
    write("p/unknown.yaml", policy("unknown-one", "open_orders > 3"))
    write("p/off.yaml", policy("off-one", "loss >= 1k", mode="off"))
    write("p/pending.yaml", policy("pending-one", "loss >= 1k"))
    rows = dry(cli, "--policies", "p", "--snapshot", write("s.yaml", snapshot(parts=NO_ORDERS))).json
    told = {row["policy"]: (row["verdict"], row["because"] is None, row["would"] == []) for row in rows}
    assert told == {
        "clear-one": ("clear", True, True),
        "off-one": (None, True, True),
        "pending-one": ("pending", False, False),
        "unknown-one": ("unknown", True, True),
    }


def test_unknown_says_why_in_the_trace(cli: Cli, write: Write) -> None:
    write("p/one.yaml", policy("one", "open_orders > 3"))
    row = one(dry(cli, "--policies", "p", "--snapshot", write("s.yaml", snapshot(parts=NO_ORDERS))).json, "one")
    fact = row["trace"]["parts"][0]["parts"][0]
    assert (fact["value"], fact["low"], fact["high"]) == (None, "0", None)
    assert fact["unknown"] == "orders not read: not in the file"
    assert (row["distance"][0]["is"], row["distance"][0]["by"]) == (None, None)


def test_the_same_twice_byte_for_byte(cli: Cli, write: Write) -> None:
    files = [write(f"s{number}.yaml", snapshot(at=f"10:45:0{number}", parts=STOPPED)) for number in (0, 4)]
    for form in ("text", "json"):
        arguments = ("dry-run", "--policies", SHIPPED, "--snapshot", *files, "--format", form)
        first, second = cli(*arguments), cli(*arguments)
        assert first == second


# -- exit codes, in their order --------------------------------------------------------------------------------------

BROKEN = policy("broken", "mtn >= 10k")
PENDING = policy("pending-one", "loss >= 1k")
ACTING_UNKNOWN = acting("unknown-one", "loss >= 1k and open_orders > 3")
TELLING_UNKNOWN = policy("unknown-two", "open_orders > 3")
CLEAR = policy("clear-one", "loss >= 90k")


@pytest.mark.parametrize(
    ("policies", "arguments", "code"),
    [
        pytest.param([CLEAR], [], 0, id="clear"),
        pytest.param([TELLING_UNKNOWN], [], 0, id="unknown-and-only-tells"),
        pytest.param([ACTING_UNKNOWN], [], 4, id="unknown-and-acts"),
        pytest.param([ACTING_UNKNOWN.replace("dry_run", "off")], [], 0, id="unknown-and-off"),
        pytest.param([ACTING_UNKNOWN.replace("dry_run", "enforce")], [], 4, id="unknown-and-enforced"),
        pytest.param([PENDING], [], 3, id="pending"),
        pytest.param([PENDING.replace("dry_run", "off")], [], 0, id="would-be-pending-and-off"),
        pytest.param([PENDING, ACTING_UNKNOWN], [], 3, id="pending-before-unknown"),
        pytest.param([BROKEN, PENDING, ACTING_UNKNOWN], [], 1, id="errors-before-pending"),
        pytest.param([BROKEN, PENDING], ["--at", "noon"], 2, id="misuse-before-errors"),
        pytest.param([BROKEN], ["--account", "Z9"], 2, id="no-such-account-before-errors"),
        pytest.param([BROKEN], ["--positions", "x.json"], 2, id="two-kinds-before-errors"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_exit_codes(cli: Cli, write: Write, policies: list[str], arguments: list[str], code: int, form: str) -> None:
    for number, text in enumerate(policies):
        write(f"p/{number}.yaml", text)
    file = write("s.yaml", snapshot(parts=NO_ORDERS))
    ran = cli("dry-run", "--policies", "p", "--snapshot", file, *arguments, "--format", form)
    assert ran.code == code, ran.err
    assert (ran.out == "") == (code in (1, 2))
    assert (ran.err == "") == (code not in (1, 2))


def test_misuse_comes_before_errors_also_without_readings(cli: Cli, write: Write) -> None:
    write("p/broken.yaml", BROKEN)
    assert cli("dry-run", "--policies", "p").code == 2
    assert cli("dry-run", "--snapshot", write("s.yaml", snapshot())).code == 2
    assert cli("dry-run").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--policies", "nowhere", "--snapshot", "s.yaml"], id="policies"),
        pytest.param(["--policies", "p", "--snapshot", "nowhere.yaml"], id="snapshot"),
        pytest.param(["--policies", "p", "--snapshot", "s.yaml", "nowhere.yaml"], id="second-snapshot"),
        pytest.param(["--desk", "nowhere", "--snapshot", "s.yaml"], id="desk"),
        pytest.param(["--desk", "p", "--snapshot", "s.yaml"], id="a-folder-that-is-no-desk"),
        pytest.param(["--policies", "values", "--snapshot", "s.yaml"], id="no-policy-in-it"),
        pytest.param(["--policies", "p", "--snapshot"], id="no-file-after-the-option"),
    ],
)
def test_what_leads_nowhere_is_misuse(cli: Cli, write: Write, arguments: list[str]) -> None:
    write("p/one.yaml", CLEAR)
    write("values/values.yaml", VALUES)
    write("s.yaml", snapshot())
    ran = cli("dry-run", *arguments)
    assert (ran.code, ran.out) == (2, "")


def test_errors_of_policies_and_of_readings_are_told_together(cli: Cli, write: Write) -> None:
    write("p/broken.yaml", BROKEN)
    ran = cli("dry-run", "--policies", "p", "--snapshot", write("s.yaml", "account: A1\n"))
    assert ran.code == 1
    assert "taken_at" in ran.err
    assert "[unknown-fact]" in ran.err


def test_warnings_do_not_stand_in_the_way(cli: Cli, write: Write) -> None:
    write("p/warned.yaml", policy("warned", "all(p.is_short for p in positions)"))
    ran = cli("dry-run", "--policies", "p", "--snapshot", write("s.yaml", snapshot()))
    assert ran.code == 3


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


# -- the installed command -------------------------------------------------------------------------------------------


def test_the_installed_command(write: Write, tmp_path: Path) -> None:
    write("p/one.yaml", PENDING)
    write("s.yaml", snapshot())
    command = [str(Path(sys.executable).with_name("rekha")), "dry-run", "--policies", "p", "--snapshot", "s.yaml"]
    result = subprocess.run([*command, "--format", "json"], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (3, b"")
    assert json.loads(result.stdout)[0]["verdict"] == "pending"
