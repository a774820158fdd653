"""`rekha dry-run`: which policies would fire on some readings, which not, why, and how far each is from its line."""

import argparse
import sys
from collections.abc import Mapping

from engine.cli import exits
from engine.cli.dry_run_text import write_account
from engine.cli.inputs import MisuseError, Watched, watched
from engine.cli.output import complain, write, write_findings, write_json
from engine.cli.trace_json import result_as_json
from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.domain.account import Account
from engine.domain.enums import Verdict
from engine.errors import EngineError, PolicyErrors
from engine.facts.catalogue import CATALOGUE
from engine.policy.findings import Finding
from engine.policy.load import Loaded
from engine.policy.program import Program
from engine.runtime.desk import DeskFile, read_desk, resolve_desk
from engine.runtime.policy_files import load_policies


def run(arguments: argparse.Namespace) -> int:
    """Return 2 on misuse, 1 on errors, 3 for fires or pending, 4 when an acting policy is unknown, else 0."""
    try:
        desk_file = read_desk(arguments.desk) if arguments.desk else None
        loaded = load_policies([_policies(arguments, desk_file)])
        if loaded.has_errors:
            write_findings(loaded.findings, dict(loaded.texts), sys.stderr)
            return exits.ERRORS
        accounts = resolve_desk(desk_file, loaded.program).accounts if desk_file is not None else None
        seen = watched(arguments, accounts)
    except MisuseError as error:
        complain(str(error))
        return exits.MISUSE
    except PolicyErrors as error:
        show_desk_errors(error)
        return exits.ERRORS
    except EngineError as error:
        complain(str(error))
        return exits.ERRORS
    evaluations = {one.account.id: last_evaluation(loaded.program, one) for one in seen}
    _show(arguments.format, loaded, seen, evaluations)
    return exit_code(evaluations)


def show_desk_errors(error: PolicyErrors) -> None:
    """Write a desk file's errors with their lines to standard error."""
    for item in error.findings:
        finding, text = item if isinstance(item, tuple) else (item, "")
        assert isinstance(finding, Finding)
        write_findings([finding], {finding.place.file: text}, sys.stderr)


def last_evaluation(program: Program, seen: Watched) -> Evaluation:
    """Return the evaluation of an account's last reading, all earlier ones folded in; nothing is sent."""
    state = AccountState()
    for snapshot in seen.readings:
        evaluation = evaluate(program, seen.account, snapshot, state, snapshot.taken_at, CATALOGUE)
        state = evaluation.next_state
    if seen.at is not None and seen.at > seen.readings[-1].taken_at:
        evaluation = evaluate(program, seen.account, seen.readings[-1], state, seen.at, CATALOGUE)
    return evaluation


def exit_code(evaluations: Mapping[str, Evaluation]) -> int:
    """Return 3 when something fires or is pending, 4 when an acting policy is unknown, else 0."""
    results = [result for evaluation in evaluations.values() for result in evaluation.results]
    if any(result.verdict in (Verdict.FIRES, Verdict.PENDING) for result in results):
        return exits.FIRES
    if any(result.verdict is Verdict.UNKNOWN and result.is_acting for result in results):
        return exits.UNKNOWN
    return exits.OK


def _policies(arguments: argparse.Namespace, desk: DeskFile | None) -> str:
    if arguments.policies:
        return str(arguments.policies)
    if desk is None:
        raise MisuseError("name the policies: --policies PATH, or --desk DIR")
    return str(desk.policies)


def _show(form: str, loaded: Loaded, seen: tuple[Watched, ...], evaluations: Mapping[str, Evaluation]) -> None:
    if form == "json":
        rows = [
            result_as_json(result, evaluations[one.account.id].view)
            for one in seen
            for result in evaluations[one.account.id].results
        ]
        write_json(rows)
        return
    names = ", ".join(account.id for account in _accounts(seen))
    write(f"dry run of {len(loaded.program.policies)} policies on {names}: nothing is sent")
    for one in seen:
        write()
        write_account(one, evaluations[one.account.id])


def _accounts(seen: tuple[Watched, ...]) -> list[Account]:
    return [one.account for one in seen]
