"""One pass over the rows of a kind that makes many reductions at once, tests they share made once: its Python text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.facts.base import RowSpec
from engine.policy.generated.reductions import Reduction
from engine.policy.generated.terms import ROW, Term, read_field

_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_START = {"any": "False", "count": "0", "sum": "ZERO", "min": "None", "max": "None"}
_NEARER = {"min": "<", "max": ">"}


@dataclass(slots=True)
class _Branch:
    """What is done with the rows for which all tests down to here are true."""

    done: list[Reduction] = field(default_factory=list)
    tests: dict[str, tuple[Term, "_Branch"]] = field(default_factory=dict)

    def fields(self) -> set[str]:
        """Return every field read here or below."""
        own = {name for reduction in self.done if reduction.measure is not None for name in reduction.measure.fields}
        return own.union(*(set(test.fields) | branch.fields() for test, branch in self.tests.values()))


def words_in(lines: Iterable[str]) -> set[str]:
    """Return every name that stands in some lines of Python."""
    return {word for line in lines for word in _WORD.findall(line)}


def write_pass(name: str, reductions: tuple[Reduction, ...], given: Mapping[str, str], spec: RowSpec) -> list[str]:
    """
    Return a function `name(rows, view, facts, moment, constants)` that returns the reductions in their order.

    given: the lines that make what is no field (facts, constants, hoisted terms) by name, in an order that works.
    """
    run = list(_run(_tree(reductions, spec), spec, "        ", frozenset()))
    starts = [f"    {one.name} = {_START[one.kind]}" for one in reductions]
    ends = (f"number({one.name})" if one.kind == "count" else one.name for one in reductions)
    return [
        f"def {name}(rows, view, facts, moment, constants):",
        *(f"    {line}" for line in needed(run, given)),
        *starts,
        f"    for {ROW} in rows:",
        *run,
        f"    return ({', '.join(ends)},)",
    ]


def needed(lines: list[str], given: Mapping[str, str]) -> list[str]:
    """Return those of the given lines that some lines need, what they need themselves included, in order."""
    wanted = words_in(lines)
    chosen: list[str] = []
    for name, line in reversed(list(given.items())):
        if name in wanted:
            chosen.append(line)
            wanted |= words_in([line])
    return chosen[::-1]


def _tree(reductions: tuple[Reduction, ...], spec: RowSpec) -> _Branch:
    # What most of them ask comes first and is asked once; among equals what is read off the row at no cost.
    asked = Counter(guard.text for reduction in reductions for guard in reduction.guards)

    def rank(guard: Term) -> tuple[int, int, str]:
        return -asked[guard.text], sum(not spec.fields[name].path for name in guard.fields), guard.text

    root = _Branch()
    for reduction in reductions:
        branch = root
        for guard in sorted(reduction.guards, key=rank):
            branch = branch.tests.setdefault(guard.text, (guard, _Branch()))[1]
        branch.done.append(reduction)
    return root


def _run(branch: _Branch, spec: RowSpec, indent: str, read: frozenset[str]) -> Iterator[str]:
    wanted = [name for name in _read_here(branch) if name not in read]
    for name in wanted:
        yield f"{indent}{ROW}_{name} = {read_field(spec.fields[name], spec.singular)}"
    for reduction in branch.done:
        yield from _update(reduction, indent)
    for text, (_, below) in branch.tests.items():
        yield f"{indent}if {text}:"
        yield from _run(below, spec, f"{indent}    ", read.union(wanted))


def _read_here(branch: _Branch) -> list[str]:
    """Return the fields read at this place: by what is done and asked here, and by more than one branch below."""
    below = Counter(name for _, one in branch.tests.values() for name in one.fields())
    names = [name for one in branch.done if one.measure is not None for name in one.measure.fields]
    names += [name for test, _ in branch.tests.values() for name in test.fields]
    names += sorted(name for name, count in below.items() if count > 1)
    return list(dict.fromkeys(names))


def _update(reduction: Reduction, indent: str) -> Iterator[str]:
    name, measure = reduction.name, reduction.measure
    if measure is None:
        yield f"{indent}{name} = True" if reduction.kind == "any" else f"{indent}{name} += 1"
        return
    if reduction.kind == "sum":
        yield f"{indent}{name} += {measure.text}"
        return
    # The first is compared with nothing: there a None that says "not known" would pass for there being no row.
    is_none = measure.known.endswith("is not None")
    value = f"{measure.text} if {measure.known} else not_known()" if is_none else measure.text
    if not value.isidentifier():
        yield f"{indent}value = {value}"
        value = "value"
    yield f"{indent}if {name} is None or {value} {_NEARER[reduction.kind]} {name}:"
    yield f"{indent}    {name} = {value}"
