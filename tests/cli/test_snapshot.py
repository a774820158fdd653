"""`rekha snapshot`: raw answers as a Rekha snapshot that says the same as the answers did."""

from typing import Any

import pytest

from tests.cli.bodies import (
    SHORT_CE,
    kite,
    kite_leg,
    kite_margins,
    kite_order,
    kite_positions,
    kite_quote,
    kite_quotes,
    kite_trade,
    kotak,
    kotak_leg,
)
from tests.cli.conftest import Cli, Write
from tests.cli.files import STOPPED, desk, snapshot

AT = ("--at", "2026-11-23T10:45:05+05:30")


def facts(cli: Cli, *arguments: str) -> Any:
    (form,) = cli("facts", *arguments, "--format", "json").json.values()
    return form


def test_kite_s_answers_as_a_snapshot_give_the_same_facts(cli: Cli, write: Write) -> None:
    arguments = [
        "--broker", "kite",
        "--positions", write("p.json", kite_positions(kite_leg(carried=-75, close=90, sold=(75, 100), last=180))),
        "--orders", write("o.json", kite([kite_order(status="TRIGGER PENDING", filled_quantity=0)])),
        "--trades", write("t.json", kite([kite_trade("1", "11", "SELL", 75, 100, "09:20:00")])),
        "--quotes", write("q.json", kite_quotes(**{SHORT_CE: kite_quote(180, 179, 181)})),
        "--funds", write("f.json", kite_margins()),
    ]  # fmt: skip
    made = cli("snapshot", *arguments, "--account", "A1", *AT)
    assert (made.code, made.err) == (0, "")
    write("s.json", made.out)
    raw, again = facts(cli, *arguments, "--account", "A1", *AT), facts(cli, "--snapshot", "s.json")
    assert again["facts"]["mtm"]["value"] == raw["facts"]["mtm"]["value"] == "-12750"
    # A snapshot does not tell whose answers it was made of, nor then what that broker charges, allows and closes.
    assert [found["rows"]["accounts"][0].pop("broker")["value"] for found in (raw, again)] == ["kite", "none"]
    for found in (raw, again):
        for name in ("charges", "mtm_net", "order_budget_left", "time_to_flat", "minutes_to_broker_square_off"):
            found["facts"].pop(name)
        for row in (*found["rows"]["positions"], *found["rows"]["legs"]):
            row.pop("minutes_to_broker_square_off")
    assert again["facts"] == raw["facts"]
    assert again["rows"] == raw["rows"]


def test_kotak_s_answers_as_a_snapshot(cli: Cli, write: Write) -> None:
    book = write("p.json", kotak([kotak_leg(carried=-150, settled=90, bought=(150, 120))]))
    made = cli("snapshot", "--broker", "kotak", "--positions", book, "--account", "A1")
    assert made.code == 0
    assert made.err == "rekha: A1: seen from 2026-11-23T10:44:58+05:30 (the newest stamp in the files)\n"
    assert made.json["account"] == "A1"
    assert made.json["orders"] == {"missing": "not asked for"}
    assert facts(cli, "--snapshot", write("s.json", made.out))["facts"]["mtm"]["value"] == "-4500"


def test_a_snapshot_of_a_snapshot_is_itself(cli: Cli, write: Write) -> None:
    first = cli("snapshot", "--snapshot", write("s.yaml", snapshot(parts=STOPPED)))
    second = cli("snapshot", "--snapshot", write("s.json", first.out))
    assert first.code == second.code == 0
    assert first.out == second.out


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["--snapshot", "a.yaml", "b.yaml"], id="two-accounts"),
        pytest.param(["--snapshot", "a.yaml", "c.yaml"], id="two-readings"),
    ],
)
def test_one_reading_at_a_time(cli: Cli, write: Write, arguments: list[str]) -> None:
    write("a.yaml", snapshot("A1"))
    write("b.yaml", snapshot("B1"))
    write("c.yaml", snapshot("A1", "10:46:00"))
    ran = cli("snapshot", *arguments)
    assert (ran.code, ran.out) == (2, "")


def test_the_desk_names_the_account(cli: Cli, write: Write) -> None:
    write("desk/rekha.yaml", desk(K1="{broker: kite}"))
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100))))
    made = cli("snapshot", "--desk", "desk", "--broker", "kite", "--positions", book, *AT)
    assert (made.code, made.json["account"]) == (0, "K1")
