"""The mail server of a simulation, asked by Python's own client and line by line."""

import contextlib
import email
import imaplib
import select
import socket
from datetime import UTC, datetime, timedelta
from email.policy import default

import pytest

from engine.domain.secret import Secret
from engine.sim.imap.grammar import GrammarError, in_set, parse_words
from engine.sim.imap.session import Session
from engine.sim.post import PostOffice
from tests.sim.mail import serving

MORNING = datetime(2026, 11, 23, 3, 45, tzinfo=UTC)
ADDRESS, PASSWORD = "a1@mail.test", Secret('box "1"')
BROKER = "Kotak Neo <noreply@kotakneo.test>"


@pytest.fixture
def post() -> PostOffice:
    """One mailbox with three letters of three days."""
    office = PostOffice()
    box = office.open(ADDRESS, PASSWORD)
    box.deliver(BROKER, "Your OTP", "Your OTP is 123456.", MORNING - timedelta(days=2))
    box.deliver("Family <sister@home.test>", "Lunch?", "On Sunday?\nAt ours.", MORNING - timedelta(days=1))
    box.deliver(BROKER, "Kill Switch Activated", "Disabled: Equity F&O — ₹0.", MORNING)
    return office


@pytest.fixture
def server(post):
    with serving(post) as running:
        yield running


@pytest.fixture
def inbox(server):
    """A client with the inbox open."""
    with imaplib.IMAP4("127.0.0.1", server.port, timeout=10) as client:
        client.login(ADDRESS, PASSWORD.reveal())
        client.select("INBOX")
        yield client


def uids(client, *criteria) -> list[int]:
    status, found = client.uid("SEARCH", *criteria)
    assert status == "OK"
    return [int(uid) for uid in found[0].split()]


def test_a_client_learns_what_the_server_can(server) -> None:
    with imaplib.IMAP4("127.0.0.1", server.port, timeout=10) as client:
        assert {"IMAP4REV1", "IDLE"} <= set(client.capabilities)
        client.login(ADDRESS, PASSWORD.reveal())
        assert client.list() == ("OK", [b'(\\HasNoChildren) "/" INBOX'])
        assert client.status("INBOX", "(MESSAGES UNSEEN UIDNEXT)") == ("OK", [b"INBOX (MESSAGES 3 UNSEEN 3 UIDNEXT 4)"])
        assert client.select("INBOX") == ("OK", [b"3"])


@pytest.mark.parametrize(("name", "password"), [(ADDRESS, "wrong"), ("b2@mail.test", 'box "1"')])
def test_a_wrong_name_or_password_is_refused(server, name: str, password: str) -> None:
    with (
        imaplib.IMAP4("127.0.0.1", server.port, timeout=10) as client,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        client.login(name, password)


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        (("ALL",), [1, 2, 3]),
        (("UNSEEN",), [1, 2, 3]),
        (("SEEN",), []),
        (("FROM", "kotakneo"), [1, 3]),
        (("SUBJECT", '"kill switch activated"'), [3]),
        (("SINCE", "22-Nov-2026"), [2, 3]),
        (("SINCE", "22-Nov-2026", "FROM", "kotak"), [3]),
        (("BEFORE", "22-Nov-2026"), [1]),
        (("ON", "23-Nov-2026"), [3]),
        (("OR", "SUBJECT", "otp", "SUBJECT", "lunch"), [1, 2]),
        (("NOT", "FROM", "kotak"), [2]),
        (("(FROM kotak SUBJECT otp)",), [1]),
        (("BODY", "sunday"), [2]),
        (("TEXT", "sister@home"), [2]),
        (("HEADER", "Subject", "otp"), [1]),
        (("UID", "2:*"), [2, 3]),
        (("1,3",), [1, 3]),
        (("LARGER", "1"), [1, 2, 3]),
        (("SMALLER", "1"), []),
        (("CHARSET", "UTF-8", "SUBJECT", "otp"), [1]),
    ],
)
def test_a_search_finds_the_letters(inbox, criteria, found) -> None:
    assert uids(inbox, *criteria) == found


@pytest.mark.parametrize("criteria", ["SINCE yesterday", "SUBJECT", "COLOUR blue", "OR SEEN", "LARGER big"])
def test_a_search_that_means_nothing_is_refused(inbox, criteria: str) -> None:
    with pytest.raises(imaplib.IMAP4.error, match="BAD"):
        inbox.search(None, criteria)


