"""Limits and the margin check: flat objects of texts, without a wrapper."""

import math
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from engine.domain.numbers import CONTEXT, ZERO
from engine.sim.exchange.words import Ticket
from engine.sim.kotak import replies
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.forms import number_in
from engine.sim.kotak.replies import Answer
from engine.sim.kotak.words import ORDER_SEGMENTS, PRODUCTS, SIDES, TYPES, epoch_seconds, price_text

_FILTERS: Final = MappingProxyType(
    {
        "seg": frozenset({"ALL", "CASH", "CUR", "FO"}),
        "exch": frozenset({"ALL", "NSE", "BSE"}),
        "prod": frozenset({"ALL", "NRML", "CNC", "MIS"}),
    }
)
# Of some eighty-five fields, the named ones that stay nought here.
_NOUGHT = (
    "Collateral", "AdhocMargin", "RmsPayInAmt", "RmsPayOutAmt", "ExposureMarginPrsnt", "PremiumPrsnt",
    "CashUnRlsMtomPrsnt", "CashRlsMtomPrsnt", "ComUnRlsMtomPrsnt", "ComRlsMtomPrsnt", "CurUnRlsMtomPrsnt",
    "CurRlsMtomPrsnt", "BrokeragePrsnt",
)  # fmt: skip
_CHECK_NEEDS = ("brkName", "brnchId", "exSeg", "prc", "prcTp", "prod", "qty", "tok", "trnsTp", "trgPrc")


def limits(ask: Ask) -> Answer:
    """Return the account's money; the marks of the day have the sign of a profit, which no document says."""
    if any(ask.form.get(name) not in words for name, words in _FILTERS.items()):
        return replies.BODY_INVALID
    money = ask.exchange.money(ask.account)
    realized, unrealized, used = (price_text(one) for one in (money.realized, money.unrealized, money.margin_used))
    body: dict[str, object] = dict.fromkeys(_NOUGHT, "0.00")
    body |= {
        "Category": "CLIENT_API",
        "EntityId": "account-" + ask.account,
        "BoardLotLimit": "5000000",
        "Net": noisy(money.available),
        "NotionalCash": price_text(money.cash),
        "CollateralValue": "0.00",
        "MarginUsed": used,
        "MarginUsedPrsnt": used,
        "SpanMarginPrsnt": used,
        "RealizedMtomPrsnt": realized,
        "UnrealizedMtomPrsnt": unrealized,
        "FoRlsMtomPrsnt": realized,
        "FoUnRlsMtomPrsnt": unrealized,
        "TimeStamp": str(epoch_seconds(ask.now) * 1_000 + ask.now.microsecond // 1_000),
        "stat": "Ok",
        "stCode": 200,
    }
    return Answer(body)


def margin_check(ask: Ask) -> Answer:
    """Return what an order would need; too little money is an answer, not a failure."""
    form = ask.form
    if any(name not in form for name in _CHECK_NEEDS) or form["exSeg"] not in ORDER_SEGMENTS:
        return replies.BODY_INVALID
    contract = ask.listing.by_token(form["exSeg"], form["tok"])
    if contract is None:
        return replies.INVALID_SYMBOL
    quantity = number_in(form, "qty")
    if not quantity:
        return replies.INVALID_QUANTITY
    side, type_, product = SIDES.get(form["trnsTp"]), TYPES.get(form["prcTp"]), form["prod"]
    price, trigger_price = number_in(form, "prc"), number_in(form, "trgPrc")
    if side is None or type_ is None or product not in PRODUCTS or price is None or trigger_price is None:
        return replies.BODY_INVALID
    ticket = Ticket(
        contract.exchange,
        contract.symbol,
        side,
        quantity,
        product,
        type_,
        price or None,
        trigger_price or None,
    )
    margin, money = ask.exchange.margin(ask.account, ticket), ask.exchange.money(ask.account)
    return Answer(
        {
            "avlCash": price_text(money.cash),
            "totMrgnUsd": price_text(CONTEXT.add(money.margin_used, margin.required)),
            "mrgnUsd": price_text(money.margin_used),
            "ordMrgn": price_text(margin.required),
            "rmsVldtd": "NOT_OK" if margin.shortfall > ZERO else "OK",
            "reqdMrgn": price_text(margin.required),
            "avlMrgn": price_text(margin.available),
            "insufFund": price_text(margin.shortfall),
            "stat": "Ok",
            "stCode": 200,
        }
    )


def noisy(amount: Decimal) -> str:
    """Return an amount as sums of binary fractions come out: 19.41 is told as `19.409999999999997`."""
    told = float(amount)
    # Quarters are exact in binary, and their sums too.
    return str(told if told * 4 == int(told * 4) else math.nextafter(told, 0))
