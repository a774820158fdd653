"""One slip of an author is one error: at the right place, saying what would be right, and nothing after it."""

import pytest

from engine.facts.catalogue import CATALOGUE
from engine.policy.findings import Finding, Level
from engine.policy.load import Loaded, Source, load
from engine.runtime.policy_files import LATER

_VALUES = """\
loss_limit: 10,000 INR
lots_cap: {NIFTY: 20, BANKNIFTY: 15}
"""
_CALENDAR = """\
years: [2026, 2027]
events:
  budget: [2027-02-01 11:00]
"""
_KEYS = {
    "policy": "p",
    "title": "t",
    "severity": "critical",
    "accounts": "all",
    "when": "loss >= loss_limit",
    "confirm": "{samples: 2, at_least: 3s}",
    "on_unknown": "{alert: after 10s}",
    "once": "per account per day",
    "then": "\n  - square_off: all",
    "because": "'Loss {loss}'",
}


def _loaded(keys: dict[str, str], calendar: str = _CALENDAR) -> Loaded:
    text = "".join(f"{key}: {value}\n" for key, value in {**_KEYS, **keys}.items())
    files = {"calendar.yaml": calendar, "p.yaml": text, "values.yaml": _VALUES}
    return load([Source(name, data.encode()) for name, data in files.items()], CATALOGUE, LATER)


def _errors(loaded: Loaded) -> list[Finding]:
    return [finding for finding in loaded.findings if finding.level is Level.ERROR]


def _under_caret(loaded: Loaded, finding: Finding) -> str:
    place = finding.place
    line = loaded.texts[place.file].splitlines()[place.line - 1]
    return line[place.column - 1 :][: place.length]