def test_a_letter_comes_whole_and_counts_as_seen(inbox) -> None:
    status, data = inbox.uid("FETCH", "3", "(RFC822)")
    letter = email.message_from_bytes(data[0][1], policy=default)
    assert (status, letter["Subject"], letter["From"]) == ("OK", "Kill Switch Activated", BROKER)
    assert letter["Date"].datetime == MORNING
    assert letter.get_body(("plain",)).get_content().strip() == "Disabled: Equity F&O — ₹0."
    assert "Equity F&amp;O" in letter.get_body(("html",)).get_content()
    assert uids(inbox, "UNSEEN") == [1, 2]


@pytest.mark.parametrize(
    "item", ["BODY.PEEK[]", "ENVELOPE", "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)]", "BODYSTRUCTURE"]
)
def test_a_peek_leaves_a_letter_unseen(inbox, item: str) -> None:
    assert inbox.fetch("1:*", f"({item})")[0] == "OK"
    assert uids(inbox, "UNSEEN") == [1, 2, 3]


def test_parts_of_a_letter(inbox) -> None:
    def fetch(item: str) -> bytes:
        return inbox.fetch("2", f"({item})")[1][0][1]

    whole = fetch("BODY.PEEK[]")
    assert fetch("BODY.PEEK[HEADER]") + fetch("BODY.PEEK[TEXT]") == whole
    assert fetch("BODY.PEEK[]<5.10>") == whole[5:15]
    assert fetch("BODY.PEEK[HEADER.FIELDS (SUBJECT)]") == b"Subject: Lunch?\r\n\r\n"
    assert fetch("BODY.PEEK[1]").startswith(b"On Sunday?")
    assert b"<p>At ours.</p>" in fetch("BODY.PEEK[2]")
    assert b"text/html" in fetch("BODY.PEEK[2.MIME]")


def test_facts_about_a_letter(inbox) -> None:
    _, data = inbox.fetch("2", "(UID FLAGS INTERNALDATE ENVELOPE)")
    assert data == [
        (
            b'2 (UID 2 FLAGS () INTERNALDATE "22-Nov-2026 03:45:00 +0000" ENVELOPE ('
            b'"Sun, 22 Nov 2026 03:45:00 +0000" "Lunch?" (("Family" NIL "sister" "home.test")) '
            b'(("Family" NIL "sister" "home.test")) (("Family" NIL "sister" "home.test")) '
            b'((NIL NIL "a1" "mail.test")) NIL NIL NIL "<2.20261122034500@mail.test>"))'
        )
    ]


def test_flags_are_kept_and_deleted_letters_go(inbox, post) -> None:
    assert inbox.uid("STORE", "1", "+FLAGS", r"(\SEEN \Deleted)")[1] == [rb"1 (UID 1 FLAGS (\Deleted \Seen))"]
    assert inbox.store("2", "+FLAGS.SILENT", r"\Flagged") == ("OK", [None])
    assert uids(inbox, "FLAGGED") == [2]
    inbox.store("2", "-FLAGS", r"\Flagged")
    assert uids(inbox, "UNFLAGGED") == [1, 2, 3]
    assert inbox.expunge() == ("OK", [b"1"])
    assert [letter.uid for letter in post.box(ADDRESS).letters] == [2, 3]
    assert inbox.search(None, "ALL") == ("OK", [b"1 2"])


def test_a_box_that_is_examined_is_not_changed(server, post) -> None:
    with imaplib.IMAP4("127.0.0.1", server.port, timeout=10) as client:
        client.login(ADDRESS, PASSWORD.reveal())
        client.select("INBOX", readonly=True)
        client.fetch("1", "(RFC822)")
        assert post.box(ADDRESS).flags[1] == frozenset()
        assert client.store("1", "+FLAGS", r"\Seen") == ("NO", [b"the mailbox is read-only"])


def test_a_new_letter_is_told_of(inbox, server, post) -> None:
    inbox.response("EXISTS")
    server.call(post.box(ADDRESS).deliver, BROKER, "Your OTP", "654321", MORNING)
    assert inbox.noop()[0] == "OK"
    assert inbox.response("EXISTS") == ("EXISTS", [b"4"])


def test_idle_tells_at_once(inbox, server, post) -> None:
    inbox.send(b"x1 IDLE\r\n")
    assert inbox.readline() == b"+ idling\r\n"
    server.call(post.box(ADDRESS).deliver, BROKER, "Your OTP", "654321", MORNING)
    assert select.select([inbox.socket()], [], [], 10)[0]
    assert inbox.readline() == b"* 4 EXISTS\r\n"
    inbox.send(b"DONE\r\n")
    assert inbox.readline() == b"x1 OK IDLE completed\r\n"


