"""
Who watches an account: a lease that ends by itself, with an epoch that fences off whoever held it before.

Whether a lease has ended is told by the clock of who wants it. Clocks that differ cost a wait, never a double watch:
what decides is the epoch, which rises with every holder and is compared inside the transaction that writes.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, select, update

from engine.domain.journal import EventKind, Lease
from engine.domain.serial import text_of
from engine.errors import InvariantError, LeaseHeld, LeaseLost
from engine.stores.chain import Links
from engine.stores.columns import utc_text
from engine.stores.database import insert_into
from engine.stores.tables import LEASES


def acquire(connection: Connection, account: str, holder: str, now: datetime, span: timedelta) -> Lease:
    """Return the lease of an account, taken. Raises: LeaseHeld while another holder's has not ended."""
    asked = insert_into(connection.dialect, LEASES).values(
        account=account, holder=holder, epoch=1, expires_at=now + span
    )
    taken = asked.on_conflict_do_update(
        index_elements=[LEASES.c.account],
        set_={"holder": holder, "epoch": LEASES.c.epoch + 1, "expires_at": now + span},
        where=or_(LEASES.c.expires_at <= now, LEASES.c.holder == holder),
    ).returning(LEASES.c.epoch)
    epoch = connection.execute(taken).scalar()
    if epoch is None:
        row = connection.execute(select(LEASES).where(LEASES.c.account == account)).one()
        raise LeaseHeld(
            f"{account or 'the engine'} is watched by {row.holder} until {utc_text(row.expires_at)}; "
            "stop that engine, or wait until then",
            holder=row.holder,
            until=row.expires_at,
            account=account,
        )
    links = Links(connection)
    links.add(account, now, EventKind.LEASE, holder, text_of({"holder": holder, "epoch": epoch}))
    links.write()
    return Lease(account, holder, epoch, now + span)


def renew(connection: Connection, leases: tuple[Lease, ...], now: datetime, span: timedelta) -> tuple[Lease, ...]:
    """Return the leases with a later end, in their order. Raises: LeaseLost when another has taken one of them."""
    renewed = []
    for lease in leases:
        done = connection.execute(update(LEASES).where(*_same(lease)).values(expires_at=now + span))
        if not done.rowcount:
            raise _lost(connection, lease)
        renewed.append(Lease(lease.account, lease.holder, lease.epoch, now + span))
    return tuple(renewed)


def release(connection: Connection, lease: Lease, now: datetime) -> None:
    """End a lease, so that another may begin at once; one that is lost already stays as it is."""
    connection.execute(update(LEASES).where(*_same(lease)).values(expires_at=now))


def held(connection: Connection) -> tuple[Lease, ...]:
    """Return every lease that was ever taken, by account."""
    rows = connection.execute(select(LEASES).order_by(LEASES.c.account))
    return tuple([Lease(row.account, row.holder, row.epoch, row.expires_at) for row in rows])


def fence(connection: Connection, leases: tuple[Lease, ...]) -> None:
    """Let nobody take these leases before this transaction ends. Raises: LeaseLost when one has been taken already."""
    for lease in leases:
        # On a server this row is shared until the end: who takes the lease over waits for what we write under it.
        known = select(LEASES.c.epoch).where(*_same(lease)).with_for_update(read=True)
        if connection.execute(known).first() is None:
            raise _lost(connection, lease)


def _same(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return LEASES.c.account == lease.account, LEASES.c.holder == lease.holder, LEASES.c.epoch == lease.epoch


def _lost(connection: Connection, lease: Lease) -> LeaseLost:
    row = connection.execute(select(LEASES).where(LEASES.c.account == lease.account)).first()
    if row is None:
        raise InvariantError(f"no lease of {lease.account!r} was ever written", account=lease.account)
    return LeaseLost(
        f"{lease.account or 'the engine'} is watched by {row.holder} now (epoch {row.epoch}, ours was {lease.epoch}); "
        "nothing was written",
        account=lease.account,
    )
