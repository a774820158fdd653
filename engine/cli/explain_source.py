"""`rekha explain --source`: the Python that is generated from a set of policies, or from one of them alone."""

from collections.abc import Iterable

from engine.cli import exits
from engine.cli.output import counted, write
from engine.domain.kinds import show_duration
from engine.domain.numbers import canonical, seconds_of
from engine.facts.base import Demands
from engine.policy.generated.conditions import generate
from engine.policy.program import Policy, Program

_HEAD = (
    "# What Rekha runs at every reading: generated from the checked policies, and only while all it touches is known.",
    "# Where something is not known a comparison raises, and the tree evaluator, which is what a policy means, judges.",
)


def show_source(program: Program, chosen: Iterable[Policy]) -> int:
    """Return 0; print the generated form of the chosen policies."""
    for line in _HEAD:
        write(line)
    chosen = tuple(chosen)
    for policy in chosen:
        if policy.is_of_group:
            write()
            write(f"# {policy.name} is about several accounts together: the tree evaluator alone judges it")
    for demands, policies in _by_demands(policy for policy in chosen if not policy.is_of_group).items():
        write()
        write(_heading(demands, policies))
        for line in generate(policies, program.catalogue).source.splitlines():
            write(line)
    return exits.OK


def _by_demands(policies: Iterable[Policy]) -> dict[Demands, list[Policy]]:
    found: dict[Demands, list[Policy]] = {}
    for policy in policies:
        found.setdefault(policy.demands, []).append(policy)
    return found


def _heading(demands: Demands, policies: list[Policy]) -> str:
    asked = []
    if demands.max_age is not None:
        asked.append(f"nothing older than {show_duration(seconds_of(demands.max_age))}")
    if demands.stop_loss_share != Demands().stop_loss_share:
        asked.append(f"a stop-loss counts from {canonical(demands.stop_loss_share)} % filled")
    which = f"{counted(len(policies), 'policy', 'policies')} with {' and '.join(asked) or 'the usual ages of facts'}"
    return f"# -- {which}"
