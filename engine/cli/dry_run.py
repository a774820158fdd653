"""`rekha dry-run`: which policies would fire on some readings, which not, why, and how far each is from its line."""

import argparse
import sys

from engine.cli import exits
from engine.cli.blast_text import Beyond, beyond_radius
from engine.cli.dry_run_text import write_account
from engine.cli.groups_text import write_group
from engine.cli.inputs import Watched, check_fit, say_from_when, watched
from engine.cli.output import counted, report_error, write, write_findings, write_json
from engine.cli.trace_json import tried_as_json
from engine.cli.tried import Tried, try_out
from engine.domain.enums import Verdict
from engine.errors import EngineError, MisuseError, SettingsError
from engine.policy.findings import Level
from engine.policy.load import Loaded
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
    accounts = desk.accounts if desk is not None else {one.account.id: one.account for one in seen}
    tried = try_out(loaded.program, seen, accounts)
    _show(arguments.format, loaded, seen, tried, beyond_radius(loaded.program, accounts.values(), tried.decisions))
    return exit_code(tried)


def exit_code(tried: Tried) -> int:
    """
    Return 3 when something fires or is pending, 4 when an acting policy is unknown, else 0.

    A group that is unknown counts only when readings of all its members were given.
    """
    results = [result for evaluation in tried.evaluations.values() for result in evaluation.results]
    results += [result for one in tried.groups for result in one.results.values()]
    if any(result.verdict in (Verdict.FIRES, Verdict.PENDING) for result in results):
        return exits.FIRES
    partly = {one.policy.name for one in tried.groups if not tried.readings.keys() >= one.results.keys()}
    unknown = [one for one in results if one.verdict is Verdict.UNKNOWN and one.is_acting]
    return exits.UNKNOWN if any(one.policy.name not in partly for one in unknown) else exits.OK


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


def _show(form: str, loaded: Loaded, seen: tuple[Watched, ...], tried: Tried, beyond: Beyond) -> None:
    if form == "json":
        write_json(tried_as_json(tried, beyond))
        say_from_when(seen)
        return
    names = ", ".join(one.account.id for one in seen)
    policies = counted(len(loaded.program.policies), "policy", "policies")
    write(f"dry run of {policies} on {names}: nothing is sent")
    for one in seen:
        write()
        write_account(one, tried.evaluations[one.account.id], beyond, tried.beside(one.account.id))
    for group in tried.groups:
        write()
        write_group(group, tried, beyond)
