"""The reading arguments on raw answers of Kite and Kotak: what they mean, from when they are seen, what is refused."""

import argparse
import json
from typing import Any

import pytest

from engine.cli.inputs import check_fit
from engine.errors import MisuseError
from tests.cli.bodies import (
    KITE_SESSION_GONE,
    KOTAK_EMPTY,
    KOTAK_SESSION_GONE,
    LONG_CE,
    SHORT_CE,
    kite,
    kite_instruments,
    kite_leg,
    kite_margins,
    kite_order,
    kite_positions,
    kite_quote,
    kite_quotes,
    kite_trade,
    kotak,
    kotak_leg,
    kotak_quote,
)
from tests.cli.conftest import Cli, Write
from tests.cli.files import FLAGSHIP, VALUES, acting, one, policy

AT = ("--at", "2026-11-23T10:45:00+05:30")
PUT = "NIFTY26N2423500PE"
HTML = "<html><head><title>502 Bad Gateway</title></head></html>"


def facts(cli: Cli, *arguments: str) -> dict[str, Any]:
    ran = cli("facts", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    (seen,) = ran.json.values()
    return dict(seen)


def plain(seen: dict[str, Any], *names: str) -> list[Any]:
    return [seen["facts"][name]["value"] for name in names]


# -- Kite ------------------------------------------------------------------------------------------------------------


def test_kite_s_day_counts_carried_closed_and_open_legs(cli: Cli, write: Write) -> None:
    book = kite_positions(
        kite_leg(sold=(75, 100), last=180),  # 75 × (100 − 180) = −6,000
        kite_leg(PUT, carried=-150, close=90, bought=(150, 120), last=131),  # closed: 150 × (90 − 120) = −4,500
        kite_leg("BANKNIFTY26NOV52000CE", carried=-30, close=210, last=200),  # carried short: 30 × (210 − 200) = +300
        kite_leg(LONG_CE, carried=75, close=40, sold=(75, 35), last=20),  # carried long, sold: 75 × (35 − 40) = −375
    )
    seen = facts(cli, "--broker", "kite", "--positions", write("p.json", book), *AT)
    assert plain(seen, "mtm", "loss", "profit", "realized_pnl", "unrealized_pnl") == [
        "-10575", "10575", "0", "-4875", "-5700",
    ]  # fmt: skip
    assert plain(seen, "open_positions", "short_option_legs", "naked_short_legs") == ["2", "2", "2"]
    assert [leg["mtm"]["value"] for leg in seen["rows"]["legs"]] == ["-6000", "-4500", "300", "-375"]
    assert seen["drift"] == []


def test_a_sum_that_is_not_kite_s_own_is_shown_as_drift(cli: Cli, write: Write) -> None:
    book = kite_positions(kite_leg(sold=(75, 100), last=180, m2m=-5900))
    (drift,) = facts(cli, "--broker", "kite", "--positions", write("p.json", book), *AT)["drift"]
    assert (drift["ours"], drift["reported"], drift["difference"]) == ("-6000", "-5900", "-100")


def test_the_multiplier_of_a_currency_contract(cli: Cli, write: Write) -> None:
    row = kite_leg("USDINR26NOVFUT", exchange="CDS", bought=(2, 88), last=87, multiplier=1000)
    assert plain(facts(cli, "--broker", "kite", "--positions", write("p.json", kite_positions(row)), *AT), "mtm") == [
        "-2000"
    ]


def test_a_stop_with_its_trades_makes_the_flagship_pending(cli: Cli, write: Write) -> None:
    write("p/values.yaml", VALUES)
    write("p/kill.yaml", acting("kill", FLAGSHIP))
    book = kite_positions(kite_leg(sold=(150, 100), bought=(75, 176.5), last=190))
    trades = kite(
        [
            kite_trade("1", "11", "SELL", 150, 100, "09:20:00"),
            kite_trade("2", "1126000000000001", "BUY", 75, 176.5, "10:40:00"),
        ]
    )
    arguments = [
        "--broker",
        "kite",
        "--positions",
        write("p.json", book),
        "--orders",
        write("o.json", kite([kite_order()])),
    ]
    whole = cli("dry-run", "--policies", "p", *arguments, "--trades", write("t.json", trades), "--format", "json")
    # 150 × 100 − 75 × 176.50 − 75 × 190 = −12,487.50
    row = one(whole.json, "kill")
    assert (whole.code, row["verdict"], row["because"]) == (3, "pending", "Loss 12,487.50 INR")
    assert row["account"] == "account"
    without = cli("dry-run", "--policies", "p", *arguments, "--format", "json")
    assert (without.code, one(without.json, "kill")["verdict"]) == (4, "unknown")


def test_without_orders_order_facts_are_unknown_never_none(cli: Cli, write: Write) -> None:
    seen = facts(cli, "--broker", "kite", "--positions", write("p.json", kite_positions(kite_leg(sold=(75, 100)))), *AT)
    for name in ("open_orders", "orders_today", "rejections", "stop_loss_hit", "stop_triggered_unfilled"):
        assert seen["facts"][name]["value"] is None
        assert "orders not read" in seen["facts"][name]["unknown"]
    assert (seen["facts"]["open_orders"]["low"], seen["facts"]["open_orders"]["high"]) == ("0", None)
    assert seen["rows"]["orders"]["value"] is None


def test_the_history_tells_that_a_limit_order_was_a_stop(cli: Cli, write: Write) -> None:
    now = kite_order(order_type="LIMIT", trigger_price=0)
    states = [
        kite_order(status="PUT ORDER REQ RECEIVED", order_type="SL", filled_quantity=0),
        kite_order(status="TRIGGER PENDING", order_type="SL", filled_quantity=0),
        now,
    ]
    trades = [
        kite_trade("1", "11", "SELL", 75, 100, "09:20:00"),
        kite_trade("2", now["order_id"], "BUY", 75, 176.5, "10:40:00"),
    ]
    book = [
        "--broker", "kite",
        "--positions", write("p.json", kite_positions(kite_leg(sold=(75, 100), bought=(75, 176.5)))),
        "--orders", write("o.json", kite([now])),
        "--trades", write("t.json", kite(trades)),
    ]  # fmt: skip
    assert plain(facts(cli, *book), "stop_loss_hit") == [False]
    with_history = facts(cli, *book, "--history", write("h.json", kite(states)))
    assert plain(with_history, "stop_loss_hit", "stop_loss.order_id") == [True, now["order_id"]]


def test_the_contract_file_gives_lots_and_the_day_of_expiry(cli: Cli, write: Write) -> None:
    symbol = "NIFTY26NOV24000CE"
    book = write("p.json", kite_positions(kite_leg(symbol, sold=(150, 100))))
    bare = facts(cli, "--broker", "kite", "--positions", book, *AT)
    assert bare["facts"]["naked_short_lots"]["value"] is None
    assert "lot size of NFO:NIFTY26NOV24000CE not known" in bare["facts"]["naked_short_lots"]["unknown"]
    # By the exchange's rule, for Tuesday the 24th is a holiday; what the contract file says goes before it.
    assert bare["rows"]["positions"][0]["expiry"]["value"] == "2026-11-23"
    contracts = write("i.csv", kite_instruments((symbol, "2026-11-24", 24000, 75)))
    full = facts(cli, "--broker", "kite", "--positions", book, "--instruments", contracts, *AT)
    assert plain(full, "naked_short_lots") == ["2"]
    (position,) = full["rows"]["positions"]
    assert (position["expiry"]["value"], position["days_to_expiry"]["value"]) == ("2026-11-24", "1")


def test_one_side_of_the_book_makes_an_interval(cli: Cli, write: Write) -> None:
    book = kite_positions(kite_leg(sold=(75, 100), last=180), kite_leg(LONG_CE, bought=(75, 40), last=20))
    quotes = kite_quotes(**{SHORT_CE: kite_quote(180, 0, 182), LONG_CE: kite_quote(20, 19, 21)})
    arguments = ("--broker", "kite", "--positions", write("p.json", book), "--quotes", write("q.json", quotes))
    seen = facts(cli, *arguments)
    mtm = seen["facts"]["mtm"]
    # The short is worth between 0 and 182: 75 × 100 − 75 × 182 = −6,150 to +7,500; the long 75 × (20 − 40) = −1,500.
    assert (mtm["value"], mtm["low"], mtm["high"]) == (None, "-7650", "6000")
    assert mtm["unknown"] == "no bid for NFO:NIFTY26N2424000CE"
    assert mtm["unit"] == "INR"
    assert "unknown (between -7,650.00 INR and 6,000.00 INR; no bid" in cli("facts", *arguments).out


def test_a_quote_that_is_missing_leaves_the_short_without_an_upper_end(cli: Cli, write: Write) -> None:
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100), last=180)))
    quotes = write("q.json", kite_quotes(**{LONG_CE: kite_quote(20, 19, 21)}))
    mtm = facts(cli, "--broker", "kite", "--positions", book, "--quotes", quotes)["facts"]["mtm"]
    assert (mtm["value"], mtm["low"], mtm["high"]) == (None, None, "7500")
    assert mtm["unknown"] == "no quote for NFO:NIFTY26N2424000CE"


