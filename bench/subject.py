"""What every side of a measurement looks like: our engine, the hand-written functions and the peers."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from bench.books import Loaded
from bench.days import Seen


class Ready(NamedTuple):
    """
    A book made ready to be asked again and again.

    facts_for: what the engine is given of a day, plain Python values in the form it takes fastest; never timed.
    fired: the names of the policies whose condition is true; timed, with all that new facts force inside it.
    """

    facts_for: Callable[[Seen], Any]
    fired: Callable[[Any], set[str]]


class Subject(Protocol):
    """One way to judge a book of policies."""

    @property
    def name(self) -> str:
        """How it is called in the tables."""
        ...

    @property
    def how(self) -> str:
        """How it is used, in a few words."""
        ...

    def version(self) -> str | None:
        """Return the version that is installed, None when it is not, and an empty text for what needs no installing."""
        ...

    def spell(self, loaded: Loaded) -> Any:
        """Return the book in the engine's own language, a translation that no user of it would pay for."""
        ...

    def prepare(self, loaded: Loaded, spelt: Any) -> Ready:
        """Return the book compiled, as far as the engine compiles at all: what a load or a reload takes."""
        ...


def made_ready(subject: Subject, loaded: Loaded) -> Ready:
    """Return a book ready to be asked by one of its subjects."""
    return subject.prepare(loaded, subject.spell(loaded))
