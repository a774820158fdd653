"""The rows of a reply as pieces of its bytes, and which of them the reply before had; what they say is no matter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

_ROWS = msgspec.json.Decoder(list[msgspec.Raw]).decode
# A row that is not where it was has changed, and one of so many next rows follows within so many bytes; else the rest
# is split, which finds every known row as well and only takes longer.
_LOOK_AHEAD = 3
_NEAR = 8_192


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the rows of a reply: head + the rows with commas between them + tail is the body."""

    head: bytes
    tail: bytes


def frame_of(body: bytes, rows: Sequence[bytes], rows_in: Callable[[bytes], Sequence[bytes]]) -> Frame | None:
    """
    Return the frame of a body with these rows; None where they are not joined by bare commas, or there are none.

    rows_in: reads the rows of a reply. Head and tail alone must be such a reply without rows: then any rows put
    between them are the rows of a reply with the same envelope.
    """
    joined = b",".join(rows)
    at = body.find(rows[0]) if rows else -1
    if at < 0 or not body.startswith(joined, at):
        return None
    frame = Frame(body[:at], body[at + len(joined) :])
    is_tight = frame.head.endswith(b"[") and frame.tail.startswith(b"]")
    return frame if is_tight and not rows_in(frame.head + frame.tail) else None


def walk(body: bytes, frame: Frame, before: Sequence[bytes]) -> list[range | list[bytes]] | None:
    """
    Return the rows of a body that shares its frame with an earlier one: runs of places among the rows before, and
    between them lists of rows that are not at their place; None when the frame is another, or it cannot be told.

    Known rows are compared, not scanned; what stands between two of them is split as a list of JSON values. That the
    pieces make up the body is checked in the end, so nothing rests on how they were found.
    """
    if not (body.startswith(frame.head) and body.endswith(frame.tail)):
        return None
    pieces: list[range | list[bytes]] = []
    start, at, end = 0, len(frame.head), len(body) - len(frame.tail)
    try:
        while at < end:
            stop, at = _run(body, before, start, at)
            pieces.append(range(start, stop))
            start, found = _next_known(body, before, stop + 1, at)
            pieces.append(_split(body[at : min(found - 1, end)]))
            at = found
    except msgspec.DecodeError:
        return None
    inner = b",".join([text for piece in pieces for text in texts_of(piece, before)])
    return pieces if body == b"".join((frame.head, inner, frame.tail)) else None


def texts_of(piece: range | list[bytes], before: Sequence[bytes]) -> Sequence[bytes]:
    """Return the rows of a piece that `walk` gave."""
    return before[piece.start : piece.stop] if isinstance(piece, range) else piece


def _run(body: bytes, before: Sequence[bytes], start: int, at: int) -> tuple[int, int]:
    for number in range(start, len(before)):
        text = before[number]
        if not body.startswith(text, at):
            return number, at
        at += len(text) + 1
    return len(before), at


def _next_known(body: bytes, before: Sequence[bytes], first: int, at: int) -> tuple[int, int]:
    for number in range(first, min(first + _LOOK_AHEAD, len(before))):
        found = body.find(before[number], at, at + _NEAR)
        if found >= 0:
            return number, found
    return len(before), len(body) + 1


def _split(piece: bytes) -> list[bytes]:
    return [bytes(row) for row in _ROWS(b"[%b]" % piece)] if piece else []
