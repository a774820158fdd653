"""`rekha check`: every error of a set of policy files, or of a whole desk folder, at once, in file order, offline."""

import argparse

from engine.cli import exits
from engine.cli.finding_formats import github, sarif
from engine.cli.output import counted, installed_version, report_error, tally, write, write_findings, write_json
from engine.errors import EngineError
from engine.policy.findings import Level
from engine.policy.ir import Aggregate, walk
from engine.policy.program import Policy
from engine.runtime.clock import now
from engine.runtime.desk_check import Checked, check_paths


def run(arguments: argparse.Namespace) -> int:
    """Return 0 without errors, 1 with, 2 when there is nothing to check."""
    try:
        checked = check_paths(arguments.paths, now())
    except EngineError as error:
        return report_error(error)
    fatal = (Level.ERROR, Level.WARNING) if arguments.strict else (Level.ERROR,)
    code = exits.ERRORS if any(finding.level in fatal for finding in checked.findings) else exits.OK
    if arguments.format != "text":
        try:
            _write_for_programs(arguments.format, checked)
        except EngineError as error:
            return report_error(error)
        return code
    write_findings(checked.findings, checked.texts)
    if checked.findings:
        write()
    for policy in checked.policies:
        write(f"ok  {policy.name:<28} {policy.mode.value:<8} {_cost(policy)}")
    sound = counted(len(checked.policies), "sound policy", "sound policies")
    write(f"{counted(len(checked.files), 'file')}, {sound}: {tally(checked.findings)}")
    return code


def _write_for_programs(form: str, checked: Checked) -> None:
    if form == "json":
        write_json([finding.as_json() for finding in checked.findings])
    elif form == "sarif":
        write_json(sarif(checked.findings, checked.texts, installed_version()))
    else:
        for line in github(checked.findings, checked.texts):
            write(line)


def _cost(policy: Policy) -> str:
    """What a policy costs at each reading: the parts it needs read, and its passes over rows."""
    parts = ", ".join(sorted(part.value for part in policy.needs)) or "nothing"
    passes = [node.rows for node in walk(policy.when) if isinstance(node, Aggregate)]
    if policy.for_each is not None and not policy.is_of_group:
        passes.insert(0, policy.for_each.plural)
    return f"reads {parts}" + (f"; {len(passes)} pass{'es' if len(passes) > 1 else ''} over rows" if passes else "")
