"""What is written to a journal comes back, of either database the same; a write without the lease does not happen."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from bench.days import snapshot_of as a_snapshot
from engine.core.reading_form import recorded_reading, snapshot_of
from engine.domain.journal import (
    ENGINE,
    CommandState,
    Event,
    EventKind,
    Lease,
    Note,
    OutcomeRecord,
    StateChange,
    StoredState,
    Tick,
    Written,
)  # fmt: skip
from engine.errors import InvariantError, LeaseHeld, LeaseLost, StoreError
from engine.ports import Journal, StateStore
from engine.stores.database import Place
from engine.stores.journal import SqlJournal
from engine.stores.readings import Bounds
from tests.stores.build import NOW, SPAN, command, decision, latch, opened, parts, tick, with_lease

SECOND = timedelta(seconds=1)


def test_it_is_a_journal_and_a_state_store(file_place: Place) -> None:
    async def work(journal: SqlJournal, _: Lease) -> tuple[Journal, StateStore]:
        return journal, journal

    assert len(with_lease(file_place, work)) == 2


def test_a_state_comes_back_as_its_parts_were_written_last(place: Place) -> None:
    heard = tuple((NOW + number * SECOND, f"h{number}") for number in range(3))

    async def work(journal: SqlJournal, lease: Lease) -> list[StoredState | None]:
        found = [await journal.restore("A1")]
        await journal.write(
            lease, Tick(NOW, StateChange({"rules": "old", "memory": "m" * 5000}, heard[:2], begins=True))
        )
        await journal.write(lease, Tick(NOW, StateChange({"rules": "new"}, heard[2:])))
        found.append(await journal.restore("A1"))
        await journal.write(lease, Tick(NOW, StateChange(heard=heard[2:], begins=True)))
        return [*found, await journal.restore("A1"), await journal.restore("A2")]

    nothing, all_of_it, anew, other = with_lease(place, work)
    assert nothing is other is None
    assert all_of_it == StoredState({"rules": "new", "memory": "m" * 5000}, ("h0", "h1", "h2"))
    assert anew == StoredState({"rules": "new", "memory": "m" * 5000}, ("h2",))


def test_a_decision_is_written_once_with_its_latch(place: Place) -> None:
    one = decision(1, latch=latch(), trace='{"kind":"all"}', reading='{"positions":[]}')
    same_latch, same_key = decision(2, latch=latch()), decision(1, latch=latch(7))

    async def work(journal: SqlJournal, lease: Lease) -> None:
        assert await journal.write(lease, tick(one)) == Written()
        assert await journal.write(lease, tick(one)) == Written(frozenset({one.key}))
        assert await journal.write(lease, tick(same_latch)) == Written(frozenset({same_latch.key}))
        assert await journal.write(lease, tick(same_key)) == Written(frozenset({one.key}))
        free = decision(3)
        assert await journal.write(lease, tick(decision(2, latch=latch(2)), free, same_latch)) == Written(
            frozenset({same_latch.key})
        )
        assert await journal.decision(one.key) == one
        assert await journal.decision("nothing") is None
        assert await journal.decisions("A1", NOW + 2 * SECOND) == (decision(2, latch=latch(2)), free)
        await journal.write(lease, Tick(NOW, parts(rules="x")))
        restored = await journal.restore("A1")
        assert restored is not None
        assert restored.latches == {latch(), latch(2)}
        kinds = [event.kind for event in await journal.events("A1")]
        assert kinds == [EventKind.LEASE, *[EventKind.DECISION] * 3]

    with_lease(place, work)


def test_what_a_rule_about_groups_decides_is_latched_in_its_own_state(place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        groups = await journal.acquire(ENGINE, "me", NOW, SPAN)
        here = decision(1, latch=latch(), is_of_group=True)
        await journal.write(groups, Tick(NOW, parts(rules="g"), decisions=(here,)), lease)
        await journal.write(lease, Tick(NOW, parts(rules="a")))
        of_group, own = await journal.restore(ENGINE), await journal.restore("A1")
        assert of_group == StoredState({"rules": "g"}, (), frozenset({latch()}))
        assert own == StoredState({"rules": "a"})
        with pytest.raises(InvariantError, match="decisions of A2"):
            await journal.write(groups, tick(decision(1, "A2")), lease)

    with_lease(place, work)


def test_a_tick_is_written_whole_or_not_at_all(place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        twice = ((NOW, "h"), (NOW, "h"))
        with pytest.raises(StoreError, match="was not written"):
            await journal.write(lease, Tick(NOW, StateChange({"rules": "x"}, twice), decisions=(decision(),)))
        assert await journal.restore("A1") is None
        assert await journal.decision(decision().key) is None
        assert len(await journal.events("A1")) == 1

    with_lease(place, work)


def test_many_at_once_are_all_written_but_the_one_that_cannot_be(place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        old = Lease("A1", "another", 0, NOW)
        ticks = [journal.write(old if number == 7 else lease, tick(decision(number))) for number in range(20)]
        results = await asyncio.gather(*ticks, return_exceptions=True)
        assert [number for number, one in enumerate(results) if one != Written()] == [7]
        assert isinstance(results[7], LeaseLost)
        assert [event.seq for event in await journal.events("A1")] == list(range(1, 21))
        assert [one.episode for one in await journal.decisions("A1", NOW)] == [n for n in range(20) if n != 7]

    with_lease(place, work)


def test_who_gives_up_waiting_disturbs_nobody(file_place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        tasks = [asyncio.create_task(journal.write(lease, tick(decision(number)))) for number in range(10)]
        await asyncio.sleep(0)
        tasks[4].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(one == Written() for one in results) == 9

    with_lease(file_place, work)


def test_outcomes_and_notes_stand_in_the_chain_of_the_account(place: Place) -> None:
    outcomes = tuple(
        OutcomeRecord(decision().key, step, "CONFIRMED", NOW, {"left": str(Decimal("0.50"))})
        for step in ("exit", "watch")
    )

    async def work(journal: SqlJournal, lease: Lease) -> None:
        await journal.write(lease, tick(decision(), outcomes=outcomes, notes=(Note("restarted", NOW, "A1"),)))
        await journal.tell(Note("clock is off", NOW, details={"by": "3s"}))
        assert await journal.outcomes(decision().key) == outcomes
        own, engine = await journal.events("A1", after=1), await journal.events(ENGINE)
        assert [event.kind.value for event in own] == ["decision", "outcome", "outcome", "note"]
        assert [(event.seq, event.body) for event in engine] == [(1, '{"word":"clock is off","by":"3s"}')]
        assert all(later.previous == earlier.digest for earlier, later in pairwise(own))

    with_lease(place, work)


def test_a_policy_set_is_kept_once(place: Place) -> None:
    async def work(journal: SqlJournal, _: Lease) -> list[Event]:
        for _ in range(2):
            await journal.keep_policies("d1", {"kill.yaml": "policy: kill\n"}, NOW)
        assert await journal.policies("d1") == {"kill.yaml": "policy: kill\n"}
        assert await journal.policies("d2") is None
        await journal.beat("me", NOW, {"accounts": "1"})
        await journal.beat("me", NOW + SECOND, {"accounts": "2"})
        return list(await journal.events(ENGINE))

    assert [event.subject for event in with_lease(place, work)] == ["d1"]


# --- leases


def test_only_one_watches_an_account_at_a_time(place: Place) -> None:
    async def work(journal: SqlJournal, mine: Lease) -> None:
        async with opened(place) as other:
            with pytest.raises(LeaseHeld, match="A1 is watched by me until 2026-11-23T04:45:30") as held:
                await other.acquire("A1", "you", NOW + 29 * SECOND, SPAN)
            assert (held.value.holder, held.value.until) == ("me", NOW + SPAN)
            (mine,) = await journal.renew([mine], NOW + 20 * SECOND, SPAN)
            with pytest.raises(LeaseHeld):
                await other.acquire("A1", "you", NOW + SPAN, SPAN)
            theirs = await other.acquire("A1", "you", mine.expires_at, SPAN)
            assert (mine.epoch, theirs.epoch) == (1, 2)
            for stale in (
                journal.write(mine, tick(decision())),
                journal.renew([mine], NOW, SPAN),
                journal.take([mine], NOW),
            ):
                with pytest.raises(LeaseLost, match=r"A1 is watched by you now \(epoch 2, ours was 1\)"):
                    await stale
            assert await other.write(theirs, tick(decision())) == Written()
            await journal.release(mine, NOW)
            await other.release(theirs, NOW + 40 * SECOND)
            again = await journal.acquire("A1", "me", NOW + 40 * SECOND, SPAN)
            assert again.epoch == 3

    with_lease(place, work)


def test_one_holder_may_take_its_own_lease_anew(place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        again = await journal.acquire("A1", "me", NOW, SPAN)
        assert (lease.epoch, again.epoch) == (1, 2)
        with pytest.raises(LeaseLost):
            await journal.write(lease, tick())

    with_lease(place, work)


# --- commands


def test_a_command_is_taken_once_and_finished_once(place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        late = command("c0", at=NOW - 40 * SECOND)
        for one in (command("c2"), command("c1", at=NOW - SECOND), late, command("x", "A2")):
            assert await journal.ask(one)
        assert not await journal.ask(command("c1"))
        taken = await journal.take([lease], NOW)
        assert [(one.id, one.state, one.details) for one in taken] == [
            ("c1", CommandState.TAKEN, {"ask": "no"}),
            ("c2", CommandState.TAKEN, {"ask": "no"}),
        ]
        assert await journal.take([lease], NOW) == ()
        for result in ("stopped", "again"):
            await journal.write(lease, tick(done={"c1": result, "c0": result, "nothing": result}))
        done, expired = await journal.command("c1"), await journal.command("c0")
        assert done is not None
        assert (done.state, done.result, done.why) == (CommandState.DONE, "stopped", "lunch")
        assert expired is not None
        assert (expired.state, expired.result) == (CommandState.EXPIRED, "")
        assert await journal.command("nothing") is None
        told = [event.subject for event in await journal.events("A1") if event.kind is EventKind.COMMAND]
        assert told == ["c0", "c1", "c2", "c1"]

    with_lease(place, work)


# --- readings


def test_readings_come_back_exactly_and_take_little_room(place: Place) -> None:
    books = [a_snapshot(Random(7), NOW, 30)]
    for number in range(1, 40):
        random, before = Random(number), books[-1]
        rows = tuple(
            type(leg)(**{name: getattr(leg, name) for name in leg.__dataclass_fields__} | {"last_price": price})
            for leg in before.positions.rows  # type: ignore[union-attr]
            for price in [Decimal(random.randint(100, 9000)) / 20]
        )
        at = before.taken_at + 10 * SECOND
        fields = {name: getattr(before, name) for name in before.__dataclass_fields__}
        books.append(type(before)(**fields | {"taken_at": at, "positions": type(before.positions)(rows, at)}))  # type: ignore[call-arg]
    first = last = recorded_reading(books[0])
    readings = [first]
    for earlier, book in pairwise(books):
        last = recorded_reading(book, (earlier, last))
        assert last == recorded_reading(book)
        readings.append(last)

    async def work(journal: SqlJournal, lease: Lease) -> None:
        for one in [*readings, readings[3]]:
            await journal.write(lease, tick(reading=one))
        found = await journal.readings("A1", NOW, NOW + timedelta(days=1))
        assert found == tuple(readings)
        assert [snapshot_of(one) for one in found] == books
        some = await journal.readings("A1", books[5].taken_at, books[8].taken_at)
        assert some == tuple(readings[5:8])
        assert await journal.prune(NOW, Bounds()) == (0, 0)
        # A run of readings goes together: its whole one is what the others are packed against.
        removed, _ = await journal.prune(NOW, Bounds(size=10_000))
        kept = await journal.readings("A1", NOW, NOW + timedelta(days=1))
        assert 0 < len(kept) == len(readings) - removed < len(readings)
        assert kept == tuple(readings[removed:])
        after_all = NOW + timedelta(days=8)
        assert await journal.prune(after_all, Bounds(age=timedelta(days=7))) == (len(kept), 0)
        again = recorded_reading(books[0])
        await journal.write(lease, tick(reading=again))
        assert await journal.readings("A1", NOW, after_all) == (again,)

    with_lease(place, work)
    plain = sum(len(text) for one in readings for text in one.parts.values())
    assert plain / len(readings) > 20_000


def test_what_is_finished_is_pruned_and_what_waits_is_not(place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        for key in ("c1", "c2"):
            await journal.ask(command(key))
        await journal.take([lease], NOW)
        await journal.write(lease, tick(done={"c1": "ok"}))
        assert await journal.prune(NOW + timedelta(days=8), Bounds()) == (0, 1)
        assert await journal.command("c1") is None
        assert await journal.command("c2") is not None

    with_lease(place, work)


def test_a_closed_journal_says_so(file_place: Place) -> None:
    async def work() -> None:
        journal = await SqlJournal.opened(file_place)
        await journal.close()
        await journal.close()
        with pytest.raises(StoreError, match="it is closed"):
            await journal.tell(Note("too late", NOW))

    asyncio.run(work())