_LET = "\n  x:\n    default: 5k\n    cases:\n      - {}: weekday == TUE\n        {}: 3k"
_EXIT = "\n  - exit_position: this"
_BLOCK = "\n  - block_entries: {underlying: this}"
_SLIPS = [
    ({"let": _LET.format("when", "use"), "when": "loss >= x"}, "unknown-key", "when", "'if'"),
    ({"let": _LET.format("if", "then"), "when": "loss >= x"}, "unknown-key", "then", "'use'"),
    ({"let": "\n  - x: 5k", "when": "loss >= x"}, "wrong-shape", "let", "values of this policy"),
    ({"let": "{X: 5k}", "when": "loss >= X"}, "bad-name", "X", "underscores"),
    ({"let": "{spot: 5k}", "when": "loss >= spot"}, "shadowed-value", "spot", "another name"),
    ({"let": "{x: {default: 0, A: 5k}}", "when": "loss >= x('B')"}, "always-true", "loss >= x('B')", "positive"),
    ({"when": "any(p.lots > lots_cap.NIFTY for p in positions)"}, "table-without-key", "lots_cap.NIFTY", "('NIFTY')"),
    ({"when": "any(p.lots > lots_cap['NIFTY'] for p in positions)"}, "not-in-the-language", None, "a table is asked"),
    ({"when": "any(p.lots > lot_cap('NIFTY') for p in positions)"}, "unknown-function", None, "'lots_cap'"),
    ({"when": "event_day(budget)"}, "unknown-fact", "budget", "quotes: 'budget'"),
    ({"when": "spot(NIFTY) > 5k"}, "unknown-fact", "NIFTY", "quotes: 'NIFTY'"),
    ({"when": "move(NIFTY, 5m) > 1%"}, "unknown-fact", "NIFTY", "quotes: 'NIFTY'"),
    ({"when": "stop_loss_hit == yes"}, "unknown-fact", "yes", "leave the comparison out"),
    ({"when": "LOSS >= 5k"}, "unknown-fact", "LOSS", "'loss'"),
    ({"when": "any(o.status == rejected for o in orders)"}, "unknown-word", "rejected", "'REJECTED'"),
    ({"when": "any(o.side == buy for o in orders)"}, "unknown-word", "buy", "'BUY'"),
    ({"when": "time > '14:45'"}, "type-mismatch", None, "in quotes"),
    ({"when": "weekday in (TUE, THU)"}, "not-in-the-language", None, "[TUE, THU]"),
    ({"when": "positions.loss > 5k"}, "unknown-fact", "positions.loss", "ask any(p.loss"),
    ({"when": "loss_limit.x > 5k"}, "unknown-fact", "loss_limit.x", "loss_limit alone"),
    ({"when": "unknown_for(mtm) > 5k"}, "type-mismatch", None, "30s or 30m"),
    ({"when": "mtm <= 0"}, "fires-without-loss", "mtm <= 0", "loss >= loss_limit"),
    ({"during": "{evnt: budget, from: -15m, to: 30m}"}, "unknown-key", "evnt", "'event'"),
    ({"during": "{from: 14:45}"}, "missing-key", "during", "15:30"),
    ({"levels": "{warn: {when: loss > 1}}"}, "wrong-shape", "levels", "a list"),
    ({"then": "kill_switch"}, "wrong-shape", "kill_switch", "a list"),
    ({"then": "\n  - block_entries: {until: 25:00}"}, "wrong-value", "25:00", "a time (15:30)"),
    ({"then": "\n  - block_entries: {until: 0s}"}, "wrong-value", "0s", "30m"),
    ({"then": "\n  - cancel_orders:"}, "empty-value", "cancel_orders", "cancel_orders: entries"),
    ({"then": "\n  - logout: {when: now}"}, "wrong-shape", "logout", "logout: after_watch"),
    ({"then": "\n  - exit_position: all"}, "not-a-choice", "all", "exit_position: this"),
    ({"then": "\n  - square_off: {where: is_short}"}, "unknown-fact", "is_short", "position.is_short"),
    ({"then": "\n  - square_off: {where: p.is_short}"}, "unknown-fact", "p.is_short", "position.is_short"),
    ({"let": "{x: TUE}", "when": "loss >= x"}, "unknown-fact", "TUE", "in the sentence itself"),
    ({"let": "{x: 'NIFTY'}", "when": "loss >= x"}, "unknown-fact", None, "sentence itself"),
    ({"confirm": "{at_least: 24h}"}, "never-confirmed", "24h", "30s"),
    ({"during": "{from: 15:00, to: 15:20}", "confirm": "{at_least: 20m}"}, "never-confirmed", "20m", "30s"),
    ({"confirm": "{samples: 2, at_once_beyond: loss}"}, "wrong-value", "loss", "200% of loss_limit"),
    ({"confirm": "{samples: 2, at_once_beyond: -5k}"}, "always-true", "-5k", "positive"),
    ({"on_unknown": "{fire: after 0s}"}, "wrong-value", "after 0s", "after 30s"),
    ({"when": "loss > 5k and profit > 5k"}, "impossible", "profit > 5k", "any:"),
    ({"when": "mtm < -5k and mtm > 5k"}, "impossible", "mtm > 5k", "any:"),
    ({"clear_when": "{none: []}"}, "empty-block", "none", "not one holds"),
    (
        {"for_each": "[position]", "when": "position.loss > 5k", "once": "per position per day", "then": _EXIT},
        "wrong-shape",
        "for_each",
        "every row",
    ),
    (
        {"for_each": "yes", "when": "underlying.loss > 5k", "once": "per underlying per day", "then": _BLOCK},
        "not-a-choice",
        "yes",
        "position",
    ),
    ({"examples": "\n  - given: {los: 5}\n    expect: true"}, "example-unused", None, ""),
]


@pytest.mark.parametrize(("keys", "code", "under", "hint"), _SLIPS, ids=lambda part: str(part)[:60])
def test_one_slip_is_one_error(keys: dict[str, str], code: str, under: str | None, hint: str) -> None:
    loaded = _loaded(keys)
    (found,) = _errors(loaded)
    assert found.code == code
    assert under is None or _under_caret(loaded, found) == under
    assert hint in (found.hint or "")


