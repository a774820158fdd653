"""Whatever is done to what was written, past the journal itself, is found; what nobody touched is found intact."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from engine.domain.journal import ENGINE, Head, Note, OutcomeRecord
from engine.stores.columns import packed
from engine.stores.database import Place
from engine.stores.upkeep import info, verified
from engine.stores.verify import Breach, Verified
from tests.stores.build import NOW, SPAN, decision, latch, opened, tick


def written(place: Place) -> None:
    """Two accounts with six events each, and two of the engine."""

    async def run() -> None:
        async with opened(place) as journal:
            for account in ("A1", "A2"):
                lease = await journal.acquire(account, "me", NOW, SPAN)
                for number in (1, 2):
                    one = decision(number, account, latch=latch(number, account))
                    outcome = OutcomeRecord(one.key, "exit", "CONFIRMED", NOW)
                    await journal.write(lease, tick(one, outcomes=(outcome,)))
                await journal.write(lease, tick(notes=(Note("x" * 600, NOW),)))
            await journal.keep_policies("d1", {"kill.yaml": "policy: kill\n"}, NOW)
            await journal.tell(Note("started", NOW))

    asyncio.run(run())


def touched(place: Place, *statements: str, **values: Any) -> None:
    """Somebody writes past the journal, and does not mind its foreign keys."""
    engine = create_engine(place.url)
    with engine.begin() as connection:
        if place.file is None:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(text(statement), values)
    engine.dispose()


def test_what_nobody_touched_is_intact(place: Place) -> None:
    written(place)
    found = verified(place)
    assert (found.events, found.breaches) == (14, ())
    assert [(head.chain, head.seq) for head in found.heads] == [("", 2), ("A1", 6), ("A2", 6)]
    assert verified(place, found.heads).breaches == ()


OTHER_BODY = packed('{"word":"nothing"}')
LATER = "2026-11-23T04:45:00.000001Z"
SWAP = (
    "UPDATE events SET seq = 100 WHERE chain = 'A1' AND seq = 3",
    "UPDATE events SET seq = 3 WHERE chain = 'A1' AND seq = 5",
    "UPDATE events SET seq = 5 WHERE chain = 'A1' AND seq = 100",
)
INSERT = """INSERT INTO events (chain, seq, at, kind, subject, body, previous, digest)
SELECT chain, 7, at, kind, subject, body, digest, digest FROM events WHERE chain = 'A1' AND seq = 6"""
CUT = ("DELETE FROM events WHERE chain = 'A1' AND seq = 6",)


@pytest.mark.parametrize(
    ("statements", "where"),
    [
        pytest.param(("UPDATE events SET body = :body WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="body"),
        pytest.param(("UPDATE events SET body = :junk WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="no-text"),
        pytest.param(("UPDATE events SET at = :later WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="at"),
        pytest.param(("UPDATE events SET at = 'today' WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="no-instant"),
        pytest.param(("UPDATE events SET kind = 'lease' WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="kind"),
        pytest.param(("UPDATE events SET kind = 'gossip' WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="no-kind"),
        pytest.param(("UPDATE events SET subject = 'x' WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="subject"),
        pytest.param(("UPDATE events SET previous = '' WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="previous"),
        pytest.param(("UPDATE events SET digest = previous WHERE chain = 'A1' AND seq = 6",), ("A1", 6), id="digest"),
        pytest.param(("DELETE FROM events WHERE chain = 'A1' AND seq = 3",), ("A1", 4), id="removed"),
        pytest.param(("DELETE FROM events WHERE chain = 'A1' AND seq = 1",), ("A1", 2), id="first-removed"),
        pytest.param(CUT, ("A1", None), id="last-removed"),
        pytest.param(("DELETE FROM events WHERE chain = 'A1'",), ("A1", None), id="all-removed"),
        pytest.param(("DELETE FROM chains WHERE chain = 'A1'",), ("A1", None), id="head-removed"),
        pytest.param((INSERT,), ("A1", 7), id="inserted"),
        pytest.param(SWAP, ("A1", 3), id="order"),
        pytest.param(("UPDATE events SET chain = 'A3' WHERE chain = 'A2'",), ("A2", None), id="moved"),
        pytest.param(("DELETE FROM latches WHERE account = 'A1' AND arm = 1",), ("A1", None), id="latch-removed"),
        pytest.param(("UPDATE latches SET period = '2026-11-22' WHERE account = 'A1'",), ("A1", None), id="latch"),
        pytest.param(("DELETE FROM decisions WHERE account = 'A1'",), ("A1", None), id="decision-removed"),
        pytest.param(("UPDATE decisions SET mode = 'dry_run' WHERE account = 'A1'",), ("A1", None), id="decision"),
        pytest.param(("UPDATE policy_sets SET files = :body",), (ENGINE, None), id="policies"),
        pytest.param(("DELETE FROM policy_sets",), (ENGINE, None), id="policies-removed"),
    ],
)  # fmt: skip
def test_it_is_found(place: Place, statements: tuple[str, ...], where: tuple[str, int | None]) -> None:
    written(place)
    assert verified(place).breaches == ()
    touched(place, *statements, body=OTHER_BODY, junk=b"\x00\x01", later=LATER)
    assert where in {(breach.chain, breach.seq) for breach in verified(place).breaches}


def test_a_chain_cut_with_its_head_is_found_by_what_was_noted(place: Place) -> None:
    written(place)
    noted = verified(place).heads
    fifth = "SELECT digest FROM events WHERE chain = 'A1' AND seq = 5"
    cut = f"UPDATE chains SET seq = 5, digest = ({fifth}) WHERE chain = 'A1'"
    touched(place, *CUT, cut)
    assert verified(place).breaches == ()
    assert verified(place, noted).breaches == (Breach("A1", None, "ends at event 5, but event 6 was noted"),)


def test_a_chain_written_anew_is_found_by_what_was_noted(file_place: Place) -> None:
    written(file_place)
    noted = Head("A1", 3, "f" * 64)
    assert verified(file_place, [noted]).breaches == (Breach("A1", 3, "is not the event that was noted"),)
    assert verified(file_place, [Head("A9", 1, "f" * 64)]).breaches[0].text == "ends at event 0, but event 1 was noted"


def test_what_is_found_is_told_with_all_of_it(place: Place) -> None:
    written(place)
    touched(place, "UPDATE events SET body = :body WHERE seq = 6", body=OTHER_BODY)
    found = verified(place)
    assert isinstance(found, Verified)
    assert [(one.chain, one.seq) for one in found.breaches] == [("A1", 6), ("A2", 6)]
    assert info(place).heads == found.heads
