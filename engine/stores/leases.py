"""
Who watches an account: a lease that ends by itself, with an epoch that fences off whoever held it before.

Whether a lease has ended is told by the clock of who wants it. Clocks that differ cost a wait, never a double watch:
what decides is the epoch, which rises with every holder and is compared inside the transaction that writes.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select, update

from engine.domain.journal import EventKind, Lease
from engine.domain.serial import text_of
from engine.errors import InvariantError, LeaseHeld, LeaseLost
from engine.stores.chain import Links
from engine.stores.columns import Instant, utc_text
from engine.stores.database import on_both
from engine.stores.tables import LEASES

_TAKE: Final = on_both(
    lambda insert: (
        (asked := insert(LEASES))
        .on_conflict_do_update(
            index_elements=[LEASES.c.account],
            set_={
                "holder": asked.excluded.holder,
                "epoch": LEASES.c.epoch + 1,
                "expires_at": asked.excluded.expires_at,
            },
            where=or_(LEASES.c.expires_at <= bindparam("now", type_=Instant), LEASES.c.holder == asked.excluded.holder),
        )
        .returning(LEASES.c.epoch)
    )
)
_SAME: Final = (
    LEASES.c.account == bindparam("of"),
    LEASES.c.holder == bindparam("held_by"),
    LEASES.c.epoch == bindparam("since"),
)
# On a server the row is shared until the end: who takes the lease over waits for what we write under it.
_STANDS: Final = select(LEASES.c.epoch).where(*_SAME).with_for_update(read=True)
_UNTIL: Final = update(LEASES).where(*_SAME).values(expires_at=bindparam("until", type_=Instant))


def acquire(connection: Connection, account: str, holder: str, now: datetime, span: timedelta) -> Lease:
    """Return the lease of an account, taken. Raises: LeaseHeld while another holder's has not ended."""
    row = {"account": account, "holder": holder, "epoch": 1, "expires_at": now + span, "now": now}
    epoch = connection.execute(_TAKE[connection.dialect.name], row).scalar()
    if epoch is None:
        other = connection.execute(select(LEASES).where(LEASES.c.account == account)).one()
        raise LeaseHeld(
            f"{account or 'the engine'} is watched by {other.holder} until {utc_text(other.expires_at)}; "
            "stop that engine, or wait until then",
            holder=other.holder,
            until=other.expires_at,
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
        if not connection.execute(_UNTIL, _key(lease) | {"until": now + span}).rowcount:
            raise _lost(connection, lease)
        renewed.append(Lease(lease.account, lease.holder, lease.epoch, now + span))
    return tuple(renewed)


def release(connection: Connection, lease: Lease, now: datetime) -> None:
    """End a lease, so that another may begin at once; one that is lost already stays as it is."""
    connection.execute(_UNTIL, _key(lease) | {"until": now})


def held(connection: Connection) -> tuple[Lease, ...]:
    """Return every lease that was ever taken, by account."""
    rows = connection.execute(select(LEASES).order_by(LEASES.c.account))
    return tuple([Lease(row.account, row.holder, row.epoch, row.expires_at) for row in rows])


def fence(connection: Connection, leases: tuple[Lease, ...]) -> None:
    """Let nobody take these leases before this transaction ends. Raises: LeaseLost when one has been taken already."""
    for lease in leases:
        if connection.execute(_STANDS, _key(lease)).first() is None:
            raise _lost(connection, lease)


def _key(lease: Lease) -> dict[str, object]:
    return {"of": lease.account, "held_by": lease.holder, "since": lease.epoch}


def _lost(connection: Connection, lease: Lease) -> LeaseLost:
    row = connection.execute(select(LEASES).where(LEASES.c.account == lease.account)).first()
    if row is None:
        raise InvariantError(f"no lease of {lease.account!r} was ever written", account=lease.account)
    return LeaseLost(
        f"{lease.account or 'the engine'} is watched by {row.holder} now (epoch {row.epoch}, ours was {lease.epoch}); "
        "nothing was written",
        account=lease.account,
    )
