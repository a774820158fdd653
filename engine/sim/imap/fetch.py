"""FETCH: what a client asks of one letter, as the bytes of an answer (RFC 3501, §6.4.5 and §7.4.2)."""

import re
from email.message import EmailMessage, Message
from email.utils import getaddresses

from engine.sim.imap.grammar import GrammarError, listed, literal, parse_words, quote
from engine.sim.post import Letter

_MACROS = {
    "FAST": ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
    "ALL": ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
    "FULL": ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"],
}
_OLD = {"RFC822": "BODY[]", "RFC822.HEADER": "BODY.PEEK[HEADER]", "RFC822.TEXT": "BODY[TEXT]"}
_SECTION = re.compile(
    r"BODY(?P<peek>\.PEEK)?\[(?P<section>[^\]]*)\](?:<(?P<start>\d+)\.(?P<length>\d+)>)?", re.IGNORECASE
)


def wanted_items(word: object) -> list[str]:
    """Return the items of a FETCH, macros spelt out. Raises: GrammarError."""
    words = word if isinstance(word, list) else [word]
    items = [item for name in words for item in _MACROS.get(str(name).upper(), [str(name)])]
    if not items:
        raise GrammarError("FETCH needs an item")
    return items


def marks_seen(items: list[str]) -> bool:
    """Return whether fetching the items sets the flag \\Seen."""
    sections = (_SECTION.fullmatch(_OLD.get(item.upper(), item)) for item in items)
    return any(section is not None and not section["peek"] for section in sections)


def fetched(letter: Letter, flags: frozenset[str], items: list[str]) -> bytes:
    """Return the items and their values in parentheses. Raises: GrammarError for one that is not known."""
    message = letter.as_message()
    parts: list[bytes] = []
    for item in dict.fromkeys(items):
        parts += [_shown_name(item), _value(letter, message, flags, item)]
    return listed(parts)


def _shown_name(item: str) -> bytes:
    section = _SECTION.fullmatch(item)
    if section is None:
        return item.upper().encode()
    start = f"<{section['start']}>" if section["start"] else ""
    return f"BODY[{section['section'].upper()}]{start}".encode()


def _value(letter: Letter, message: EmailMessage, flags: frozenset[str], item: str) -> bytes:
    name = item.upper()
    if name == "FLAGS":
        return listed([flag.encode() for flag in sorted(flags)])
    if name == "UID":
        return b"%d" % letter.uid
    if name == "INTERNALDATE":
        return quote(letter.at.strftime("%d-%b-%Y %H:%M:%S %z"))
    if name == "RFC822.SIZE":
        return b"%d" % len(message.as_bytes())
    if name == "ENVELOPE":
        return _envelope(message)
    if name in ("BODY", "BODYSTRUCTURE"):
        return _structure(message)
    section = _SECTION.fullmatch(_OLD.get(name, item))
    if section is None:
        raise GrammarError(f"unknown item {item}")
    body = _section(message, section["section"])
    if section["start"]:
        start, length = int(section["start"]), int(section["length"])
        body = body[start : start + length]
    return literal(body)


def _section(message: Message, section: str) -> bytes:
    head, _, text = message.as_bytes().partition(b"\r\n\r\n")
    name, *names = parse_words(section) or [""]
    match str(name).upper().split("."):
        case [""]:
            return message.as_bytes()
        case ["HEADER"]:
            return head + b"\r\n\r\n"
        case ["TEXT"]:
            return text
        case ["HEADER", "FIELDS", *negated]:
            fields = {str(field).upper() for field in _fields(names)}
            kept = [
                line
                for line in _header_lines(head)
                if (line.split(b":")[0].decode().upper() in fields) != bool(negated)
            ]
            return b"".join(line + b"\r\n" for line in kept) + b"\r\n"
        case [number, *rest] if number.isdigit():
            part = _part(message, int(number))
            return _part_section(part, ".".join(rest))
    raise GrammarError(f"unknown section {section}")


def _fields(words: list[object]) -> list[object]:
    if len(words) != 1 or not isinstance(words[0], list):
        raise GrammarError("HEADER.FIELDS needs names in parentheses")
    return words[0]


def _header_lines(head: bytes) -> list[bytes]:
    return re.split(rb"\r\n(?![ \t])", head)


def _part(message: Message, number: int) -> Message:
    parts = message.get_payload() if message.is_multipart() else [message]
    if not isinstance(parts, list) or not 1 <= number <= len(parts):
        raise GrammarError(f"there is no part {number}")
    part = parts[number - 1]
    assert isinstance(part, Message)
    return part


def _part_section(part: Message, rest: str) -> bytes:
    head, _, text = part.as_bytes().partition(b"\r\n\r\n")
    if rest in ("", "TEXT"):
        return text
    if rest in ("MIME", "HEADER"):
        return head + b"\r\n\r\n"
    raise GrammarError(f"unknown section {rest} of a part")


def _envelope(message: Message) -> bytes:
    def header(name: str) -> bytes:
        value = message[name]
        return quote(None if value is None else str(value))

    sender = _addresses(message, "From")
    people = [sender, sender, sender, *(_addresses(message, name) for name in ("To", "Cc", "Bcc"))]
    return listed([header("Date"), header("Subject"), *people, header("In-Reply-To"), header("Message-ID")])


def _addresses(message: Message, name: str) -> bytes:
    found = getaddresses([str(value) for value in message.get_all(name, [])])
    if not found:
        return b"NIL"
    written = []
    for shown, address in found:
        local, _, host = address.partition("@")
        written.append(listed([quote(shown or None), b"NIL", quote(local), quote(host)]))
    return b"(" + b"".join(written) + b")"


def _structure(message: Message) -> bytes:
    if message.is_multipart():
        parts = message.get_payload()
        assert isinstance(parts, list)
        inner = b"".join(_structure(part) for part in parts if isinstance(part, Message))
        return b"(" + inner + b" " + quote(message.get_content_subtype().upper()) + b")"
    text = message.as_bytes().partition(b"\r\n\r\n")[2]
    charset = listed([quote("CHARSET"), quote(message.get_content_charset("us-ascii"))])
    encoding = str(message.get("Content-Transfer-Encoding", "7bit")).upper()
    kind = [quote(message.get_content_maintype().upper()), quote(message.get_content_subtype().upper())]
    sizes = [b"%d" % len(text), b"%d" % text.count(b"\r\n")]
    return listed([*kind, charset, b"NIL", b"NIL", quote(encoding), *sizes])
