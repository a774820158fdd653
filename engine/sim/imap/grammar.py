"""The text of IMAP: commands read into words and lists, values written as the protocol wants them (RFC 3501, §9)."""

import re
from collections.abc import Sequence

_ATOM_END = re.compile(r'[\s()"\[{]')
_DEEPEST = 20
_SPECIAL = re.compile(r'[\x00-\x1f"\\\x7f-\uffff]')


class GrammarError(Exception):
    """A command that breaks the grammar."""


class Quoted(str):
    """A text that came in quotes or as a literal, so that it is no keyword."""

    __slots__ = ()


def parse_words(text: str) -> list[object]:
    """
    Return the words of a command's arguments: texts (`Quoted` where they were), and lists for parentheses.

    A section keeps its brackets: `BODY.PEEK[HEADER.FIELDS (FROM)]<0.10>` is one word. Raises: GrammarError.
    """
    words, end = _words(text, 0, depth=0)
    if end != len(text):
        raise GrammarError(f"unexpected {text[end]!r}")
    return words


def _words(text: str, at: int, depth: int) -> tuple[list[object], int]:
    if depth > _DEEPEST:
        raise GrammarError(f"parentheses deeper than {_DEEPEST}")
    words: list[object] = []
    while at < len(text):
        sign = text[at]
        if sign.isspace():
            at += 1
        elif sign == ")":
            if not depth:
                raise GrammarError("unexpected ')'")
            return words, at + 1
        elif sign == "(":
            inner, at = _words(text, at + 1, depth + 1)
            words.append(inner)
        elif sign == '"':
            quoted, at = _quoted(text, at + 1)
            words.append(quoted)
        else:
            atom, at = _atom(text, at)
            words.append(atom)
    if depth:
        raise GrammarError("a parenthesis stays open")
    return words, at


def _quoted(text: str, at: int) -> tuple[Quoted, int]:
    letters: list[str] = []
    while at < len(text) and text[at] != '"':
        if text[at] == "\\":
            at += 1
        letters.append(text[at : at + 1])
        at += 1
    if at >= len(text):
        raise GrammarError("a quote stays open")
    return Quoted("".join(letters)), at + 1


def _atom(text: str, at: int) -> tuple[str, int]:
    start = at
    while at < len(text):
        found = _ATOM_END.search(text, at)
        at = found.start() if found else len(text)
        if found and found.group() == "[":
            at = text.find("]", at) + 1
            if not at:
                raise GrammarError("a bracket stays open")
        else:
            break
    if at == start:
        raise GrammarError(f"unexpected {text[at]!r}")
    return text[start:at], at


def in_set(spec: str, number: int, last: int) -> bool:
    """Return whether a set such as `1,3:5,7:*` holds a number; `*` is the last. Raises: GrammarError."""
    for part in spec.split(","):
        ends = [last if end == "*" else _number(end) for end in part.split(":")]
        if len(ends) > 2:
            raise GrammarError(f"{part!r} is no range")
        if min(ends) <= number <= max(ends):
            return True
    return False


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise GrammarError(f"{text!r} is no number")
    return int(text)


def quote(text: str | None) -> bytes:
    """Return a text as a quoted string, as a literal where quotes cannot hold it, as NIL for None."""
    if text is None:
        return b"NIL"
    if _SPECIAL.search(text):
        return literal(text.encode())
    return b'"' + text.encode("ascii") + b'"'


def literal(body: bytes) -> bytes:
    """Return bytes with their length before them."""
    return b"{%d}\r\n%s" % (len(body), body)


def listed(parts: Sequence[bytes]) -> bytes:
    """Return values in parentheses."""
    return b"(" + b" ".join(parts) + b")"
