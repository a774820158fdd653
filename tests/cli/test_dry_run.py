"""`rekha dry-run` on Rekha snapshots: its JSON, its exit codes in their order, its text, several accounts, a desk."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.runtime.resources import resource_dir
from tests.cli.bodies import kite_leg, kite_positions
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


# -- the installed command -------------------------------------------------------------------------------------------


def test_the_installed_command(write: Write, tmp_path: Path) -> None:
    write("p/one.yaml", PENDING)
    write("s.yaml", snapshot())
    command = [str(Path(sys.executable).with_name("rekha")), "dry-run", "--policies", "p", "--snapshot", "s.yaml"]
    result = subprocess.run([*command, "--format", "json"], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (3, b"")
    assert json.loads(result.stdout)[0]["verdict"] == "pending"


def test_a_figure_that_differs_from_the_brokers_own_is_told(cli: Cli, write: Write) -> None:
    body = kite_positions(kite_leg(sold=(75, 100), m2m=123_456))
    ran = cli(
        "dry-run", "--policies", write("p.yaml", policy()), "--broker", "kite", "--positions", write("p.json", body)
    )
    (line,) = [line for line in ran.out.splitlines() if "drift" in line]
    assert line.endswith("the broker says 123,456.00 INR")


# -- blocks ----------------------------------------------------------------------------------------------------------

BLOCKS = "then:\n  - block_entries: {until: cleared, foreign_orders: cancel}\nconfirm: at once\n"


def test_live_blocks_are_told_with_owner_beginning_and_end(cli: Cli, write: Write) -> None:
    write("p/block.yaml", policy("block", body=BLOCKS, mode="enforce"))
    write("p/try.yaml", policy("try", body="then: [block_entries]\nconfirm: at once\n"))
    files = [write(f"s{number}.yaml", snapshot(at=at)) for number, at in enumerate(("10:45:00", "10:45:04"))]
    ran = cli("dry-run", "--policies", "p", "--snapshot", *files)
    assert (ran.code, "blocked" in ran.out) == (0, False)
    assert [row["blocks"] for row in dry(cli, "--policies", "p", "--snapshot", *files).json] == [[], []]
    lossy = write("s2.yaml", snapshot(at="10:45:06").replace("last_price: 180", "last_price: 280"))
    ran = cli("dry-run", "--policies", "p", "--snapshot", *files, lossy)
    assert ran.out.splitlines()[-4:] == [
        "",
        "  entries blocked by block since 10:45:06 until the rule clears",
        "  entries would be blocked (dry_run) by try since 10:45:06 until 15:40:00",
        "  entries that reach the broker another way are found at the next reading and cancelled",
    ]
    block, tried = dry(cli, "--policies", "p", "--snapshot", *files, lossy).json
    assert block["blocks"] == [
        {
            "policy": "block",
            "row": None,
            "mode": "enforce",
            "since": "2026-11-23T10:45:06+05:30",
            "until": "cleared",
            "ends_at": None,
            "underlying": None,
            "foreign_orders": "cancel",
        }
    ]
    assert (tried["blocks"][0]["until"], tried["blocks"][0]["ends_at"]) == ("time", "2026-11-23T15:40:00+05:30")


def test_a_block_no_result_stands_for_has_an_object_of_its_own(cli: Cli, write: Write) -> None:
    write("p/watch.yaml", policy())
    seen = write("s.yaml", snapshot().replace("2026-11-23", "2026-11-08"))
    rows = dry(cli, "--policies", "p", "--snapshot", seen).json
    assert [(row["policy"], row["verdict"], len(row["blocks"])) for row in rows] == [
        ("watch", "clear", 0),
        (None, None, 1),
    ]
    assert rows[1].keys() == rows[0].keys()
    text = cli("dry-run", "--policies", "p", "--snapshot", seen).out
    assert "entries blocked since 10:45:00: the exchange's hours are not known; until they are" in text


# -- the blast radius ------------------------------------------------------------------------------------------------


def test_more_accounts_than_the_radius_allows_are_told(cli: Cli, write: Write) -> None:
    write("p/act.yaml", acting("act", "loss >= 5k", blast_radius="{accounts: 2}"))
    files = [
        write(f"{name}-{number}.yaml", snapshot(name, at))
        for name in ("A3", "A1", "A2")
        for number, at in enumerate(("10:45:00", "10:45:04"))
    ]
    out = cli("dry-run", "--policies", "p", "--snapshot", *files).out
    assert out.count("over its blast radius") == 1
    third = out[out.index("A3: 2 readings") : out.index("A1: 2 readings")]
    assert "           over its blast radius: 3 of at most 2 accounts; asks 10s, then goes on\n" in third
    rows = dry(cli, "--policies", "p", "--snapshot", *files).json
    assert {row["account"]: row["blast_radius"] for row in rows} == {
        "A1": None,
        "A2": None,
        "A3": {"passage": "ask", "account_number": 3, "most": 2},
    }


def test_a_share_is_of_the_accounts_of_the_desk_that_are_watched(cli: Cli, write: Write) -> None:
    write(
        "desk/policies/act.yaml", acting("act", "loss >= 5k", blast_radius="{accounts: 50%}", accounts="[A1, A2, A3]")
    )
    write(
        "desk/rekha.yaml",
        desk(A1="{}", A2="{}", A3="{policies: {act: {mode: off, until: 2099-12-31, reason: a test}}}", A4="{}"),
    )
    files = [
        write(f"{name}-{number}.yaml", snapshot(name, at))
        for name in ("A1", "A2")
        for number, at in enumerate(("10:45:00", "10:45:04"))
    ]
    rows = dry(cli, "--desk", "desk", "--snapshot", *files).json
    assert [(row["account"], row["blast_radius"]) for row in rows] == [
        ("A1", None),
        ("A2", {"passage": "ask", "account_number": 2, "most": 1}),
    ]
