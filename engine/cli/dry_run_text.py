"""A dry run as a person reads it: verdict, reason, every sentence with its numbers, and what would be done."""

from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType

from engine.cli.blast_text import Beyond, beyond_words
from engine.cli.blocks_text import block_lines
from engine.cli.inputs import Watched
from engine.cli.output import counted, write
from engine.cli.targets_text import exit_lines, together_lines
from engine.core.distance import Distance, distances
from engine.core.evaluate import Evaluation, Result
from engine.core.together import NOTHING_BESIDE, Beside
from engine.domain.enums import MarkBasis, Verdict
from engine.domain.kinds import MONEY, Kind, Type, show, show_duration
from engine.domain.numbers import rounded, seconds_of
from engine.domain.snapshot import Missing, Snapshot
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value
from engine.facts.base import View
from engine.facts.drift import drift
from engine.policy.meaning import Trace

_MARKS = {Truth.TRUE: "✓", Truth.FALSE: "✗", Truth.UNKNOWN: "?"}
_LOUD = (Verdict.FIRES, Verdict.PENDING, Verdict.UNKNOWN, Verdict.LATCHED, Verdict.COOLING)
_SHOWN_ROWS = 6
_NOTHING_BEYOND: Beyond = MappingProxyType({})


def write_account(
    seen: Watched, evaluation: Evaluation, beyond: Beyond = _NOTHING_BEYOND, beside: Beside = NOTHING_BESIDE
) -> None:
    """
    Write one account's results, the loud ones first, then the clear ones, in file order.

    beyond: decisions of any account that lie beyond their policy's blast radius. beside: what rules about groups come
    to here; they are told elsewhere, but for what they order together with the account's own.
    """
    view = evaluation.view
    local = view.now.astimezone(view.account.zone)
    readings = counted(len(seen.readings), "reading")
    basis = "two-sided quotes" if view.account.profile.mark_basis is MarkBasis.DEPTH else "the last trade"
    write(
        f"{seen.account.id}: {readings}, seen from {local:%a %Y-%m-%d %H:%M:%S %Z} ({seen.origin}); marked by {basis}"
    )
    unread = unread_lines(seen.readings[-1]) if seen.is_live else ()
    for line in (*seen.notes, *unread, *drift_lines(view)):
        write(f"  {line}")
    results = evaluation.results
    if not results and not beside.results:
        write("  no policy watches this account")
    for result in sorted(results, key=loudness):
        write()
        rule = evaluation.next_state.rules.get((result.policy.name, result.row))
        for line in _lines(result, evaluation, 0 if rule is None else rule.samples):
            write(f"  {line}".rstrip())
        admission = beyond.get((seen.account.id, result.policy.name, result.row))
        if admission is not None and result.verdict is Verdict.FIRES:
            write(f"           {beyond_words(admission)}")
    for block in (tuple(together_lines(evaluation, beside)), tuple(block_lines(evaluation, beside))):
        if block:
            write()
        for line in block:
            write(f"  {line}")


def unread_lines(snapshot: Snapshot) -> tuple[str, ...]:
    """Return one line for each cause for which parts of a reading were not read."""
    parts: dict[str, list[str]] = {}
    for name in ("positions", "orders", "fills", "funds", "quotes"):
        part = getattr(snapshot, name)
        if isinstance(part, Missing):
            parts.setdefault(part.cause, []).append(name)
    return tuple(f"not read: {', '.join(names)}: {cause}" for cause, names in parts.items())


def drift_lines(view: View) -> tuple[str, ...]:
    """Return one line for each figure on which the broker and Rekha differ."""
    account = view.account

    def shown(amount: Decimal) -> str:
        return show(amount, MONEY, account.currency, account.zone)

    return tuple(
        f"drift: the day's figure of {one.scope} {one.name} is {shown(one.ours)}, the broker says {shown(one.reported)}"
        for one in drift(view)
    )


def loudness(result: Result) -> int:
    """Return where a result stands in a list: what fires first, what is off last."""
    if result.verdict is None:
        return len(Verdict) + 1
    return _LOUD.index(result.verdict) if result.verdict in _LOUD else len(_LOUD)


def _lines(result: Result, evaluation: Evaluation, samples: int) -> Iterator[str]:
    view = evaluation.view
    yield _headline(result, view, samples)
    indent = " " * 9
    if result.verdict is None:
        return
    if result.because is not None:
        yield f"{indent}{result.because}"
    if result.note:
        yield f"{indent}{result.note}"
    if result.trace is not None:
        for line in explained(result.trace, view, 0):
            yield f"{indent}{line}"
    for number, words in enumerate(result.would, start=1):
        yield f"{indent}{'would ' if number == 1 else '      '}{number} {words}"
        yield from (f"{indent}          {line}" for line in exit_lines(result, evaluation, number))


def shown_verdict(verdict: Verdict | None) -> str:
    """Return a verdict's word, loud where somebody should look."""
    word = "off" if verdict is None else verdict.value
    return word.upper() if verdict in (Verdict.FIRES, Verdict.PENDING, Verdict.UNKNOWN) else word


def _headline(result: Result, view: View, samples: int) -> str:
    row = f" [{result.row}]" if result.row else ""
    shown = shown_verdict(result.verdict)
    line = f"{shown:<8} {result.policy.name}{row}  ({result.mode.value}, {result.policy.severity.value})"
    if result.since is not None:
        line += f" since {result.since.astimezone(view.account.zone):%H:%M:%S}"
    if result.verdict is Verdict.PENDING:
        line += f": {when_it_fires(result, samples)}"
    return line