def test_an_interval_that_decides_is_decided(cli: Cli, write: Write) -> None:
    write("p/far.yaml", policy("far", "loss >= 50k"))
    write("p/near.yaml", policy("near", "loss >= 6k"))
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100), last=180)))
    quotes = write("q.json", kite_quotes(**{SHORT_CE: kite_quote(180, 0, 182)}))
    rows = cli(
        "dry-run", "--policies", "p", "--broker", "kite", "--positions", book, "--quotes", quotes, "--format", "json"
    ).json
    assert (one(rows, "far")["verdict"], one(rows, "near")["verdict"]) == ("clear", "unknown")


def test_old_quotes_are_seen_as_old(cli: Cli, write: Write) -> None:
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100), last=180)))
    quotes = write("q.json", kite_quotes(**{SHORT_CE: kite_quote(180, 179, 181, at="10:44:00")}))
    seen = facts(cli, "--broker", "kite", "--positions", book, "--quotes", quotes, *AT)
    assert seen["facts"]["mtm"]["unknown"] == "quote of NFO:NIFTY26N2424000CE is 1m old (limit 10s)"
    assert seen["rows"]["positions"][0]["quote_age"]["value"] == "60"


def test_an_empty_book_of_kite_s_is_flat(cli: Cli, write: Write) -> None:
    empty = write("p.json", kite_positions())
    seen = facts(cli, "--broker", "kite", "--positions", empty, "--orders", write("o.json", kite([])), *AT)
    assert plain(seen, "mtm", "open_positions", "open_orders", "stop_loss_hit") == ["0", "0", "0", False]
    assert seen["rows"]["positions"] == []


