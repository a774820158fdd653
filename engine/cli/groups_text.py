"""Rules about groups in a dry run, for people: the condition once, then what each member would do."""

from collections.abc import Iterator
from datetime import datetime

from engine.cli.blast_text import Beyond, beyond_words
from engine.cli.dry_run_text import explained, loudness, shown_verdict, when_it_fires
from engine.cli.output import write
from engine.cli.targets_text import exit_lines
from engine.cli.tried import Tried
from engine.core.group import GroupResult
from engine.core.result import Result
from engine.domain.enums import Verdict
from engine.facts.base import View

_INDENT = " " * 11


def write_group(one: GroupResult, tried: Tried, beyond: Beyond) -> None:
    """Write one policy about a group; beyond: as of `write_account`."""
    results = one.results.values()
    first = min(results, key=loudness)
    view = next(iter(one.views.values()))
    write(f"group {one.group.name}: {_members(one, tried)}; seen from {_local(view):%a %Y-%m-%d %H:%M:%S %Z}")
    write()
    write(f"  {shown_verdict(first.verdict):<8} {one.policy.name}  ({one.policy.severity.value})")
    if first.because is not None:
        write(f"{_INDENT}{first.because}")
    for line in explained(first.trace, view, 0) if first.trace is not None else ():
        write(f"{_INDENT}{line}")
    for names in _alike(one, tried, beyond):
        for line in _acting(names, one, tried, beyond):
            write(f"{_INDENT}{line}".rstrip())


def _members(one: GroupResult, tried: Tried) -> str:
    words = []
    for name, view in one.views.items():
        reading = tried.readings.get(name)
        at = "not read" if reading is None else f"read at {reading.taken_at.astimezone(view.account.zone):%H:%M:%S}"
        words.append(f"{name} {at}")
    return ", ".join(words)


def _alike(one: GroupResult, tried: Tried, beyond: Beyond) -> list[list[str]]:
    """Return the members, those with the same words together, the loudest first."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(one.results, key=lambda name: loudness(one.results[name])):
        words = (_stands(name, one, tried), _radius(name, one, beyond), *one.results[name].would)
        found.setdefault(words, []).append(name)
    return list(found.values())


def _acting(names: list[str], one: GroupResult, tried: Tried, beyond: Beyond) -> Iterator[str]:
    result = one.results[names[0]]
    yield f"in {_listed(names)}: {_stands(names[0], one, tried)}"
    for number, words in enumerate(result.would, start=1):
        yield f"{'would ' if number == 1 else '      '}{number} {words}"
        for name in names:
            for line in _exits(name, one.results[name], tried, number):
                yield f"          {name}: {line}"
    radius = _radius(names[0], one, beyond)
    if radius:
        yield radius


def _exits(name: str, result: Result, tried: Tried, number: int) -> Iterator[str]:
    if name in tried.evaluations:
        yield from exit_lines(result, tried.evaluations[name], number)
        return
    # What is told beside the actions, such as an alert, stands after them.
    calls = result.policy.then[number - 1 : number] if result.verdict in (Verdict.FIRES, Verdict.PENDING) else ()
    if any(call.spec.exits for call in calls):
        yield "? the positions: not read yet"


def _stands(name: str, one: GroupResult, tried: Tried) -> str:
    result, view = one.results[name], one.views[name]
    if result.verdict is None:
        return result.note
    words = f"{result.verdict.value} ({result.mode.value})"
    if result.since is not None:
        words += f" since {result.since.astimezone(view.account.zone):%H:%M:%S}"
    if result.verdict is Verdict.PENDING:
        rule = tried.group_state.rules.get((one.policy.name, name))
        words += f": {when_it_fires(result, 0 if rule is None else rule.samples)}"
    return f"{words}, {result.note}" if result.note else words


def _radius(name: str, one: GroupResult, beyond: Beyond) -> str:
    admission = beyond.get((name, one.policy.name, None))
    return beyond_words(admission) if admission is not None and one.results[name].verdict is Verdict.FIRES else ""


def _listed(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _local(view: View) -> datetime:
    return view.now.astimezone(view.account.zone)
