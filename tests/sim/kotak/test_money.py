"""Kotak's limits and margin check: flat objects of texts (fact sheet §4.6, §4.7)."""

from decimal import Decimal
from typing import Any

import pytest

from engine.sim.kotak.money import noisy
from tests.sim.kotak.day import Day, carried

ALL = {"seg": "ALL", "exch": "ALL", "prod": "ALL"}


def limits(day: Day, **changes: str) -> Any:
    return day.post("quick/user/limits", {**ALL, **changes})


def check(day: Day, **changes: str) -> Any:
    form = {
        "brkName": "KOTAK", "brnchId": "ONLINE", "exSeg": "nse_fo", "prc": "100", "prcTp": "L", "prod": "NRML",
        "qty": "65", "tok": "43125", "trnsTp": "S", "trgPrc": "0", **changes,
    }  # fmt: skip
    return day.post("quick/user/check-margin", form)


def test_4_6_limits_are_a_flat_object_of_texts() -> None:
    body = limits(Day(positions=(carried("NIFTY26NOV24000CE", -65, "110"),)).sign_in()).body
    assert (body.pop("stat"), body.pop("stCode")) == ("Ok", 200)
    assert body.pop("TimeStamp") == "1795408200000"
    assert all(isinstance(value, str) for value in body.values())
    assert {
        "Net", "MarginUsed", "MarginUsedPrsnt", "CollateralValue", "Collateral", "NotionalCash", "AdhocMargin",
        "RmsPayInAmt", "RmsPayOutAmt", "SpanMarginPrsnt", "ExposureMarginPrsnt", "PremiumPrsnt",
        "UnrealizedMtomPrsnt", "RealizedMtomPrsnt", "CashUnRlsMtomPrsnt", "CashRlsMtomPrsnt", "FoUnRlsMtomPrsnt",
        "FoRlsMtomPrsnt", "ComUnRlsMtomPrsnt", "ComRlsMtomPrsnt", "CurUnRlsMtomPrsnt", "CurRlsMtomPrsnt",
        "BrokeragePrsnt", "Category", "EntityId", "BoardLotLimit",
    } == body.keys()  # fmt: skip


def test_4_6_limits_tell_the_exchanges_money() -> None:
    day = Day(positions=(carried("NIFTY26NOV24000CE", -65, "110"),)).sign_in()
    body, money = limits(day).body, day.exchange.money("AB123")
    assert abs(Decimal(body["Net"]) - money.available) < Decimal("0.000001")
    assert Decimal(body["MarginUsed"]) == money.margin_used.quantize(Decimal("0.01")) > 0
    assert Decimal(body["UnrealizedMtomPrsnt"]) == money.unrealized == 650


def test_4_6_float_noise() -> None:
    assert noisy(Decimal("19.41")) == "19.409999999999997"
    for amount in ("19.41", "-250.05", "4999999.95", "0.01"):
        assert abs(Decimal(noisy(Decimal(amount))) - Decimal(amount)) < Decimal("1e-8")
    assert [noisy(Decimal(amount)) for amount in ("0", "250.5", "-3")] == ["0.0", "250.5", "-3.0"]


@pytest.mark.parametrize("wrong", [{"seg": "NFO"}, {"exch": "MCX"}, {"prod": "MTF"}])
def test_4_6_limits_have_filters_of_few_words(wrong: dict[str, str]) -> None:
    day = Day().sign_in()
    assert limits(day, seg="FO", exch="NSE", prod="MIS").body["stat"] == "Ok"
    assert limits(day, **wrong).body["stCode"] == 1007
    assert day.post("quick/user/limits", {"seg": "ALL"}).body["stCode"] == 1007


def test_4_7_a_margin_check_that_is_good() -> None:
    body = check(Day().sign_in()).body
    assert body.keys() == {
        "avlCash", "totMrgnUsd", "mrgnUsd", "ordMrgn", "rmsVldtd", "reqdMrgn", "avlMrgn", "insufFund", "stat", "stCode"
    }  # fmt: skip
    assert (body["rmsVldtd"], body["stat"], body["insufFund"]) == ("OK", "Ok", "0.00")
    assert Decimal(body["reqdMrgn"]) > 0


def test_4_7_too_little_money_is_no_failure() -> None:
    body = check(Day(cash="1000").sign_in()).body
    assert (body["rmsVldtd"], body["stat"], body["stCode"]) == ("NOT_OK", "Ok", 200)
    assert Decimal(body["insufFund"]) == Decimal(body["reqdMrgn"]) - Decimal(body["avlMrgn"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"exSeg": "NFO"}, 1007), ({"tok": "1"}, 1007), ({"exSeg": "nse_cm", "tok": "Nifty 50"}, 1007),
        ({"qty": "0"}, 1009), ({"qty": "x"}, 1009),
        ({"trnsTp": "BUY"}, 1007), ({"prcTp": "LIMIT"}, 1007), ({"prod": "BO"}, 1007), ({"prc": "ten"}, 1007),
    ],
)  # fmt: skip
def test_4_7_a_check_in_no_words_of_kotaks_is_refused(wrong: dict[str, str], code: int) -> None:
    assert check(Day().sign_in(), **wrong).body["stCode"] == code