def test_the_margins(cli: Cli, write: Write) -> None:
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100))))
    seen = facts(cli, "--broker", "kite", "--positions", book, "--funds", write("f.json", kite_margins()), *AT)
    names = ("capital", "margin_used", "margin_available", "margin_used_pct")
    assert plain(seen, *names) == ["500000", "200000", "300000", "40"]


# -- Kotak -----------------------------------------------------------------------------------------------------------


def test_kotak_s_day_needs_prices_only_for_what_is_open(cli: Cli, write: Write) -> None:
    rows = [
        kotak_leg(carried=-150, settled=90, bought=(150, 120)),  # 150 × (90 − 120) = −4,500, closed
        kotak_leg("NIFTY26NOV23500PE", sold=(75, 40), token="61002"),  # 75 × (40 − 41) = −75
        kotak_leg("NIFTY26NOV24500CE", carried=-75, settled=30, token="61001"),  # 75 × (30 − 35.25) = −393.75
    ]
    book = write("p.json", kotak(rows))
    quotes = [kotak_quote("41.00", "40.50", "41.50", "61002"), kotak_quote("34.00", "35.25", "36.00", "61001")]
    arguments = ("--broker", "kotak", "--positions", book)
    seen = facts(cli, *arguments, "--quotes", write("q.json", json.dumps(quotes)), *AT)
    assert plain(seen, "mtm", "realized_pnl", "open_positions") == ["-4968.75", "-4500", "2"]
    carried = seen["rows"]["positions"][1]
    # The last trade lies below the bid: the mark is the bid. What was carried has no entry price here.
    assert (carried["mark"]["value"], carried["day_base_price"]["value"]) == ("35.25", "30")
    assert carried["entry_price"]["value"] is None
    bare = facts(cli, *arguments, *AT)
    assert bare["facts"]["mtm"]["value"] is None
    assert bare["rows"]["legs"][0]["mtm"]["value"] == "-4500"


@pytest.mark.parametrize("given", ["positions", "both"])
def test_kotak_s_no_data_is_an_empty_book(cli: Cli, write: Write, given: str) -> None:
    empty = write("e.json", KOTAK_EMPTY)
    orders = ["--orders", empty] if given == "both" else []
    seen = facts(cli, "--broker", "kotak", "--positions", empty, *orders, *AT)
    assert plain(seen, "mtm", "open_positions") == ["0", "0"]
    assert plain(seen, "open_orders") == (["0"] if orders else [None])


