"""`rekha dry-run`: which policies would fire on some readings, which not, why, and how far each is from its line."""

import argparse
import sys
from collections.abc import Mapping

from engine.cli import exits
from engine.cli.blast_text import Beyond, beyond_radius
from engine.cli.dry_run_text import write_account
from engine.cli.inputs import Watched, check_fit, say_from_when, watched
from engine.cli.output import counted, report_error, write, write_findings, write_json
from engine.cli.trace_json import evaluation_as_json
from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.domain.account import Account
from engine.domain.enums import Verdict
from engine.errors import EngineError, MisuseError, SettingsError
from engine.policy.findings import Level
from engine.policy.load import Loaded
from engine.policy.program import Program
from engine.policy.scope import USUAL_CURRENCIES
from engine.runtime.desk import DeskFile, read_desk, resolve_desk
from engine.runtime.policy_files import load_policies


def run(arguments: argparse.Namespace) -> int:
    """Return 2 on misuse, 1 on errors, 3 for fires or pending, 4 when an acting policy is unknown, else 0."""
    loaded: Loaded | None = None
    try:
        check_fit(arguments)
        desk_file = read_desk(arguments.desk) if arguments.desk else None
        loaded = _policies(arguments, desk_file)
        whole = not arguments.policies and not loaded.has_errors
        desk = resolve_desk(desk_file, loaded.program, whole=whole) if desk_file is not None else None
        seen = watched(arguments, desk.accounts if desk is not None else None)
    except EngineError as error:
        code = report_error(error)
        if code == exits.ERRORS and loaded is not None:
            _show_errors(loaded)
        return code
    if loaded.has_errors:
        _show_errors(loaded)
        return exits.ERRORS
    slots = {one.account.id: all_evaluations(loaded.program, one) for one in seen}
    evaluations = {account: found[-1] for account, found in slots.items()}
    accounts = desk.accounts.values() if desk is not None else _accounts(seen)
    decisions = [decision for found in slots.values() for slot in found for decision in slot.decisions]
    _show(arguments.format, loaded, seen, evaluations, beyond_radius(loaded.program, accounts, decisions))
    return exit_code(evaluations)


def all_evaluations(program: Program, seen: Watched) -> tuple[Evaluation, ...]:
    """Return the evaluation of each of an account's readings, earlier ones folded in; nothing is sent."""
    state, found = AccountState(), []
    looks = [(snapshot, snapshot.taken_at) for snapshot in seen.readings]
    if seen.at is not None and seen.at > seen.readings[-1].taken_at:
        looks.append((seen.readings[-1], seen.at))
    for snapshot, at in looks:
        found.append(evaluate(program, seen.account, snapshot, state, at))
        state = found[-1].next_state
    return tuple(found)


def exit_code(evaluations: Mapping[str, Evaluation]) -> int:
    """Return 3 when something fires or is pending, 4 when an acting policy is unknown, else 0."""
    results = [result for evaluation in evaluations.values() for result in evaluation.results]
    if any(result.verdict in (Verdict.FIRES, Verdict.PENDING) for result in results):
        return exits.FIRES
    if any(result.verdict is Verdict.UNKNOWN and result.is_acting for result in results):
        return exits.UNKNOWN
    return exits.OK


def _policies(arguments: argparse.Namespace, desk: DeskFile | None) -> Loaded:
    if not arguments.policies and desk is None:
        raise MisuseError("name the policies: --policies PATH, or --desk DIR")
    currencies = desk.currencies if desk is not None else USUAL_CURRENCIES
    if arguments.policies:
        place = str(arguments.policies)
        loaded = load_policies([place], currencies)
    else:
        assert desk is not None
        place = str(desk.policies)
        try:
            loaded = load_policies([place], currencies)
        except MisuseError as error:
            # Not the command line but the desk file is what leads nowhere.
            raise SettingsError(f"{desk.root.place.file}: policies: {error}") from None
    if not loaded.program.policies and not loaded.has_errors:
        raise MisuseError(f"{place}: there is no policy to try")
    return loaded


def _show_errors(loaded: Loaded) -> None:
    errors = [finding for finding in loaded.findings if finding.level is Level.ERROR]
    write_findings(errors, loaded.texts, sys.stderr)


def _show(
    form: str, loaded: Loaded, seen: tuple[Watched, ...], evaluations: Mapping[str, Evaluation], beyond: Beyond
) -> None:
    if form == "json":
        write_json([row for one in seen for row in evaluation_as_json(evaluations[one.account.id], beyond)])
        say_from_when(seen)
        return
    names = ", ".join(account.id for account in _accounts(seen))
    tried = counted(len(loaded.program.policies), "policy", "policies")
    write(f"dry run of {tried} on {names}: nothing is sent")
    for one in seen:
        write()
        write_account(one, evaluations[one.account.id], beyond)


def _accounts(seen: tuple[Watched, ...]) -> list[Account]:
    return [one.account for one in seen]
