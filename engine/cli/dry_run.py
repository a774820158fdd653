"""`rekha dry-run`: which policies would fire on some readings, which not, why, and how far each is from its line."""

import argparse
import sys

from engine.cli import exits
from engine.cli.blast_text import Beyond, beyond_radius
from engine.cli.dry_run_text import write_account
from engine.cli.groups_text import write_group
from engine.cli.inputs import Watched, check_fit, say_from_when, wants_readings, watched
from engine.cli.output import counted, report_error, write, write_findings, write_json
from engine.cli.trace_json import tried_as_json
from engine.cli.tried import Tried, try_out
from engine.domain.enums import Verdict
from engine.errors import EngineError, MisuseError, SettingsError
from engine.policy.asked_of_market import spots_asked
from engine.policy.findings import Level
from engine.policy.load import Loaded
from engine.policy.scope import USUAL_CURRENCIES
from engine.runtime.desk import Desk, DeskFile, read_desk, resolve_desk
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
        seen = _readings(arguments, desk, loaded)
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
    return exit_code(tried, frozenset(one.account.id for one in seen if one.is_live and not one.is_reached))


def exit_code(tried: Tried, unreached: frozenset[str] = frozenset()) -> int:
    """
    Return 3 when something fires or is pending, 4 when an acting policy is unknown, else 0.

    A group that is unknown counts only when readings of all its members were given.
    unreached: accounts that were asked and did not answer: whatever is said of them, they are unknown.
    """
    own = {name: evaluation.results for name, evaluation in tried.evaluations.items() if name not in unreached}
    results = [result for found in own.values() for result in found]
    results += [result for one in tried.groups for name, result in one.results.items() if name not in unreached]
    if any(result.verdict in (Verdict.FIRES, Verdict.PENDING) for result in results):
        return exits.FIRES
    if unreached:
        return exits.UNKNOWN
    partly = {one.policy.name for one in tried.groups if not tried.readings.keys() >= one.results.keys()}
    unknown = [one for one in results if one.verdict is Verdict.UNKNOWN and one.is_acting]
    return exits.UNKNOWN if any(one.policy.name not in partly for one in unknown) else exits.OK


def _readings(arguments: argparse.Namespace, desk: Desk | None, loaded: Loaded) -> tuple[Watched, ...]:
    if desk is None or wants_readings(arguments):
        return watched(arguments, desk)
    # With policies that cannot be judged nobody need be asked.
    return () if loaded.has_errors else watched(arguments, desk, spots_asked(loaded.program, desk.accounts.values()))


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
    if any(one.is_live and len(one.readings) == 1 for one in seen):
        write()
        write("One reading of each account: what must hold at several is pending at most; --readings 3 takes three.")
