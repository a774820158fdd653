"""`rekha check`: every error of a set of policy files at once, in file order, offline."""

import argparse

from engine.cli import exits
from engine.cli.output import complain, tally, write, write_findings, write_json
from engine.errors import SettingsError
from engine.policy.findings import Level
from engine.policy.ir import Aggregate, walk
from engine.policy.program import Policy
from engine.runtime.policy_files import load_policies


def run(arguments: argparse.Namespace) -> int:
    """Return 0 without errors, 1 with, 2 when there is nothing to check."""
    try:
        loaded = load_policies(arguments.paths)
    except SettingsError as error:
        complain(str(error))
        return exits.MISUSE
    fatal = (Level.ERROR, Level.WARNING) if arguments.strict else (Level.ERROR,)
    failed = any(finding.level in fatal for finding in loaded.findings)
    if arguments.format == "json":
        write_json([finding.as_json() for finding in loaded.findings])
        return exits.ERRORS if failed else exits.OK
    write_findings(loaded.findings, dict(loaded.texts))
    if loaded.findings:
        write()
    for policy in loaded.program.policies:
        write(f"ok  {policy.name:<28} {policy.mode.value:<8} {_cost(policy)}")
    write(f"{len(loaded.texts)} files, {len(loaded.program.policies)} sound policies: {tally(loaded.findings)}")
    return exits.ERRORS if failed else exits.OK


def _cost(policy: Policy) -> str:
    """What a policy costs at each reading: the parts it needs read, and its passes over rows."""
    parts = ", ".join(sorted(part.value for part in policy.needs)) or "nothing"
    passes = [node.rows for node in walk(policy.when) if isinstance(node, Aggregate)]
    if policy.for_each is not None:
        passes.insert(0, policy.for_each.plural)
    return f"reads {parts}" + (f"; {len(passes)} pass{'es' if len(passes) > 1 else ''} over rows" if passes else "")