def test_one_empty_side_at_kotak(cli: Cli, write: Write) -> None:
    book = write("p.json", kotak([kotak_leg(bought=(75, 40))]))
    quotes = write("q.json", json.dumps([kotak_quote("55.50", None, "56.00")]))
    mtm = facts(cli, "--broker", "kotak", "--positions", book, "--quotes", quotes)["facts"]["mtm"]
    assert (mtm["low"], mtm["high"]) == ("-3000", "1200")


# -- from when -------------------------------------------------------------------------------------------------------


def test_the_newest_stamp_is_the_instant_and_is_printed(cli: Cli, write: Write) -> None:
    write("p/one.yaml", policy(when="loss >= 90k"))
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100), last=180)))
    orders = write("o.json", kite([kite_order(status="TRIGGER PENDING", filled_quantity=0)]))
    arguments = ("--broker", "kite", "--positions", book, "--orders", orders)
    told = "2026-11-23 10:40:00 IST (the newest stamp in the files)"
    assert told in cli("dry-run", "--policies", "p", *arguments).out
    assert told in cli("facts", *arguments).out
    for command in (("dry-run", "--policies", "p"), ("facts",)):
        ran = cli(*command, *arguments, "--format", "json")
        assert ran.err == "rekha: account: seen from 2026-11-23T10:40:00+05:30 (the newest stamp in the files)\n"
        assert cli(*command, *arguments, "--format", "json") == ran
        assert cli(*command, *arguments, *AT, "--format", "json").err == ""


def test_without_any_stamp_it_is_now(cli: Cli, write: Write) -> None:
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100))))
    assert "(now, because the files carry no stamp)" in cli("facts", "--broker", "kite", "--positions", book).out


def test_an_instant_before_the_newest_stamp_is_misuse(cli: Cli, write: Write) -> None:
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100))))
    quotes = write("q.json", kite_quotes(**{SHORT_CE: kite_quote(180, 179, 181, at="10:47:00")}))
    arguments = ("--broker", "kite", "--positions", book, "--quotes", quotes)
    ran = cli("facts", *arguments, *AT)
    assert (ran.code, ran.out) == (2, "")
    assert "--at is before the newest stamp in the files (2026-11-23T10:47:00+05:30)" in ran.err
    # A broker's clock may run a little ahead of ours.
    assert cli("facts", *arguments, "--at", "2026-11-23T10:46:30+05:30").code == 0


# -- answers that are none -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broker", "body", "told"),
    [
        pytest.param("kite", KITE_SESSION_GONE, "Incorrect `api_key`", id="kite-session-gone"),
        pytest.param("kotak", KOTAK_SESSION_GONE, "invalid session token (code 100022)", id="kotak-session-gone"),
        pytest.param("kotak", '{"stat":"Not_Ok","emsg":"Invalid session","stCode":1003}', "1003", id="kotak-1003"),
        pytest.param("kotak", '{"code":429,"error":"Rate limit exceeded"}', "Rate limit", id="kotak-429"),
        pytest.param("kite", HTML, "not JSON", id="kite-html"),
        pytest.param("kotak", HTML, "not JSON", id="kotak-html"),
        pytest.param("kite", "", "it is empty", id="kite-empty"),
        pytest.param("kotak", "", "it is empty", id="kotak-empty"),
        pytest.param("kite", kite_positions(kite_leg())[:-50], "not JSON", id="kite-cut-short"),
        pytest.param("kotak", kotak([kotak_leg()])[:-50], "not JSON", id="kotak-cut-short"),
        pytest.param("kite", kotak([kotak_leg()]), "'status' is null", id="kotak-s-as-kite-s"),
        pytest.param("kotak", kite_positions(kite_leg()), "not a list", id="kite-s-as-kotak-s"),
        pytest.param("kite", kite([kite_order()]), "a list, not an object", id="orders-as-positions"),
        pytest.param("kotak", '{"stat":"Ok","stCode":200}', "no 'data'", id="kotak-without-data"),
        pytest.param("kite", '{"status":"success","data":null}', "no 'data'", id="kite-without-data"),
        pytest.param("kite", '{"status":"success","data":{"day":[]}}', "no 'net' list", id="kite-without-net"),
        pytest.param("kite", "null", "not an object", id="null"),
        pytest.param("kite", "[" * 100_000, "nested too deeply", id="bottomless"),
        pytest.param("kite", '{"status":"success","data":{"net":[{"quantity":NaN}]}}', "NaN", id="nan"),
        pytest.param("kite", kite_positions(kite_leg(), kite_leg()), "stands twice", id="a-row-twice"),
        pytest.param("kite", kite_positions({"tradingsymbol": "X"}), "is missing", id="a-row-without-fields"),
        pytest.param("kite", " " * 8_000_001, "characters", id="huge"),
        pytest.param("kite", b"\xff\xfe\x00\x01", "not UTF-8", id="not-utf8"),
    ],
)
@pytest.mark.parametrize("command", [("dry-run", "--policies", "p"), ("facts",), ("snapshot",)])
def test_an_answer_that_is_none_is_never_flat(
    cli: Cli, write: Write, broker: str, body: str | bytes, told: str, command: tuple[str, ...]
) -> None:
    write("p/one.yaml", policy())
    ran = cli(*command, "--broker", broker, "--positions", write("answer.json", body), *AT)
    assert (ran.code, ran.out) == (1, "")
    assert "answer.json" in ran.err
    assert told in ran.err


