"""`rekha why`: one decision as it was made: its sentences with their numbers, the books behind it, what came of it."""

import argparse
from contextlib import suppress
from datetime import datetime
from typing import Any

from engine.cli import exits
from engine.cli.dry_run_text import explained, unread_lines
from engine.cli.journal_place import place_from
from engine.cli.output import complain, report_error, write, write_json
from engine.cli.trace_json import trace_as_json
from engine.core.decision_form import believed_books, trace_of
from engine.core.evaluate import AccountState, perceive
from engine.domain.account import Account
from engine.domain.journal import DecisionRecord, OutcomeRecord
from engine.errors import EngineError
from engine.facts.base import View
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.live import unread
from engine.runtime.policy_files import load_policies
from engine.stores.columns import utc_text
from engine.stores.looks import look_at_outcomes, look_for_decisions

_MOST = 20
# As many signs of a key tell decisions apart.
SHORT = 12


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the decision was found, 1 when the journal cannot be read, 2 when none or several are meant."""
    try:
        place = place_from(arguments)
        found = look_for_decisions(place, arguments.decision, _MOST)
        if not arguments.decision:
            return _list(found, arguments.format)
        if len(found) != 1:
            return _which(arguments.decision, found)
        outcomes = look_at_outcomes(place, found[0].key)
    except EngineError as error:
        return report_error(error)
    account = _account(arguments.desk, found[0].account)
    if arguments.format == "json":
        write_json(_as_json(found[0], outcomes, _view(found[0], account)))
    else:
        _tell(found[0], outcomes, _view(found[0], account))
    return exits.OK


def headline(record: DecisionRecord, account: Account) -> str:
    """Return a decision in one line."""
    row = f" [{record.row}]" if record.row else ""
    at = record.decided_at.astimezone(account.zone)
    mode = record.mode.value
    return f"{record.key[:SHORT]}  {at:%Y-%m-%d %H:%M:%S %Z}  {record.account}: {record.policy}{row} fires ({mode})"


def _list(found: tuple[DecisionRecord, ...], form: str) -> int:
    if form == "json":
        write_json([{"key": one.key, "account": one.account, "policy": one.policy} for one in found])
        return exits.OK
    for one in found:
        write(headline(one, Account(one.account)))
    if not found:
        write("nothing was decided yet")
    return exits.OK


def _which(key: str, found: tuple[DecisionRecord, ...]) -> int:
    if not found:
        complain(f"no decision's key begins with {key!r}; `rekha why` alone lists the last ones")
        return exits.MISUSE
    complain(f"several decisions' keys begin with {key!r}:")
    for one in found:
        complain(headline(one, Account(one.account)))
    return exits.MISUSE


def _account(desk: str, name: str) -> Account:
    """Return the account as the desk has it now, for its currency and zone; without a desk, the usual ones."""
    with suppress(EngineError):
        file = read_desk(desk)
        program = load_policies([str(file.policies)], file.currencies).require()
        return resolve_desk(file, program).accounts.get(name) or Account(name)
    return Account(name)


def _view(record: DecisionRecord, account: Account) -> View:
    books = believed_books(record) or unread(record.account, record.decided_at, "a rule about a group reads no book")
    return perceive(account, books, AccountState(), record.decided_at)[1]


def _tell(record: DecisionRecord, outcomes: tuple[OutcomeRecord, ...], view: View) -> None:
    write(headline(record, view.account))
    write(f"  {record.because}")
    if record.trace:
        for line in explained(trace_of(record), view, 1):
            write(line)
    if record.reading:
        for line in unread_lines(view.snapshot):
            write(f"  {line}")
    write(f"  by the policy set {record.policy_set[:SHORT]}, for {record.period or 'ever'}")
    write()
    for number, (_, pointer, words) in enumerate(record.actions, start=1):
        write(f"  {number} {words}")
        own = [one for one in outcomes if one.step == pointer]
        for one in own:
            write(f"      {_clock(one.at, view)} {one.result}{_more(one)}")
        if not own:
            write("      nothing is written of it yet")


def _more(one: OutcomeRecord) -> str:
    told = [f"{name} {text}" for name, text in one.details.items() if name not in ("action", "words")]
    return f": {', '.join(told)}" if told else ""


def _clock(at: datetime, view: View) -> str:
    return f"{at.astimezone(view.account.zone):%H:%M:%S}"


def _as_json(record: DecisionRecord, outcomes: tuple[OutcomeRecord, ...], view: View) -> dict[str, Any]:
    return {
        "key": record.key,
        "account": record.account,
        "policy": record.policy,
        "row": record.row,
        "period": record.period,
        "mode": record.mode.value,
        "decided_at": utc_text(record.decided_at),
        "because": record.because,
        "policy_set": record.policy_set,
        "steps": [{"action": name, "path": pointer, "words": words} for name, pointer, words in record.actions],
        "outcomes": [
            {"step": one.step, "result": one.result, "at": utc_text(one.at), "details": dict(one.details)}
            for one in outcomes
        ],
        "trace": trace_as_json(trace_of(record), view) if record.trace else None,
    }