@pytest.mark.parametrize(
    ("calendar", "code", "hint"),
    [
        ("", "empty-file", "years: [2026]"),
        ("- 2026\n", "wrong-shape", "years: [2026]"),
        ("events: {budget: [2027-02-01 11:00]}\n", "missing-key", "years"),
        ("year: [2027]\nevents: {budget: [2027-02-01 11:00]}\n", "unknown-key", "'years'"),
        ("years: [2027]\nevent: {budget: [2027-02-01 11:00]}\n", "unknown-key", "'events'"),
        ("years: 2027\nevents: {budget: [2027-02-01 11:00]}\n", "wrong-shape", "a list"),
        ("years: [27]\nevents: {budget: [2027-02-01 11:00]}\n", "wrong-value", "2026"),
        ("years: [2027]\nevents: [budget]\n", "wrong-shape", "events by name"),
        ("years: [2027]\nevents: {Budget: [2027-02-01]}\n", "bad-name", "hyphens"),
    ],
)
@pytest.mark.parametrize(
    "keys",
    [{"when": "event_day('budget') and loss >= 5k"}, {"during": "{event: budget, from: -15m, to: 30m}"}],
    ids=["asked", "window"],
)
def test_a_calendar_that_cannot_be_read_is_told_of_once(
    keys: dict[str, str], calendar: str, code: str, hint: str
) -> None:
    loaded = _loaded(keys, calendar)
    (found,) = _errors(loaded)
    assert (found.code, found.place.file) == (code, "calendar.yaml")
    assert hint in (found.hint or "")


def test_a_level_out_of_order_is_shown_where_it_stands() -> None:
    levels = "".join(
        f"\n  - {{name: {name}, when: 'loss >= {line}', then: [notify: telegram]}}"
        for name, line in (("warn", "80% of loss_limit"), ("block", "60% of loss_limit"))
    )
    loaded = _loaded({"levels": levels})
    (found,) = [finding for finding in loaded.findings if finding.code == "ladder-order"]
    assert _under_caret(loaded, found) == "loss >= 60% of loss_limit"
    assert "'loss >= 80% of loss_limit' the tighter" in found.message


def test_all_over_no_rows_is_warned_of_once() -> None:
    loaded = _loaded({"when": "all(p.is_short for p in positions)"})
    assert [finding.code for finding in loaded.findings] == ["all-over-no-rows"]


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("loss == loss_limit", ["exact-value"]),
        ("loss in [5k, 6k]", ["exact-value"]),
        ("time == 15:20", ["exact-value"]),
        ("margin_used_pct == 90%", ["exact-value"]),
        ("realized_pnl != 5k", []),
        ("open_positions == 3", []),
        ("weekday == TUE", []),
        ("any(p.strike == 24000 for p in positions)", []),
        ("any(p.last_price == p.bid for p in positions)", []),
        ("any(p.last_price == 0 for p in positions)", []),
    ],
)
def test_what_moves_is_hardly_meant_to_be_one_exact_value(when: str, codes: list[str]) -> None:
    loaded = _loaded({"when": when, "then": "[notify: telegram]"})
    assert [finding.code for finding in loaded.findings if finding.code != "fires-without-loss"] == codes


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("stop_loss_hit and not stop_loss_hit", "'not stop_loss_hit' and 'stop_loss_hit' are never true together"),
        ("not (loss < 5k) and loss < 4k", "'loss < 4k' and 'not loss < 5k' are never true together"),
    ],
)
def test_what_stands_under_a_not_is_told_with_it(when: str, message: str) -> None:
    assert [found.message for found in _loaded({"when": when}).findings] == [message]


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({"then": "[square_off: hedges, square_off: shorts]"}, ["dangerous-order"]),
        ({"then": "[square_off: hedges, square_off: all, kill_switch]"}, ["dangerous-order"]),
        ({"then": "[square_off: shorts, square_off: hedges]"}, []),
        ({"when": "order_budget_left < 100"}, []),
        ({"when": "open_positions < 1"}, ["fires-on-empty-book"]),
        ({"when": "loss > 5k and mtm > -8k"}, []),
        ({"when": "loss >= 5k and profit >= 0"}, None),
        ({"confirm": "{at_least: 6h}"}, []),
        ({"confirm": "{samples: 2, at_once_beyond: 5% of capital}"}, []),
    ],
    ids=lambda part: str(part)[:70],
)
def test_what_is_warned_of_and_what_is_not(keys: dict[str, str], codes: list[str] | None) -> None:
    found = [finding.code for finding in _loaded(keys).findings]
    assert "impossible" not in found if codes is None else found == codes
