"""`rekha facts`: the catalogue, and what Rekha sees, with exact numbers as text and every unknown with its cause."""

from typing import Any

import pytest

from engine.cli.facts_seen import last_view
from engine.cli.inputs import Watched
from engine.cli.trace_json import value_as_json
from engine.domain.account import Account
from engine.domain.kinds import MONEY
from engine.domain.numbers import ZERO
from engine.domain.values import unknown
from engine.facts.catalogue import CATALOGUE
from engine.runtime.snapshot_file import parse_snapshot
from tests.cli.conftest import Cli, Write
from tests.cli.files import STOPPED, desk, snapshot

UNREAD = snapshot(parts="positions: {missing: the call timed out}\n")


def values(node: Any) -> list[dict[str, Any]]:
    """Every `{value, unit, …}` of the output."""
    if isinstance(node, list):
        return [found for item in node for found in values(item)]
    if not isinstance(node, dict):
        return []
    return [node] if "unit" in node else [found for item in node.values() for found in values(item)]


def seen(cli: Cli, *files: str, account: str = "A1") -> dict[str, Any]:
    ran = cli("facts", "--snapshot", *files, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return dict(ran.json[account])


# -- the catalogue ---------------------------------------------------------------------------------------------------


def test_the_catalogue_lists_every_fact_row_and_field(cli: Cli) -> None:
    form = cli("facts", "--format", "json").json
    assert set(form["facts"]) == set(CATALOGUE.facts)
    assert {name: set(rows["fields"]) for name, rows in form["rows"].items()} == {
        name: set(rows.fields) for name, rows in CATALOGUE.rows.items()
    }
    assert form["facts"]["loss"]["example"] == "loss >= 10k"
    text = cli("facts").out
    assert all(name in text for name in CATALOGUE.facts)
    assert "position.naked_quantity" in text


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_catalogue_twice_byte_for_byte(cli: Cli, form: str) -> None:
    assert cli("facts", "--format", form) == cli("facts", "--format", form)


# -- what is seen ----------------------------------------------------------------------------------------------------


def test_the_shape_of_what_is_seen(cli: Cli, write: Write) -> None:
    form = seen(cli, write("s.yaml", snapshot(parts=STOPPED)))
    assert set(form) >= {"facts", "rows"}
    assert set(form["facts"]) == set(CATALOGUE.facts)
    assert set(form["rows"]) == set(CATALOGUE.rows)
    assert form["facts"]["loss"] == {"value": "10500", "unit": "INR", "as_of": "2026-11-23T10:45:00+05:30"}
    assert form["facts"]["stop_loss_hit"] == {"value": True, "unit": None, "as_of": "2026-11-23T10:45:00+05:30"}
    assert form["facts"]["stop_loss.filled_at"]["value"] == "2026-11-23T10:40:00+05:30"
    assert form["facts"]["weekday"]["value"] == "MON"
    assert form["facts"]["time"]["value"] == "10:45"
    assert form["facts"]["orders_today"] == {"value": "1", "unit": "orders", "as_of": "2026-11-23T10:45:00+05:30"}
    assert [order["id"]["value"] for order in form["rows"]["orders"]] == ["S1"]
    assert [fill["price"]["value"] for fill in form["rows"]["fills"]] == ["100", "170"]
    assert form["rows"]["positions"] == []
    assert set(form["rows"]["legs"][0]) == set(CATALOGUE.rows["legs"].fields)


@pytest.mark.parametrize("content", [snapshot(parts=STOPPED), UNREAD, snapshot(), snapshot(parts="")])
def test_every_value_keeps_the_contract(cli: Cli, write: Write, content: str) -> None:
    form = seen(cli, write("s.yaml", content))
    found = values({"facts": form["facts"], "rows": form["rows"]})
    assert len(found) >= len(CATALOGUE.facts)
    for value in found:
        assert set(value) <= {"value", "unit", "as_of", "low", "high", "unknown"}
        assert {"value", "unit", "as_of"} <= set(value)
        assert isinstance(value["value"], str | bool | None)
        assert (value["value"] is None) == ("unknown" in value)
        assert ("low" in value) == ("high" in value)
        assert isinstance(value.get("low"), str | None)
        if "unknown" in value:
            assert value["unknown"]


def test_unread_positions_are_never_flat(cli: Cli, write: Write) -> None:
    form = seen(cli, write("s.yaml", UNREAD))
    cause = "positions not read: the call timed out"
    assert form["facts"]["mtm"] == {"value": None, "unit": "INR", "unknown": cause, "as_of": None}
    assert form["facts"]["open_positions"] == {
        "value": None, "unit": "positions", "low": "0", "high": None, "unknown": cause, "as_of": None,
    }  # fmt: skip
    assert form["rows"]["positions"] == {"value": None, "unknown": cause}
    text = cli("facts", "--snapshot", "s.yaml").out
    assert f"positions: unknown ({cause})" in text
    assert f"mtm                      unknown ({cause})" in text


def test_exact_numbers_stay_exact(cli: Cli, write: Write) -> None:
    parts = "positions:\n  - {symbol: NIFTY26N2424000CE, sold: [75, 100.05], last_price: 0.1}\n"
    form = seen(cli, write("s.yaml", snapshot(parts=parts)))
    assert form["facts"]["mtm"]["value"] == "7496.25"
    assert form["rows"]["positions"][0]["entry_price"]["value"] == "100.05"
    big = parts.replace("100.05", "12345678901234.05")
    assert seen(cli, write("b.yaml", snapshot(parts=big)))["facts"]["mtm"]["value"] == "925925917592546.25"


def test_the_last_reading_with_the_day_before_it(cli: Cli, write: Write) -> None:
    files = [
        write(f"s{number}.yaml", snapshot(at=at, parts=parts))
        for number, (at, parts) in enumerate(
            (
                ("10:45:00", "positions:\n  - {symbol: NIFTY26N2424000CE, sold: [75, 100], last_price: 60}\n"),
                ("10:45:04", "positions:\n  - {symbol: NIFTY26N2424000CE, sold: [75, 100], last_price: 50}\n"),
                ("10:45:08", "positions:\n  - {symbol: NIFTY26N2424000CE, sold: [75, 100], last_price: 90}\n"),
            )
        )
    ]
    form = seen(cli, *files)
    told = {name: form["facts"][name]["value"] for name in ("mtm", "mtm_peak", "drawdown")}
    assert told == {"mtm": "750", "mtm_peak": "3000", "drawdown": "2250"}


def test_several_accounts(cli: Cli, write: Write) -> None:
    files = [write("a.yaml", snapshot("A1")), write("b.yaml", snapshot("B1"))]
    form = cli("facts", "--snapshot", *files, "--format", "json").json
    assert list(form) == ["A1", "B1"]
    text = cli("facts", "--snapshot", *files).out
    assert "A1: seen from" in text
    assert "B1: seen from" in text


def test_ages_count_from_at(cli: Cli, write: Write) -> None:
    file = write("s.yaml", snapshot())
    form = cli("facts", "--snapshot", file, "--at", "2026-11-23T10:45:30+05:30", "--format", "json").json["A1"]
    assert form["facts"]["snapshot_age"]["value"] == "30"
    assert "positions are 30s old (limit 6s)" in form["facts"]["mtm"]["unknown"]
    assert form["facts"]["mtm"]["as_of"] == "2026-11-23T10:45:00+05:30"


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_seen_twice_byte_for_byte(cli: Cli, write: Write, form: str) -> None:
    arguments = ("facts", "--snapshot", write("s.yaml", snapshot(parts=STOPPED)), "--format", form)
    assert cli(*arguments) == cli(*arguments)


def test_a_desk_gives_the_profile_and_its_policies_are_not_asked(cli: Cli, write: Write) -> None:
    write("desk/rekha.yaml", desk(A1="{poll: 20s, values: {anything: 5k}, policies: {nobody: {mode: off}}}"))
    file = write("s.yaml", snapshot())
    arguments = ("facts", "--desk", "desk", "--snapshot", file, "--at", "2026-11-23T10:45:30+05:30")
    assert cli(*arguments, "--format", "json").json["A1"]["facts"]["mtm"]["value"] == "-6000"
    write("desk/rekha.yaml", "accounts: {A1: {poll: soon}}\n")
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert "[wrong-value]" in ran.err


# -- the parts -------------------------------------------------------------------------------------------------------


def test_an_unknown_value_carries_its_cause_and_bounds() -> None:
    account = Account("A1")
    view = last_view(Watched(account, (parse_snapshot(snapshot(), "s"),), None, "a test"))
    assert value_as_json(ZERO, MONEY, view) == {"value": "0", "unit": "INR"}
    assert value_as_json(unknown("no quote"), MONEY, view) == {"value": None, "unit": "INR", "unknown": "no quote"}
