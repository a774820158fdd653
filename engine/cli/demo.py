"""`rekha demo`: the dry run over a bundled recorded day, told as a story and held to its expected verdicts."""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.brokers.readings import read
from engine.cli import exits
from engine.cli.dry_run_text import write_account
from engine.cli.inputs import Watched, with_answer_times
from engine.cli.output import report_error, write, write_findings
from engine.cli.tried import try_out
from engine.core.env import AccountEnv
from engine.core.evaluate import Evaluation
from engine.domain.account import Account
from engine.domain.enums import Verdict
from engine.domain.kinds import show
from engine.domain.snapshot import Snapshot
from engine.errors import EngineError, SettingsError
from engine.facts.catalogue import CATALOGUE
from engine.policy.program import Program
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.policy_files import load_policies
from engine.runtime.recorded_day import RecordedDay, RecordedReading, demo_day_dir, read_day

# Loudest first: what a policy with one row a position is reduced to in a table.
_LOUDNESS = (Verdict.FIRES, Verdict.PENDING, Verdict.UNKNOWN, Verdict.LATCHED, Verdict.COOLING, Verdict.CLEAR)
_TOLD = ("loss", "open_positions", "stop_loss_hit")
_WIDTH = 110
_INDENT = " " * 10


@dataclass(frozen=True, slots=True)
class Played:
    """One reading of the day after its evaluation. seen: the loudest verdict of each policy over its rows."""

    recorded: RecordedReading
    watched: Watched
    evaluation: Evaluation
    seen: Mapping[str, Verdict]

    @property
    def differs(self) -> tuple[str, ...]:
        """The policies whose verdict is not the expected one, or is not told by the manifest, or not given at all."""
        names = dict.fromkeys((*self.seen, *self.recorded.expect))
        return tuple(name for name in names if self.seen.get(name) is not self.recorded.expect.get(name))


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the day gave its expected verdicts, else 1, whatever a dry run of it would return."""
    return play(demo_day_dir())


def play(folder: Path) -> int:
    """Play the recorded day of a folder; the codes are those of `run`."""
    try:
        day = read_day(folder)
        desk_file = read_desk(str(day.desk))
        loaded = load_policies([str(desk_file.policies)], desk_file.currencies)
        if loaded.has_errors:
            write_findings(loaded.findings, dict(loaded.texts), sys.stderr)
            return exits.ERRORS
        accounts = resolve_desk(desk_file, loaded.program).accounts
        played = played_day(day, loaded.program, accounts)
    except EngineError as error:
        report_error(error)
        return exits.ERRORS
    return _tell(day, loaded.program, played)


def played_day(day: RecordedDay, program: Program, accounts: Mapping[str, Account]) -> tuple[Played, ...]:
    """
    Return every reading with what the dry run makes of it and of the readings of its account before it.

    Raises: SettingsError for an account the desk does not have, or a reply that fails and is not said to.
    """
    before: dict[str, tuple[Snapshot, ...]] = {}
    played = []
    for recorded in day.readings:
        account = accounts.get(recorded.account)
        if account is None:
            raise SettingsError(f"the account {recorded.account!r} is not in the desk {day.desk}")
        readings = (*before.get(account.id, ()), _snapshot(recorded, account))
        before[account.id] = readings
        watched = Watched(account, readings, None, "the recorded day")
        evaluation = try_out(program, (watched,), {}).evaluations[watched.account.id]
        played.append(Played(recorded, watched, evaluation, _loudest(evaluation)))
    return tuple(played)


def _snapshot(recorded: RecordedReading, account: Account) -> Snapshot:
    reading = read(account.profile.broker, account.id, recorded.bodies, recorded.at)
    failed = dict(reading.failures)
    if failed.keys() != recorded.fails:
        told = "; ".join(str(error) for error in failed.values()) or "nothing failed"
        expected = ", ".join(sorted(recorded.fails)) or "nothing"
        raise SettingsError(f"{recorded.at.isoformat()} {account.id}: {told}; the day says {expected} fails")
    return with_answer_times(reading.snapshot, recorded.at)


def _loudest(evaluation: Evaluation) -> dict[str, Verdict]:
    seen: dict[str, Verdict] = {}
    for result in evaluation.results:
        if result.verdict is None:
            continue
        name, known = result.policy.name, seen.get(result.policy.name)
        seen[name] = result.verdict if known is None else min(known, result.verdict, key=_LOUDNESS.index)
    return seen


def _tell(day: RecordedDay, program: Program, played: tuple[Played, ...]) -> int:
    write(f"{day.title}.")
    write(f"All of it is made up. {len(program.policies)} policies watch it; nothing is sent.")
    for one in played:
        write()
        for line in _story(one):
            write(line)
    for one in played:
        if one.recorded.in_full:
            write()
            count = len(one.watched.readings)
            write(f"The last of these as `rekha dry-run` shows it, reading {count} of {one.watched.account.id}:")
            write()
            write_account(one.watched, one.evaluation)
    write()
    for line in _table(program, played):
        write(line)
    wrong = [(one, name) for one in played for name in one.differs]
    write()
    for one, name in wrong:
        seen, expected = one.seen.get(name), one.recorded.expect.get(name)
        write(f"{_clock(one)} {one.watched.account.id} {name}: expected {_word(expected)}, seen {_word(seen)}")
    count = sum(len(one.recorded.expect) for one in played)
    result = f"{len(wrong)} not as expected" if wrong else "all seen"
    write(f"{len(played)} readings, {count} verdicts expected, {result}.")
    if wrong:
        return exits.ERRORS
    write("Rekha has decided and explained; it sends nothing. To make a desk of your own: rekha init my-desk")
    return exits.OK


def _story(one: Played) -> Iterator[str]:
    head = f"{_clock(one)}  "
    yield from textwrap.wrap(
        f"{one.watched.account.id}: {one.recorded.tells}", _WIDTH, initial_indent=head, subsequent_indent=_INDENT
    )
    env = AccountEnv(one.evaluation.view, CATALOGUE, {})
    account = one.watched.account
    facts = ", ".join(
        f"{name} {show(env.fact(name), CATALOGUE.facts[name].type, account.currency, account.zone)}" for name in _TOLD
    )
    yield from textwrap.wrap(facts, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    loud = [name for name, verdict in one.seen.items() if verdict is not Verdict.CLEAR]
    for name in loud:
        yield f"{_INDENT}{one.seen[name].value.upper():<8} {name}{_alerts(one, name)}"
    if len(loud) < len(one.seen):
        yield f"{_INDENT}clear    {'the others' if loud else f'all {len(one.seen)} policies'}"


def _alerts(one: Played, name: str) -> str:
    """What the policy would do about what it does not know; the actions of what fires stand in the full text."""
    for result in one.evaluation.results:
        if result.policy.name == name and result.verdict is Verdict.UNKNOWN and result.would:
            return f": would {'; '.join(result.would)}"
    return ""


def _table(program: Program, played: tuple[Played, ...]) -> Iterator[str]:
    policies = dict.fromkeys(
        (*(policy.name for policy in program.policies), *(n for one in played for n in one.differs))
    )
    width = max(len(name) for name in policies)
    columns = [[_clock(one), one.watched.account.id, *(_cell(one, name) for name in policies)] for one in played]
    widths = [max(len(cell) for cell in column) for column in columns]
    heads = ["verdicts expected and seen", "", *policies]
    width = max(width, len(heads[0]))
    for number, head in enumerate(heads):
        cells = [column[number].ljust(size) for column, size in zip(columns, widths, strict=True)]
        yield "  ".join([head.ljust(width), *cells]).rstrip()


def _cell(one: Played, name: str) -> str:
    seen, expected = one.seen.get(name), one.recorded.expect.get(name)
    return _word(seen) if seen is expected else f"{_word(seen)}, not {_word(expected)}"


def _word(verdict: Verdict | None) -> str:
    return "none" if verdict is None else verdict.value


def _clock(one: Played) -> str:
    return f"{one.recorded.at.astimezone(one.watched.account.zone):%H:%M:%S}"