def test_every_answer_that_is_none_is_named(cli: Cli, write: Write) -> None:
    good = write("p.json", kite_positions(kite_leg(sold=(75, 100))))
    options = {"orders": "o.json", "trades": "t.json", "funds": "f.json", "quotes": "q.json", "instruments": "i.csv"}
    arguments = [part for option, name in options.items() for part in (f"--{option}", write(name, HTML))]
    histories = [write("h1.json", kite([kite_order()])), write("h2.json", HTML)]
    ran = cli("facts", "--broker", "kite", "--positions", good, *arguments, "--history", *histories, *AT)
    assert ran.code == 1
    for name in (*options.values(), "h2.json"):
        assert name in ran.err
    assert "h1.json" not in ran.err


@pytest.mark.parametrize("option", ["positions", "orders", "trades", "history", "funds", "quotes", "instruments"])
def test_a_file_that_is_not_there_is_misuse_and_a_folder_an_error(cli: Cli, write: Write, option: str) -> None:
    good = [] if option == "positions" else ["--positions", write("p.json", kite_positions())]
    gone = cli("facts", "--broker", "kite", *good, f"--{option}", "gone.json")
    assert (gone.code, gone.err) == (2, "rekha: gone.json: no such file\n")
    folder = cli("facts", "--broker", "kite", *good, f"--{option}", ".")
    assert (folder.code, folder.err) == (1, "rekha: .: cannot be read: Is a directory\n")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--broker", "zerodha", "--positions", "p.json"], id="no-such-broker"),
        pytest.param(["--broker", "kite"], id="no-positions"),
        pytest.param(["--broker", "kite", "--orders", "p.json"], id="orders-alone"),
        pytest.param(["--positions", "p.json"], id="whose-answer"),
        pytest.param(["--broker", "kite", "--positions", "p.json", "--snapshot", "s.yaml"], id="two-kinds"),
        pytest.param(["--broker", "kite", "--positions", "p.json", "--at", "10:45"], id="no-date"),
        pytest.param(["--account", "A1"], id="only-an-account"),
        pytest.param(["--at", "2026-11-23T10:45:00+05:30"], id="only-an-instant"),
        pytest.param(["--desk", "desk"], id="only-a-desk"),
    ],
)
@pytest.mark.parametrize("command", [("dry-run", "--policies", "p"), ("facts",), ("snapshot",)])
def test_arguments_that_do_not_fit(cli: Cli, write: Write, arguments: list[str], command: tuple[str, ...]) -> None:
    write("p/one.yaml", policy())
    write("p.json", kite_positions())
    ran = cli(*command, *arguments)
    assert (ran.code, ran.out) == (2, "")


def test_the_fit_is_judged_before_any_file_is_looked_at() -> None:
    bare = dict.fromkeys(
        ("snapshot", "broker", "at", "positions", "orders", "trades", "history", "funds", "quotes", "instruments")
    )
    with pytest.raises(MisuseError, match="needs --broker"):
        check_fit(argparse.Namespace(**{**bare, "positions": "nowhere"}))
    check_fit(argparse.Namespace(**{**bare, "positions": "nowhere", "broker": "kite"}))
