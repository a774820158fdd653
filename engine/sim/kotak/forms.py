"""Reading a request's body: the form with its one field `jData`, and the login's plain JSON."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import parse_qsl

from engine.domain.numbers import exact

_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_FORM = "application/x-www-form-urlencoded"


def read_form(content_type: str, body: bytes) -> Mapping[str, str] | None:
    """Return the object of `jData`; None unless it stands alone in a form and every value of it is a text."""
    if content_type.partition(";")[0].strip().lower() != _FORM:
        return None
    try:
        fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        return None
    if [name for name, _ in fields] != ["jData"]:
        return None
    found = read_object(fields[0][1])
    if found is None or not all(isinstance(value, str) for value in found.values()):
        return None
    return {name: str(value) for name, value in found.items()}


def read_object(text: str | bytes) -> Mapping[str, object] | None:
    """Return the object a JSON text spells; None when it spells none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def number_in(form: Mapping[str, str], name: str, absent: str = "0") -> Decimal | None:
    """Return a number of a form that is not below zero; None when it is none, or a zero spelt otherwise than `0`."""
    text = form.get(name, absent)
    if not _NUMBER.fullmatch(text):
        return None
    try:
        number = exact(text)
    except ValueError:
        return None
    return number if number or text == "0" else None
