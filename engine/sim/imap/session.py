"""One client's talk with the mail server: commands in, bytes out; no socket here (RFC 3501, RFC 2177 for IDLE)."""

from collections.abc import Callable, Iterator

from engine.sim.imap.fetch import fetched, marks_seen, wanted_items
from engine.sim.imap.grammar import GrammarError, in_set, listed, parse_words
from engine.sim.imap.search import search
from engine.sim.post import Letter, Mailbox, PostOffice

CAPABILITIES = b"IMAP4rev1 IDLE UIDPLUS LITERAL+"
_FLAGS = rb"(\Answered \Flagged \Deleted \Seen \Draft)"
_ALONE = {"CAPABILITY", "NOOP", "LOGOUT", "CHECK", "CLOSE", "UNSELECT", "EXPUNGE", "IDLE"}


class _RefusedError(Exception):
    """A command that is understood and refused."""


class Session:
    """
    What one connected client may do: sign in, select its inbox, search, fetch and flag letters.

    idling: the tag of an IDLE that waits for DONE. is_over: after LOGOUT.
    """

    def __init__(self, post: PostOffice) -> None:
        self._post = post
        self._mailbox: Mailbox | None = None
        self._is_selected = False
        self._is_read_only = False
        self._shown: list[int] = []
        self.idling = ""
        self.is_over = False

    @property
    def mailbox(self) -> Mailbox | None:
        """The mailbox that is selected; None before."""
        return self._mailbox if self._is_selected else None

    def greeting(self) -> bytes:
        """Return what the server says first."""
        return b"* OK [CAPABILITY " + CAPABILITIES + b"] the post office is open\r\n"

    def answer(self, line: str) -> bytes:
        """Return the whole answer to one command line, its literals put in quotes."""
        if self.idling:
            return self._done(line)
        tag, _, rest = line.strip().partition(" ")
        name, _, arguments = rest.partition(" ")
        if not tag or not name:
            return b"* BAD a command is: tag, name, arguments\r\n"
        try:
            lines = self._obey(tag, name.upper(), parse_words(arguments))
        except GrammarError as error:
            return f"{tag} BAD {error}\r\n".encode()
        except _RefusedError as error:
            return f"{tag} NO {error}\r\n".encode()
        if name.upper() == "IDLE":
            return b"".join(lines)
        status = b"OK [READ-ONLY]" if name.upper() == "EXAMINE" else b"OK"
        return b"".join(lines) + f"{tag} ".encode() + status + f" {name.upper()} completed\r\n".encode()

    def news(self) -> bytes:
        """Return what changed in the mailbox since the client was last told; nothing when it did not."""
        box = self.mailbox
        if box is None:
            return b""
        present = [letter.uid for letter in box.letters]
        lines = []
        for number in range(len(self._shown), 0, -1):
            if self._shown[number - 1] not in present:
                lines.append(b"* %d EXPUNGE\r\n" % number)
                del self._shown[number - 1]
        if present != self._shown:
            lines.append(b"* %d EXISTS\r\n" % len(present))
            self._shown = present
        return b"".join(lines)

    def _done(self, line: str) -> bytes:
        tag, self.idling = self.idling, ""
        if line.strip().upper() != "DONE":
            return f"{tag} BAD DONE ends IDLE\r\n".encode()
        return self.news() + f"{tag} OK IDLE completed\r\n".encode()

    def _obey(self, tag: str, name: str, words: list[object]) -> Iterator[bytes] | list[bytes]:
        if name in _ALONE and words:
            raise GrammarError(f"{name} takes no arguments")
        if name == "IDLE":
            self._selected()
            self.idling = tag
            return [self.news(), b"+ idling\r\n"]
        by_uid = name == "UID"
        if by_uid:
            if not words:
                raise GrammarError("UID needs a command")
            name, words = str(words[0]).upper(), words[1:]
        command: Callable[..., list[bytes]] | None = getattr(self, f"_do_{name.lower()}", None)
        if command is None or not name.isalpha():
            raise GrammarError(f"unknown command {name}")
        if name in ("SEARCH", "FETCH", "STORE"):
            # Numbers of letters may not shift between a search and a fetch, so only what came is told here.
            return [*command(words, by_uid), self._arrivals()]
        if by_uid:
            if name != "EXPUNGE":
                raise GrammarError(f"UID {name} is no command")
            box = self._writable()
            self._expunge(box, frozenset(letter.uid for _, letter in self._picked(box, _one(words), by_uid)))
            return [self.news()]
        return [*command(words), self.news()]

    def _arrivals(self) -> bytes:
        present = [letter.uid for letter in self._selected().letters]
        return self.news() if present[: len(self._shown)] == self._shown else b""

    def _signed_in(self) -> Mailbox:
        if self._mailbox is None:
            raise _RefusedError("sign in first")
        return self._mailbox

    def _selected(self) -> Mailbox:
        box = self._signed_in()
        if not self._is_selected:
            raise _RefusedError("select a mailbox first")
        return box

    def _writable(self) -> Mailbox:
        box = self._selected()
        if self._is_read_only:
            raise _RefusedError("the mailbox is read-only")
        return box

    # --- in any state

    def _do_capability(self, _words: list[object]) -> list[bytes]:
        return [b"* CAPABILITY " + CAPABILITIES + b"\r\n"]

    def _do_noop(self, _words: list[object]) -> list[bytes]:
        return []

    def _do_logout(self, _words: list[object]) -> list[bytes]:
        self.is_over, self._is_selected = True, False
        return [b"* BYE the post office closes\r\n"]

    def _do_login(self, words: list[object]) -> list[bytes]:
        if len(words) != 2:
            raise GrammarError("LOGIN needs a name and a password")
        box = self._post.box(str(words[0]))
        if box is None or box.password.reveal() != str(words[1]):
            raise _RefusedError("[AUTHENTICATIONFAILED] name or password is wrong")
        self._mailbox = box
        return []

    # --- signed in

    def _do_list(self, words: list[object]) -> list[bytes]:
        self._signed_in()
        if len(words) != 2:
            raise GrammarError("LIST needs a reference and a pattern")
        if words[1] == "":
            return [b'* LIST (\\Noselect) "/" ""\r\n']
        return [b'* LIST (\\HasNoChildren) "/" INBOX\r\n'] if _matches_inbox(str(words[1])) else []

    _do_lsub = _do_list

    def _do_status(self, words: list[object]) -> list[bytes]:
        box = self._signed_in()
        if len(words) != 2 or not isinstance(words[1], list) or str(words[0]).upper() != "INBOX":
            raise GrammarError("STATUS needs INBOX and items in parentheses")
        unseen = sum("\\Seen" not in box.flags[letter.uid] for letter in box.letters)
        known = {
            "MESSAGES": len(box.letters),
            "RECENT": 0,
            "UIDNEXT": box.next_uid,
            "UIDVALIDITY": 1,
            "UNSEEN": unseen,
        }
        names = [str(item).upper() for item in words[1]]
        if unknown := [name for name in names if name not in known]:
            raise GrammarError(f"unknown item {unknown[0]}")
        return [b"* STATUS INBOX " + listed([f"{name} {known[name]}".encode() for name in names]) + b"\r\n"]

    def _do_select(self, words: list[object], *, read_only: bool = False) -> list[bytes]:
        box = self._signed_in()
        self._is_selected = False
        if len(words) != 1 or not isinstance(words[0], str):
            raise GrammarError("SELECT needs a mailbox")
        if words[0].upper() != "INBOX":
            raise _RefusedError("[NONEXISTENT] there is only INBOX")
        self._is_selected, self._is_read_only = True, read_only
        self._shown = [letter.uid for letter in box.letters]
        return [
            b"* FLAGS " + _FLAGS + b"\r\n",
            b"* %d EXISTS\r\n* 0 RECENT\r\n" % len(box.letters),
            b"* OK [PERMANENTFLAGS " + (b"()" if read_only else _FLAGS) + b"] these stay\r\n",
            b"* OK [UIDVALIDITY 1] uids are valid\r\n* OK [UIDNEXT %d] the next uid\r\n" % box.next_uid,
        ]

    def _do_examine(self, words: list[object]) -> list[bytes]:
        return self._do_select(words, read_only=True)

    # --- with a mailbox

    def _do_check(self, _words: list[object]) -> list[bytes]:
        self._selected()
        return []

    def _do_unselect(self, _words: list[object]) -> list[bytes]:
        self._selected()
        self._is_selected = False
        return []

    def _do_close(self, _words: list[object]) -> list[bytes]:
        box = self._selected()
        if not self._is_read_only:
            self._expunge(box)
        self._is_selected = False
        return []

    def _do_expunge(self, _words: list[object]) -> list[bytes]:
        self._expunge(self._writable())
        return []

    def _expunge(self, box: Mailbox, uids: frozenset[int] | None = None) -> None:
        for letter in tuple(box.letters):
            if "\\Deleted" in box.flags[letter.uid] and (uids is None or letter.uid in uids):
                box.remove(letter.uid)

    def _do_search(self, words: list[object], by_uid: bool) -> list[bytes]:
        box = self._selected()
        if len(words) > 2 and str(words[0]).upper() == "CHARSET":
            if str(words[1]).upper() not in ("UTF-8", "US-ASCII"):
                raise _RefusedError("[BADCHARSET (UTF-8 US-ASCII)] another charset")
            words = words[2:]
        found = [letter.uid if by_uid else number for number, letter in search(self._view(box), box.flags, words)]
        return [b"* SEARCH" + b"".join(b" %d" % number for number in found) + b"\r\n"]

    def _view(self, box: Mailbox) -> list[tuple[int, Letter]]:
        # A letter keeps the number it was shown under until the client is told that an earlier one is gone.
        letters = {letter.uid: letter for letter in box.letters}
        return [(number, letters[uid]) for number, uid in enumerate(self._shown, start=1) if uid in letters]

    def _picked(self, box: Mailbox, spec: object, by_uid: bool) -> list[tuple[int, Letter]]:
        if not isinstance(spec, str):
            raise GrammarError("a set of numbers is needed")
        view = self._view(box)
        last = (view[-1][1].uid if by_uid else view[-1][0]) if view else 0
        in_set(spec, 0, last)
        return [(number, letter) for number, letter in view if in_set(spec, letter.uid if by_uid else number, last)]

    def _do_fetch(self, words: list[object], by_uid: bool) -> list[bytes]:
        box = self._selected()
        if len(words) != 2:
            raise GrammarError("FETCH needs a set of numbers and items")
        items = wanted_items(words[1])
        if by_uid and "UID" not in (item.upper() for item in items):
            items = ["UID", *items]
        picked = self._picked(box, words[0], by_uid)
        if marks_seen(items) and not self._is_read_only:
            for _, letter in picked:
                box.flags[letter.uid] |= {"\\Seen"}
        return [
            b"* %d FETCH %s\r\n" % (number, fetched(letter, box.flags[letter.uid], items)) for number, letter in picked
        ]

    def _do_store(self, words: list[object], by_uid: bool) -> list[bytes]:
        box = self._writable()
        if len(words) < 3:
            raise GrammarError("STORE needs a set of numbers, FLAGS and flags")
        how, silent = str(words[1]).upper().removesuffix(".SILENT"), str(words[1]).upper().endswith(".SILENT")
        given = words[2] if isinstance(words[2], list) else words[2:]
        flags = frozenset(_flag(str(flag)) for flag in given)
        changes: dict[str, Callable[[frozenset[str]], frozenset[str]]] = {
            "FLAGS": lambda _old: flags,
            "+FLAGS": lambda old: old | flags,
            "-FLAGS": lambda old: old - flags,
        }
        if how not in changes:
            raise GrammarError(f"{words[1]} is no way to store flags")
        lines = []
        for number, letter in self._picked(box, words[0], by_uid):
            box.flags[letter.uid] = changes[how](box.flags[letter.uid])
            items = ["UID", "FLAGS"] if by_uid else ["FLAGS"]
            lines.append(b"* %d FETCH %s\r\n" % (number, fetched(letter, box.flags[letter.uid], items)))
        return [] if silent else lines


def _one(words: list[object]) -> object:
    if len(words) != 1:
        raise GrammarError("UID EXPUNGE needs one set of numbers")
    return words[0]


def _flag(name: str) -> str:
    return f"\\{name[1:].capitalize()}" if name.startswith("\\") else name


def _matches_inbox(pattern: str) -> bool:
    if pattern.upper() == "INBOX":
        return True
    start, wild, end = pattern.upper().partition("*" if "*" in pattern else "%")
    return bool(wild) and "INBOX".startswith(start) and "INBOX".endswith(end.strip("*%"))
