"""Kotak's quotes and scrip master (fact sheet §4.8, §4.9)."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.sim.exchange.words import Call
from engine.sim.faults import FaultKind
from engine.sim.kotak.listing import Listing
from engine.sim.kotak.scrips import scrip_file
from tests.sim.kotak.day import CALL, CONTRACTS, PUT, Day, level, tick

QUOTES = "script-details/1.0/quotes/neosymbol"
INVALID = {"stat": "Not_Ok", "emsg": "Invalid instrument/code", "stCode": 1009}


@pytest.fixture
def day() -> Day:
    asks, bids = (level("101", 130), level("102")), (level("99.5"),)
    return Day(ticks=(tick(CALL, "100", asks=asks, bids=bids), tick("NIFTY", "24050.6", exchange="NSE"))).sign_in()


def quotes(day: Day, asked: str, filter_: str = "all") -> Any:
    access = {"Authorization": day.session["Authorization"]}
    return day.get(f"{QUOTES}/{asked}/{filter_}", access)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


def test_4_8_a_success_is_a_list_in_which_every_scalar_is_a_text(day: Day) -> None:
    (row,) = quotes(day, "nse_fo|43125").body
    assert row.keys() == {
        "exchange_token", "display_symbol", "exchange", "lstup_time", "ltp", "last_traded_quantity", "total_buy",
        "total_sell", "last_volume", "avg_cost", "open_int", "change", "per_change", "low_price_range",
        "high_price_range", "year_high", "year_low", "ohlc", "depth",
    }  # fmt: skip
    assert all(isinstance(leaf, str) for leaf in leaves(row))
    assert (row["exchange_token"], row["display_symbol"], row["exchange"]) == ("43125", CALL, "nse_fo")
    assert (row["ltp"], row["low_price_range"], row["high_price_range"]) == ("100.0000", "0.0500", "900.0000")
    assert row["lstup_time"] == "1795408200"


def test_4_8_five_levels_each_side(day: Day) -> None:
    depth = quotes(day, "nse_fo|43125").body[0]["depth"]
    assert [len(depth[side]) for side in ("buy", "sell")] == [5, 5]
    assert depth["sell"][0] == {"price": "101.0000", "quantity": "130", "orders": "4"}
    assert depth["sell"][2] == {"price": "0.0000", "quantity": "0", "orders": "0"}


def test_4_8_the_close_is_the_previous_one() -> None:
    (row,) = quotes(Day(ticks=(tick(PUT, "112"),)).sign_in(), "nse_fo|43126").body
    assert (row["ltp"], row["ohlc"]["close"]) == ("112.0000", "100.0000")


def test_4_8_an_index_is_asked_for_by_its_exact_name(day: Day) -> None:
    (row,) = quotes(day, "nse_cm|Nifty 50", "ltp").body
    assert (row["exchange_token"], row["ltp"]) == ("Nifty 50", "24050.6000")
    for wrong in ("NIFTY 50", "nifty 50", "NIFTY", "26000"):
        assert quotes(day, f"nse_cm|{wrong}").body == INVALID


@pytest.mark.parametrize(
    ("filter_", "fields"),
    [
        ("ltp", {"ltp"}), ("ohlc", {"ohlc"}), ("oi", {"open_int"}), ("depth", {"depth"}), ("market_depth", {"depth"}),
        ("circuit_limits", {"low_price_range", "high_price_range"}), ("52W", {"year_high", "year_low"}),
        ("52w", {"year_high", "year_low"}),
    ],
)  # fmt: skip
def test_4_8_filters(day: Day, filter_: str, fields: set[str]) -> None:
    (row,) = quotes(day, "nse_fo|43125", filter_).body
    assert row.keys() - {"exchange_token", "display_symbol", "exchange", "lstup_time"} == fields
    assert quotes(day, "nse_fo|43125", "scrip_details").body[0].keys() >= {"ltp", "change"}


def test_4_8_several_at_once_and_what_is_not_listed_is_left_out(day: Day) -> None:
    rows = quotes(day, "nse_fo|43125,bse_fo|860001,nse_fo|1,nse_cm|Nifty 50").body
    assert [row["exchange"] for row in rows] == ["nse_fo", "bse_fo", "nse_cm"]


@pytest.mark.parametrize("asked", ["nse_fo|1", "43125", "NFO|43125", "nse_fo|"])
def test_4_8_a_failure_is_an_object_with_http_200(day: Day, asked: str) -> None:
    assert (quotes(day, asked).status, quotes(day, asked).body) == (200, INVALID)


def test_4_8_an_unknown_filter_and_an_encoded_bar_fail(day: Day) -> None:
    assert quotes(day, "nse_fo|43125", "price").body == INVALID
    assert quotes(day, "nse_fo%7C43125").body == INVALID


# --- §4.9 scrip master


def files(day: Day) -> dict[str, str]:
    access = {"Authorization": day.session["Authorization"]}
    data = day.get("script-details/1.0/masterscrip/file-paths", access).body["data"]
    assert data.keys() == {"filesPaths", "baseFolder"}
    assert all(path.startswith(data["baseFolder"] + "/2026-11-23/") for path in data["filesPaths"])
    return {path.rsplit("/", 1)[1]: path for path in data["filesPaths"]}


def rows(text: str) -> list[dict[str, str]]:
    header, *lines = csv.reader(io.StringIO(text))
    return [dict(zip((name.strip(" ;") for name in header), line, strict=True)) for line in lines]


def test_4_9_files_are_dated_links_and_need_no_key(day: Day) -> None:
    found = files(day)
    assert found.keys() == {
        "cde_fo.csv", "mcx_fo.csv", "nse_fo.csv", "bse_fo.csv", "nse_com.csv", "bse_cm-v1.csv", "nse_cm-v1.csv"
    }  # fmt: skip
    for link in found.values():
        reply = day.request("GET", link)
        assert (reply.status, reply.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert "/transformed-v1/" in found["nse_cm-v1.csv"]
    assert "/transformed/" in found["nse_fo.csv"]


@pytest.mark.parametrize(
    "wrong",
    ["2026-11-20/transformed/nse_fo", "2026-11-23/transformed-v1/nse_fo", "2026-11-23/transformed/nse_cm-v1",
     "2026-11-23/transformed/other"],
)  # fmt: skip
def test_4_9_another_day_or_folder_has_no_files(day: Day, wrong: str) -> None:
    assert day.request("GET", f"/lapi/wso2-scripmaster/v1/prod/{wrong}.csv").status == 404


def test_4_9_headers_carry_a_semicolon_and_spaces(day: Day) -> None:
    header = day.request("GET", files(day)["nse_fo.csv"]).text.splitlines()[0].split(",")
    assert "dStrikePrice;" in header
    assert "lLotSize " in header
    assert "dStrikePrice" not in header


def test_4_9_every_column_that_matters_is_there(day: Day) -> None:
    for link in files(day).values():
        header = {name.strip(" ;") for name in day.request("GET", link).text.splitlines()[0].split(",")}
        assert header >= {
            "pSymbol", "pExchSeg", "pTrdSymbol", "pSymbolName", "pGroup", "pInstType", "pOptionType", "pScripRefKey",
            "pISIN", "lLotSize", "iLotSize", "iBoardLotQty", "lFreezeQty", "lExpiryDate", "pExpiryDate",
            "dStrikePrice", "dTickSize", "lMultiplier", "lPrecision", "dPriceNum", "dPriceDen", "dGenNum", "dGenDen",
            "dHighPriceRange", "dLowPriceRange", "pSegment",
        }  # fmt: skip


def test_4_9_a_fault_of_the_contracts_strikes_their_files_too(day: Day) -> None:
    link = files(day)["nse_fo.csv"]
    day.strike(FaultKind.OUTAGE, calls=frozenset({Call.CONTRACTS}))
    assert [day.request("GET", link).status for _ in range(2)] == [503, 200]


def test_4_9_columns_of_an_option(day: Day) -> None:
    row = next(one for one in rows(day.request("GET", files(day)["nse_fo.csv"]).text) if one["pTrdSymbol"] == CALL)
    told = {
        "pSymbol": "43125", "pExchSeg": "nse_fo", "pSymbolName": "NIFTY", "pInstType": "OPTIDX", "pOptionType": "CE",
        "lLotSize": "65", "iLotSize": "65", "iBoardLotQty": "65", "lFreezeQty": "1800", "dStrikePrice": "2400000",
        "dTickSize": "5", "lMultiplier": "1", "lPrecision": "2", "dGenNum": "1", "pIssueDate": "-1",
    }  # fmt: skip
    assert {name: row[name] for name in told} == told


def test_4_9_seconds_since_1980_lead_to_the_date_by_both_numbers(day: Day) -> None:
    row = rows(day.request("GET", files(day)["nse_fo.csv"]).text)[0]
    for column, since in (("pExpiryDate", 315511200), ("lExpiryDate", 315513000)):
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(row[column]) + since)
        assert at.date() == date(2026, 11, 24)


def test_4_9_other_segments_count_from_1970(day: Day) -> None:
    (row,) = rows(day.request("GET", files(day)["bse_fo.csv"]).text)
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(row["lExpiryDate"]))
    assert (at.date(), row["pOptionType"]) == (date(2026, 11, 26), "CE")


def test_4_9_a_future_and_a_share_have_blanks(day: Day) -> None:
    future = rows(scrip_file(Listing(CONTRACTS), "nse_fo") or "")[2]
    assert (future["pOptionType"], future["dStrikePrice"], future["pInstType"]) == ("XX", "-1", "FUTSTK")
    (share,) = rows(scrip_file(Listing(CONTRACTS), "nse_cm-v1") or "")
    assert (share["pTrdSymbol"], share["pGroup"], share["lExpiryDate"]) == ("TCS-EQ", "EQ", "-1")


def test_4_9_an_index_is_no_scrip_to_trade(day: Day) -> None:
    assert "Nifty 50" not in day.request("GET", files(day)["nse_cm-v1.csv"]).text
    assert day.place(es="nse_cm", ts="NIFTY").body["stCode"] == 1007
