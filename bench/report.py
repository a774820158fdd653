"""How results are shown: tables for people, the same as plain data for programs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.harness import Goal, Measured, Row


class Table(NamedTuple):
    """
    One question answered.

    lines: the rows as texts, under the columns. rows: the figures behind them, for JSON.
    wrong: what gave other answers than it should; any of it fails the run.
    """

    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    rows: tuple[dict[str, Any], ...]
    notes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def rows_table(title: str, rows: Sequence[Row], notes: Sequence[str] = (), wrong: Sequence[str] = ()) -> Table:
    """Return one line for each row."""
    lines = tuple(
        (row.name, duration(row.microseconds), times(row.ratio), goal_text(row.ratio, row.goal)) for row in rows
    )
    figures = tuple(row._asdict() for row in rows)
    return Table(title, ("", "an account", "ratio", "goal"), lines, figures, tuple(notes), tuple(wrong))


def grid(title: str, columns: Sequence[tuple[str, Sequence[Row]]], notes: Sequence[str], wrong: Sequence[str]) -> Table:
    """Return one line for each name, one column for each size."""
    names = list(dict.fromkeys(row.name for _, rows in columns for row in rows))
    cells = {
        (row.name, size): f"{duration(row.microseconds)} ({times(row.ratio)})" for size, rows in columns for row in rows
    }
    sizes = [size for size, _ in columns]
    lines = tuple((name, *(cells.get((name, size), "–") for size in sizes)) for name in names)
    figures = tuple({"size": size, **row._asdict()} for size, rows in columns for row in rows)
    return Table(title, ("", *sizes), lines, figures, tuple(notes), tuple(wrong))


def goal_notes(goals: Sequence[Goal], measured: Measured, baseline: str) -> list[str]:
    """Return a line for each goal that is not in the table's own column, or whose case is not there."""
    notes = []
    for goal in goals:
        if goal.name not in measured.rounds or goal.against not in measured.rounds:
            notes.append(f"goal: {goal.name} ≤ {goal.at_most} × {goal.against}: not measured")
        elif goal.against != baseline:
            ratio = measured.ratio(goal.name, goal.against)
            notes.append(f"{goal.name} is {times(ratio)} × {goal.against}; goal {goal_text(ratio, goal.at_most)}")
    return notes


def text_of(table: Table) -> str:
    """Return a table as text."""
    if not table.columns:
        return table.title
    widths = [max(len(line[place]) for line in (table.columns, *table.lines)) for place in range(len(table.columns))]
    shown = [_line(line, widths) for line in (table.columns, *table.lines)]
    notes = [f"  {note}" for note in table.notes]
    wrong = [f"  WRONG: {one}" for one in table.wrong]
    return "\n".join((table.title, *shown, *notes, *wrong))


def duration(microseconds: float) -> str:
    """Return a time with three figures that matter."""
    if microseconds >= 1000:
        return f"{_figures(microseconds / 1000)} ms"
    return f"{_figures(microseconds)} µs"


def times(ratio: float) -> str:
    """Return a ratio with three figures that matter."""
    return _figures(ratio)


def goal_text(ratio: float, goal: float | None) -> str:
    """Return whether a goal is met, and by how much it is missed."""
    if goal is None:
        return ""
    return f"{goal} met" if ratio <= goal else f"{goal} missed by {_figures(ratio - goal)}"


def _figures(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _line(parts: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        part.rjust(width) if place else part.ljust(width)
        for place, (part, width) in enumerate(zip(parts, widths, strict=True))
    )
    return f"  {'  '.join((first, *others))}".rstrip()