def when_it_fires(result: Result, samples: int) -> str:
    """Return what a pending rule waits for; samples: the true readings it has counted."""
    confirm = result.policy.confirm
    missing = confirm.samples - samples
    following = "the next reading" if missing < 2 else f"the next {missing} readings"
    still = "still true" if result.condition is Truth.TRUE else "true again"
    needs = counted(confirm.samples, "reading")
    if confirm.at_least:
        needs += f" over at least {show_duration(seconds_of(confirm.at_least))}"
    if result.held_back is Verdict.LATCHED:
        return f"acts no more, its latch is written; latched if {still} at {following} ({needs})"
    if result.held_back is Verdict.COOLING:
        return f"does not act while it rests; cooling if {still} at {following} ({needs})"
    return f"fires if {still} at {following} ({needs})"


def explained(trace: Trace, view: View, depth: int) -> Iterator[str]:
    """Yield the lines of a condition: each sentence with its numbers, their ages and the distance to its line."""
    pad = "  " * depth
    if trace.kind == "sentence":
        yield f"{pad}{_MARKS[trace.truth]} {trace.text}"
        for line in _reasons(trace, view):
            yield f"{pad}    {line}"
        return
    if trace.kind in ("all", "any", "none") and not trace.text:
        yield f"{pad}{_MARKS[trace.truth]} {trace.kind} of:"
        depth += 1
    for child in trace.children:
        yield from explained(child, view, depth)
    if not trace.children and isinstance(trace.value, Unknown):
        yield f"{pad}? {trace.text}: {trace.value.cause}"


def _reasons(sentence: Trace, view: View) -> Iterator[str]:
    operands = list(dict.fromkeys(_operands(sentence, view)))
    if operands:
        yield ", ".join(operands)
    yield from dict.fromkeys(_cases(sentence, view))
    yield from _rows(sentence, view)
    for distance in distances(sentence):
        words = _distance_words(distance, view)
        if words:
            yield words


def _operands(trace: Trace, view: View) -> Iterator[str]:
    if trace.kind in ("fact", "field", "value"):
        yield f"{trace.text} = {_shown(trace.value, trace.type, view)}{_age(trace, view)}"
        return
    if trace.kind == "aggregate":
        if isinstance(trace.value, Unknown) and not trace.children:
            yield f"{trace.note} ({trace.value.cause})"
        elif trace.type.kind is Kind.BOOL:
            yield f"{trace.note}{_age(trace, view)}"
        else:
            yield f"{trace.text} = {_shown(trace.value, trace.type, view)} over {trace.note}{_age(trace, view)}"
        return
    if trace.kind == "answer":
        yield f"{trace.text} = {_shown(trace.value, trace.type, view)}{_age(trace, view)}"
    for child in trace.children:
        yield from _operands(child, view)


def _cases(trace: Trace, view: View) -> Iterator[str]:
    """Yield for each value with cases which was taken and why: each case asked, with what it is read from."""
    for child in trace.children:
        if child.kind != "cases":
            yield from _cases(child, view)
            continue
        yield f"{trace.text} is {child.note}"
        for case in child.children:
            operands = ", ".join(dict.fromkeys(_operands(case, view)))
            yield f"  {_MARKS[case.truth]} {case.text}{f' ({operands})' if operands and operands != case.text else ''}"


def _rows(trace: Trace, view: View) -> Iterator[str]:
    if trace.kind == "aggregate":
        told = [row for row in trace.children if row.note != "left out"]
        for row in told[:_SHOWN_ROWS]:
            operands = ", ".join(dict.fromkeys(item for part in row.children for item in _operands(part, view)))
            yield f"· {row.text}: {operands}{f' ({row.note})' if row.note else ''}"
        if len(told) > _SHOWN_ROWS:
            yield f"· and {len(told) - _SHOWN_ROWS} more"
        return
    for child in trace.children:
        yield from _rows(child, view)


def _distance_words(distance: Distance, view: View) -> str:
    where = f" (nearest: {distance.row})" if distance.row else ""
    if isinstance(distance.by, Unknown):
        return _bounds_words(distance.by, distance.by_type, view, where)
    if distance.known_by is None:
        return ""
    if distance.known_by == 0:
        at = "exactly at its line" if distance.holds is Truth.TRUE else "at its line, not beyond it"
        return f"{at}{where}"
    size = _shown(distance.known_by.copy_abs(), distance.by_type, view)
    return f"{size} {'from' if distance.known_by > 0 else 'past'} its line{where}"


def _bounds_words(by: Unknown, type_: Type, view: View, where: str) -> str:
    # Only what is certain helps: a smallest distance still to go, or a smallest one it is past its line.
    if by.low is not None and by.low > 0:
        return f"at least {_shown(by.low, type_, view)} from its line{where}"
    if by.high is not None and by.high < 0:
        return f"at least {_shown(by.high.copy_abs(), type_, view)} past its line{where}"
    return ""


def _shown(value: Value, type_: Type, view: View) -> str:
    return show(value, type_, view.account.currency, view.account.zone)


def _age(trace: Trace, view: View) -> str:
    if trace.read_at is None or isinstance(trace.value, Unknown):
        return ""
    return f" ({show_duration(rounded(seconds_of(view.now - trace.read_at), 1))} old)"
