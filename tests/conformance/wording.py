"""How the sentences of the conformance scenarios are read."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pytest_bdd import parsers

Table = list[list[str]]
NAME = "[AB]"
CONTRACT = r"\d+ [CP]E"
AMOUNT = r"-?[\d,]*\d(?:\.\d+)?"
TAG = r"R\d+"


def words(pattern: str) -> Any:
    return parsers.re(pattern)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def table(rows: Table) -> Iterator[dict[str, str]]:
    head, *body = rows
    return (dict(zip(head, row, strict=True)) for row in body)


def listed(text: str) -> list[str]:
    return text.replace(" and ", ", ").replace(" or ", ", ").split(", ")