def test_numbers_stay_until_the_client_is_told_that_a_letter_is_gone(inbox, server) -> None:
    with imaplib.IMAP4("127.0.0.1", server.port, timeout=10) as other:
        other.login(ADDRESS, PASSWORD.reveal())
        other.select("INBOX")
        other.store("1", "+FLAGS", r"\Deleted")
        other.expunge()
    assert inbox.search(None, "ALL")[1] == [b"2 3"]
    inbox.noop()
    assert inbox.response("EXPUNGE") == ("EXPUNGE", [b"1"])
    assert inbox.search(None, "ALL")[1] == [b"1 2"]


def test_a_literal_is_a_text(server) -> None:
    with imaplib.IMAP4("127.0.0.1", server.port, timeout=10) as client:
        client.login(ADDRESS, PASSWORD.reveal())
        client.select("INBOX")
        client.literal = b"kill switch"
        assert client.uid("SEARCH", "CHARSET", "UTF-8", "SUBJECT") == ("OK", [b"3"])


def test_a_line_without_an_end_ends_only_its_own_talk(inbox, server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as other:
        assert other.recv(4096).startswith(b"* OK")
        with contextlib.suppress(ConnectionError):
            other.sendall(b"a" * 300_000)
            assert other.recv(4096) == b""
    assert inbox.noop()[0] == "OK"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("a1", "* BAD"),
        ("a1 FLY", "a1 BAD unknown command FLY"),
        ("a1 SELECT INBOX", "a1 NO sign in first"),
        ("a1 LOGIN one", "a1 BAD LOGIN needs"),
        ('a1 LOGIN "one', "a1 BAD a quote stays open"),
        ("a1 NOOP now", "a1 BAD NOOP takes no arguments"),
        ("a1 UID", "a1 BAD UID needs"),
        ("a1 UID NOOP", "a1 BAD UID NOOP"),
    ],
)
def test_a_command_out_of_place_is_refused(post, line: str, answer: str) -> None:
    assert Session(post).answer(line + "\r\n").decode().startswith(answer)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("a1 FETCH 1", "a1 BAD FETCH needs"),
        ("a1 FETCH 1 COLOUR", "a1 BAD unknown item"),
        ("a1 FETCH x FLAGS", "a1 BAD"),
        ("a1 FETCH 1 BODY[9]", "a1 BAD there is no part 9"),
        ("a1 FETCH 1 BODY[HEADER.FIELDS]", "a1 BAD HEADER.FIELDS needs"),
        (r"a1 STORE 1 TAGS (\Seen)", "a1 BAD TAGS"),
        ("a1 SELECT Archive", "a1 NO [NONEXISTENT]"),
        ("a1 SEARCH CHARSET KOI8-R ALL", "a1 NO [BADCHARSET"),
    ],
)
def test_a_command_with_wrong_arguments_is_refused(post, line: str, answer: str) -> None:
    session = Session(post)
    session.answer(rf'a0 LOGIN {ADDRESS} "box \"1\""')
    session.answer("a0 SELECT INBOX")
    assert session.answer(line).decode().startswith(answer)


def test_words_of_a_command() -> None:
    assert parse_words('FLAGS (a "b c") BODY.PEEK[HEADER.FIELDS (TO)]<0.9>') == [
        "FLAGS",
        ["a", "b c"],
        "BODY.PEEK[HEADER.FIELDS (TO)]<0.9>",
    ]
    for text in ("(a", "a)", '"a', "BODY[", "{5}"):
        with pytest.raises(GrammarError):
            parse_words(text)


def test_sets_of_numbers() -> None:
    assert [number for number in range(1, 10) if in_set("1,3:4,9:*", number, 9)] == [1, 3, 4, 9]
    assert in_set("12:*", 9, 9)
    with pytest.raises(GrammarError):
        in_set("1:2:3", 1, 9)


def test_a_uid_expunge_throws_away_only_its_own(inbox) -> None:
    inbox.uid("STORE", "1:2", "+FLAGS", r"(\Deleted)")
    assert inbox.uid("EXPUNGE", "2")[0] == "OK"
    assert uids(inbox, "ALL") == [1, 3]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("SEARCH " + "(" * 5000, "parentheses deeper than 20"),
        ("SEARCH " + "NOT " * 5000 + "ALL", "more than 100 search words"),
        ("UID EXPUNGE", "UID EXPUNGE needs one set of numbers"),
    ],
)
def test_what_nobody_would_ask_is_refused_and_the_talk_goes_on(post, asked, said) -> None:
    session = Session(post)
    session.answer(f'a1 LOGIN {ADDRESS} "box \\"1\\""')
    session.answer("a2 SELECT INBOX")
    assert session.answer(f"a3 {asked}").decode() == f"a3 BAD {said}\r\n"
    assert session.answer("a4 NOOP") == b"a4 OK NOOP completed\r\n"
