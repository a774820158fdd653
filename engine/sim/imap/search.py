"""SEARCH: which letters of a mailbox a client's criteria pick (RFC 3501, §6.4.4)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.sim.imap.grammar import GrammarError, in_set
from engine.sim.post import Letter


@dataclass(frozen=True, slots=True)
class Candidate:
    """One letter as a search sees it: its place in the box, from 1, and its flags."""

    letter: Letter
    number: int
    flags: frozenset[str]
    last_number: int
    last_uid: int


Criterion = Callable[[Candidate], bool]

_FLAGS = {
    "SEEN": "\\Seen",
    "DELETED": "\\Deleted",
    "FLAGGED": "\\Flagged",
    "ANSWERED": "\\Answered",
    "DRAFT": "\\Draft",
}
_MOST_WORDS = 100
_EVERY = {"ALL", "OLD", "UNDRAFT"}


def search(
    view: list[tuple[int, Letter]], flags: Mapping[int, frozenset[str]], words: list[object]
) -> list[tuple[int, Letter]]:
    """Return those of some numbered letters that meet all criteria. flags: by uid. Raises: GrammarError."""
    if len(words) > _MOST_WORDS:
        raise GrammarError(f"more than {_MOST_WORDS} search words")
    wanted = _all(iter(words))
    last_number, last_uid = (view[-1][0], view[-1][1].uid) if view else (0, 0)
    return [
        (number, letter)
        for number, letter in view
        if wanted(Candidate(letter, number, flags[letter.uid], last_number, last_uid))
    ]


def _all(words: Iterator[object]) -> Criterion:
    criteria = [_criterion(word, words) for word in words]
    if not criteria:
        raise GrammarError("no search criterion")
    return lambda candidate: all(holds(candidate) for holds in criteria)


def _criterion(word: object, rest: Iterator[object]) -> Criterion:
    if isinstance(word, list):
        return _all(iter(word))
    key = str(word).upper()
    if key in _EVERY:
        return lambda _candidate: True
    if key in _FLAGS:
        return _flagged(_FLAGS[key])
    if key.removeprefix("UN") in _FLAGS:
        return _not(_flagged(_FLAGS[key.removeprefix("UN")]))
    if key in ("NEW", "RECENT"):
        return _not(_flagged("\\Seen"))
    if key == "NOT":
        return _not(_criterion(_next(key, rest), rest))
    if key == "OR":
        first, second = (_criterion(_next(key, rest), rest) for _ in range(2))
        return lambda candidate: first(candidate) or second(candidate)
    if key in _WITH_TEXT:
        return _WITH_TEXT[key](_text(key, rest))
    if key == "HEADER":
        return _header(_text(key, rest), _text(key, rest))
    return _numbered(key)


def _next(key: str, rest: Iterator[object]) -> object:
    for word in rest:
        return word
    raise GrammarError(f"{key} needs something after it")


def _text(key: str, rest: Iterator[object]) -> str:
    word = _next(key, rest)
    if not isinstance(word, str):
        raise GrammarError(f"{key} needs a text")
    return word


def _flagged(flag: str) -> Criterion:
    return lambda candidate: flag in candidate.flags


def _not(criterion: Criterion) -> Criterion:
    return lambda candidate: not criterion(candidate)


def _header(name: str, text: str) -> Criterion:
    def holds(candidate: Candidate) -> bool:
        values = candidate.letter.as_message().get_all(name, [])
        return any(text.lower() in str(value).lower() for value in values)

    return holds


def _in_body(text: str) -> Criterion:
    return lambda candidate: text.lower() in candidate.letter.text.lower()


def _anywhere(text: str) -> Criterion:
    return lambda candidate: text.lower().encode() in candidate.letter.as_message().as_bytes().lower()


def _day(compare: Callable[[date, date], bool]) -> Callable[[str], Criterion]:
    def made(text: str) -> Criterion:
        try:
            day = datetime.strptime(text, "%d-%b-%Y").date()  # noqa: DTZ007 - a date, no instant
        except ValueError:
            raise GrammarError(f"{text!r} is no date such as 24-Nov-2026") from None
        return lambda candidate: compare(candidate.letter.at.date(), day)

    return made


def _size(compare: Callable[[int, int], bool]) -> Callable[[str], Criterion]:
    def made(text: str) -> Criterion:
        if not text.isdigit():
            raise GrammarError(f"{text!r} is no size")
        return lambda candidate: compare(len(candidate.letter.as_message().as_bytes()), int(text))

    return made


def _with_uid(spec: str) -> Criterion:
    in_set(spec, 1, 1)
    return lambda candidate: in_set(spec, candidate.letter.uid, candidate.last_uid)


def _numbered(spec: str) -> Criterion:
    try:
        in_set(spec, 1, 1)
    except GrammarError:
        raise GrammarError(f"unknown search criterion {spec}") from None
    return lambda candidate: in_set(spec, candidate.number, candidate.last_number)


_WITH_TEXT: dict[str, Callable[[str], Criterion]] = {
    "FROM": lambda text: _header("From", text),
    "TO": lambda text: _header("To", text),
    "CC": lambda text: _header("Cc", text),
    "SUBJECT": lambda text: _header("Subject", text),
    "BODY": _in_body,
    "TEXT": _anywhere,
    "KEYWORD": _flagged,
    "UNKEYWORD": lambda text: _not(_flagged(text)),
    "UID": _with_uid,
    "SINCE": _day(lambda at, day: at >= day),
    "BEFORE": _day(lambda at, day: at < day),
    "ON": _day(lambda at, day: at == day),
    "SENTSINCE": _day(lambda at, day: at >= day),
    "SENTBEFORE": _day(lambda at, day: at < day),
    "SENTON": _day(lambda at, day: at == day),
    "LARGER": _size(lambda size, limit: size > limit),
    "SMALLER": _size(lambda size, limit: size < limit),
}
