"""No secret stands in a `rekha.yaml`: what looks like one is told, left out unread, and hidden where it is shown."""

import re
from collections.abc import Iterator
from typing import Final

from engine.policy.findings import Report
from engine.policy.yaml_text import Entry, Node, Scalar, Sequence
from engine.policy.yaml_text import Mapping as MappingNode
from engine.runtime.credentials import WANTED, prefix_of, variables_of

_WORDS: Final = (
    r"secret|passw|passphrase|\bpwd|credential|mpin|totp|token|api_?key|consumer_?key|access_?key|mobile|\bucc"
)
_NAME: Final = re.compile(rf"{_WORDS}|(?:^|_)(?:pin|otp|key|ucc)$")
# The first secret-looking key of a line, wherever it stands, and everything after it.
_LINE: Final = re.compile(
    rf"^(?P<before>(?P<indent>\s*).*?(?:{_WORDS}|\bpin|\botp|\bkey)[\w-]*[\"']?\s*:)(?P<value>.*)$", re.IGNORECASE
)
# An address of a messaging service is a secret as a whole.
_ADDRESS_OF_A_SERVICE: Final = re.compile(r"\b(?!https?:)[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_USER_IN_ADDRESS: Final = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def without_secrets(root: MappingNode, report: Report) -> MappingNode:
    """Return a desk file's tree without what looks like a secret in its accounts; each is told with where it goes."""
    return MappingNode(tuple(_checked(root, report)), root.place, root.in_flow)


def hidden(text: str) -> str:
    """Return a desk file's text, lines and columns as they were, with the values of secret-looking keys hidden."""
    lines: list[str] = []
    deeper_than: int | None = None
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        found = _LINE.match(line)
        if deeper_than is not None and (indent > deeper_than or not line.strip()):
            # A text over several lines goes on.
            lines.append(_dots(line))
            continue
        deeper_than = None
        if found is not None:
            deeper_than = None if "#" in found["before"] else indent
        shown = line if found is None else found["before"] + _dots(found["value"])
        shown = _ADDRESS_OF_A_SERVICE.sub(lambda address: _dots(address[0]), shown)
        lines.append(_USER_IN_ADDRESS.sub(lambda user: _dots(user[0]), shown))
    return "\n".join(lines)


def check_prefixes(accounts: MappingNode, report: Report) -> None:
    """Report accounts whose secrets would stand in the same environment variables."""
    first: dict[str, str] = {}
    for entry in accounts.entries:
        name = entry.key.text
        other = first.setdefault(prefix_of(name), name)
        if other != name:
            message = f"the secrets of '{name}' and of '{other}' would both be {prefix_of(name)}…"
            report.error("same-variables", entry.key.place, message, "let their ids differ in a letter or digit")


def _dots(text: str) -> str:
    return re.sub(r"\S", "•", text)


def _checked(root: MappingNode, report: Report) -> Iterator[Entry]:
    for entry in root.entries:
        if entry.key.text == "notify" and any("://" in text for text in _texts(entry.value)):
            message = "an address of a channel is a secret, and secrets do not stand in this file"
            hint = "name the channel, as in channels: [telegram]; REKHA_NOTIFY_TELEGRAM in the environment holds it"
            report.error("secret-in-file", entry.key.place, message, hint)
            continue
        if entry.key.text != "accounts" or not isinstance(entry.value, MappingNode):
            yield entry
            continue
        accounts = tuple(Entry(one.key, _account(one.key.text, one.value, report)) for one in entry.value.entries)
        yield Entry(entry.key, MappingNode(accounts, entry.value.place, entry.value.in_flow))


def _texts(node: Node | None) -> Iterator[str]:
    """Yield every text at and below a node, keys too."""
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item)
    elif node is not None:
        for entry in node.entries:
            yield entry.key.text
            yield from _texts(entry.value)


def _account(account: str, node: Node, report: Report) -> Node:
    if not isinstance(node, MappingNode):
        return node
    word = node.get("broker")
    broker = word.text if isinstance(word, Scalar) else ""
    kept: list[Entry] = []
    for entry in node.entries:
        if entry.key.text == "connect" and isinstance(entry.value, MappingNode):
            inner = [one for one in entry.value.entries if not _is_told(one, account, broker, report)]
            kept.append(Entry(entry.key, MappingNode(tuple(inner), entry.value.place, entry.value.in_flow)))
        elif not _is_told(entry, account, broker, report):
            kept.append(entry)
    return MappingNode(tuple(kept), node.place, node.in_flow)


def _is_told(entry: Entry, account: str, broker: str, report: Report) -> bool:
    """Return whether an entry is, or holds, a secret, and report it; its value is never repeated."""
    name = re.sub("[^a-z0-9]", "_", entry.key.text.lower())
    in_address = isinstance(entry.value, Scalar) and _USER_IN_ADDRESS.search(entry.value.text)
    if in_address:
        report.error(
            "secret-in-file", entry.key.place, "an address holds no user and no password", _where(account, broker, "")
        )
    elif _NAME.search(name):
        message = f"'{entry.key.text}' looks like a secret, and secrets do not stand in this file"
        report.error("secret-in-file", entry.key.place, message, _where(account, broker, name))
    else:
        return False
    return True


def _where(account: str, broker: str, name: str) -> str:
    word = next((one for one in WANTED.get(broker, ()) if one.lower() in (name, name.removesuffix("_number"))), None)
    if word is not None:
        return f"set {prefix_of(account)}{word} in the environment, and change it if others could read this file"
    names = ", ".join(variables_of(account, broker))
    return f"the environment holds them: {names}" if names else "take it out, and change it if others could read it"
