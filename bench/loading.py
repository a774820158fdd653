"""What it takes to load a book: CPU time, and the memory Python holds for it afterwards."""

import gc
import tracemalloc
from collections.abc import Callable, Sequence
from statistics import median
from time import process_time_ns
from typing import Any, NamedTuple

from bench.books import Book, load_book, many, sources
from bench.report import Table, duration
from bench.subject import Subject
from engine.facts.catalogue import CATALOGUE
from engine.policy.load import load
from engine.runtime.policy_files import LATER

_TIMES = 3
_MEGA = 1_000_000


class Load(NamedTuple):
    """One way to load: CPU microseconds, and megabytes held afterwards and at most meanwhile, as Python counts them."""

    name: str
    microseconds: float
    held: float
    peak: float


def loads_table(book: Book, subjects: Sequence[Subject], rounds: int) -> Table:
    """Return what each takes to make a book ready, and what reading the policy files takes before that."""
    files = sources(book)
    found = [_measured("rekha, files read and checked", lambda: load(files, CATALOGUE, LATER).require(), rounds)]
    loaded, first = load_book(book), load_book(many(book, 1))
    for subject in subjects:
        # The first book of all pays for importing the engine, which is no part of loading.
        subject.prepare(first, subject.spell(first))
        spelt = subject.spell(loaded)
        found.append(_measured(subject.name, _preparing(subject, loaded, spelt), rounds))
    lines = tuple((one.name, duration(one.microseconds), f"{one.held:.1f} MB", f"{one.peak:.1f} MB") for one in found)
    notes = ("memory is what Python's own allocator counts; what C++ and Rust allocate is not in it",)
    title = f"loading {len(book.rules):,} policies of the {book.name} book, from the engine's own text to ready"
    return Table(title, ("", "CPU time", "held", "peak"), lines, tuple(one._asdict() for one in found), notes)


def _preparing(subject: Subject, loaded: Any, spelt: Any) -> Callable[[], Any]:
    return lambda: subject.prepare(loaded, spelt)


def _measured(name: str, work: Callable[[], Any], rounds: int) -> Load:
    taken = median(_cpu(work) for _ in range(min(_TIMES, rounds)))
    gc.collect()
    tracemalloc.start()
    try:
        result = work()
        gc.collect()
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    del result
    return Load(name, taken, held / _MEGA, peak / _MEGA)


def _cpu(work: Callable[[], Any]) -> float:
    gc.collect()
    start = process_time_ns()
    work()
    return (process_time_ns() - start) / 1000
