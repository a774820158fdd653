"""`rekha log`: what was decided, done, asked and met, in the order of time, from the audit chains of the journal."""

import argparse
import asyncio
import json
from typing import Any

from engine.cli import exits
from engine.cli.journal_place import place_from
from engine.cli.output import report_error, write
from engine.cli.why import SHORT
from engine.domain.account import Account
from engine.domain.journal import Command, Event, EventKind, Head, OutcomeRecord
from engine.domain.serial import form_of, plain_of
from engine.errors import EngineError
from engine.stores.columns import utc_text
from engine.stores.database import Place
from engine.stores.looks import look_at_events, look_at_heads, look_further

_AGAIN_SECONDS = 0.5
_OUTCOME = form_of(OutcomeRecord)
_COMMAND = form_of(Command)


def run(arguments: argparse.Namespace) -> int:
    """Return 0, 1 when the journal cannot be read, 2 on misuse."""
    try:
        place = place_from(arguments)
        heads = look_at_heads(place)
        found = look_at_events(place, arguments.account, arguments.last)
        _show(found, arguments.format)
        if arguments.follow:
            asyncio.run(_follow(place, arguments.account, arguments.format, heads, found))
    except KeyboardInterrupt:
        return exits.OK
    except EngineError as error:
        return report_error(error)
    return exits.OK


async def _follow(
    place: Place, account: str | None, form: str, heads: tuple[Head, ...], found: tuple[Event, ...]
) -> None:
    seen = {one.chain: one.seq for one in heads}
    for one in found:
        seen[one.chain] = max(seen.get(one.chain, 0), one.seq)
    while True:
        await _pause()
        new = look_further(place, seen, account)
        for one in new:
            seen[one.chain] = one.seq
        _show(new, form)


async def _pause() -> None:
    await asyncio.sleep(_AGAIN_SECONDS)


def _show(events: tuple[Event, ...], form: str) -> None:
    for one in events:
        write(json.dumps(_as_json(one), ensure_ascii=False) if form == "json" else line_of(one))


def line_of(event: Event) -> str:
    """Return an event as one line."""
    account = Account(event.chain)
    at = event.at.astimezone(account.zone)
    return f"{at:%Y-%m-%d %H:%M:%S} {event.chain or 'the engine':<12} {_WORDS[event.kind](event, plain_of(event.body))}"


def _decision(event: Event, body: dict[str, Any]) -> str:
    row = f" [{body['row']}]" if body.get("row") else ""
    steps = "; ".join(words for _, _, words in body["actions"])
    return f"{body['policy']}{row} fires ({body['mode']}): {body['because']}; {steps}  [{event.subject[:SHORT]}]"


def _outcome(event: Event, body: Any) -> str:
    found: OutcomeRecord = _OUTCOME.decode(body)
    words = found.details.get("words") or found.step
    rest = ", ".join(text for name, text in found.details.items() if name not in ("action", "words"))
    return f"{found.result} {words}{f' ({rest})' if rest else ''}  [{event.subject[:SHORT]}]"


def _command(_: Event, body: Any) -> str:
    found: Command = _COMMAND.decode(body)
    why = f" ({found.why})" if found.why else ""
    return f"{found.who} asks: {found.kind}{why}: {found.result or found.state.value}"


def _note(event: Event, body: dict[str, Any]) -> str:
    told = ", ".join(f"{name} {text}" for name, text in body.items() if name != "word" and text)
    return f"{body['word']} {event.subject}{f': {told}' if told else ''}"


_WORDS = {
    EventKind.DECISION: _decision,
    EventKind.OUTCOME: _outcome,
    EventKind.COMMAND: _command,
    EventKind.POLICY_SET: lambda event, _: f"the policy set {event.subject[:SHORT]} is in force",
    EventKind.LEASE: lambda _, body: f"watched by {body['holder']}",
    EventKind.NOTE: _note,
}


def _as_json(event: Event) -> dict[str, Any]:
    return {
        "at": utc_text(event.at),
        "chain": event.chain,
        "seq": event.seq,
        "kind": event.kind.value,
        "subject": event.subject,
        "body": plain_of(event.body),
    }
