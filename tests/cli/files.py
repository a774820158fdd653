"""Policies, desks and snapshots for the command tests, as the text a person would write."""

from typing import Any

ACTING = """\
confirm: {samples: 2, at_least: 3s}
on_unknown: {alert: after 10s}
once: per account per day
then:
  - square_off: all
"""
TELLING = """\
then:
  - notify: telegram
"""
FLAGSHIP = "\n".join(("", "  all:", "    - loss >= loss_limit", "    - stop_loss_hit"))
VALUES = "loss_limit: 10,000 INR\n"


def policy(name: str = "watch", when: str = "loss >= 10k", body: str = TELLING, **keys: str) -> str:
    """One policy; `keys` replace or add whole lines."""
    head = {"policy": name, "title": "A rule", "severity": "critical", "mode": "dry_run", "accounts": "all"}
    lines = [f"{key}: {text}" for key, text in ({**head, **keys}).items() if text]
    return "\n".join((*lines, f"when: {when}", body.rstrip(), 'because: "Loss {loss}"', ""))


def acting(name: str = "act", when: str = "loss >= 10k", **keys: str) -> str:
    return policy(name, when, ACTING, **keys)


def snapshot(account: str = "A1", at: str = "10:45:00", parts: str | None = None) -> str:
    """One reading of 23 Nov 2026; by default a call sold at 100 and last traded at 180, no orders and no trades."""
    if parts is None:
        parts = (
            "positions:\n  - {symbol: NIFTY26N2424000CE, sold: [75, 100], last_price: 180, lot_size: 75}\n"
            "orders: []\nfills: []\n"
        )
    return f"account: {account}\ntaken_at: 2026-11-23T{at}+05:30\n{parts}"


def desk(**accounts: str) -> str:
    """A rekha.yaml; each account is the flow text of its keys, such as `{broker: kite}`."""
    return "accounts:\n" + "".join(f"  {name}: {text}\n" for name, text in accounts.items())


def one(rows: list[dict[str, Any]], name: str, account: str | None = None) -> dict[str, Any]:
    """The one row of a dry run's JSON for a policy."""
    found = [row for row in rows if row["policy"] == name and account in (None, row["account"])]
    assert len(found) == 1, [row["policy"] for row in rows]
    return found[0]


# A call sold at 100 and bought back by its stop at 170: 150 × 70 = 10,500 lost.
STOPPED = """\
positions:
  - {symbol: NIFTY26N2424000CE, sold: [150, 100], bought: [150, 170], last_price: 172, lot_size: 75}
orders:
  - {id: S1, symbol: NIFTY26N2424000CE, side: BUY, type: STOP, status: FILLED, quantity: 150, trigger_price: 168,
     average_price: 170, placed_at: 09:20:30, updated_at: 10:40:00}
fills:
  - {id: F1, order_id: E1, symbol: NIFTY26N2424000CE, side: SELL, quantity: 150, price: 100, filled_at: 09:20:00}
  - {id: F2, order_id: S1, symbol: NIFTY26N2424000CE, side: BUY, quantity: 150, price: 170, filled_at: 10:40:00}
"""
