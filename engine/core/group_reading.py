"""What each account shows to the rules about groups, and what these readings come to at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from types import MappingProxyType

from engine.core.at_once import is_two_sided
from engine.core.env import AccountEnv, read_from, stamps_of
from engine.core.evaluate import Evaluation
from engine.domain.account import Account, Profile
from engine.domain.kinds import show_duration
from engine.domain.numbers import seconds_of
from engine.domain.values import Unknown, Value, unknown
from engine.facts.base import Demands, FactSpec, Part, View
from engine.facts.group import Group, Member, made_of
from engine.facts.parts import too_old
from engine.policy import ir
from engine.policy.program import Policy, Program, Selector

# Figures of different moments are no sum: between two of them the market has moved.
FARTHEST_APART = timedelta(seconds=10)
_BOOKS = ("positions", "orders")


@dataclass(frozen=True, slots=True)
class MemberReading:
    """
    What one account's last evaluation showed of the facts that groups ask for.

    taken_at: of its reading. stamps: when each part that was read was taken, by part name. values: by what a policy
    demands of facts, and name. books_known: positions and orders were known. is_two_sided: every open position had a
    bid and an offer; looked at only where a policy asks.
    """

    account: str
    taken_at: datetime
    stamps: Mapping[str, datetime]
    values: Mapping[tuple[Demands, str], Value]
    books_known: bool
    is_two_sided: bool


def group_policies(program: Program) -> tuple[Policy, ...]:
    """Return the policies about groups, in file order."""
    found: tuple[Policy, ...] | None = program.memo.get("group policies")
    if found is None:
        found = tuple(policy for policy in program.policies if policy.is_of_group)
        program.memo["group policies"] = found
    return found


def reading_of(program: Program, account: Account, evaluation: Evaluation) -> MemberReading | None:
    """Return what an account shows to the groups it belongs to, also where their policy is off; None without one."""
    policies = [one for one in group_policies(program) if one.accounts.selects(account.id, account.labels)]
    views = evaluation.next_state.views
    if not policies or views is None:
        return None
    values: dict[tuple[Demands, str], Value] = {}
    for policy in policies:
        env = AccountEnv(views.of(policy.demands), program.catalogue, {})
        for fact in asked_of(program, policy):
            values.setdefault((policy.demands, fact.name), env.fact(fact.name))
    base = AccountEnv(views.base, program.catalogue, {})
    return MemberReading(
        account=account.id,
        taken_at=views.base.snapshot.taken_at,
        stamps=MappingProxyType(stamps_of(views.base.snapshot, frozenset(Part) - {Part.PRICES})),
        values=MappingProxyType(values),
        books_known=not any(isinstance(base.rows(book), Unknown) for book in _BOOKS),
        is_two_sided=any(one.confirm.at_once_beyond is not None for one in policies) and is_two_sided(base),
    )


def asked_of(program: Program, policy: Policy) -> tuple[FactSpec, ...]:
    """Return the facts of each member that a policy about a group needs."""
    key = ("asked of members", policy.name)
    found: tuple[FactSpec, ...] | None = program.memo.get(key)
    if found is None:
        parts = chain.from_iterable(ir.walk(tree) for tree in policy.trees)
        fields = {part.field: None for part in parts if isinstance(part, ir.FieldRef)}
        found = tuple({fact.name: fact for name in fields for fact in made_of(name)}.values())
        program.memo[key] = found
    return found


def group_of(
    policy: Policy, facts: tuple[FactSpec, ...], views: Mapping[str, View], readings: Mapping[str, MemberReading]
) -> Group:
    """
    Return the members of a policy's group as they are seen at one instant.

    views: of each member, in the order of the desk, for its clock, session and profile. A member never read is unknown,
    and so is what has grown stale since it was read.
    """
    members = tuple(
        Member(
            name,
            view.account.currency,
            view.account.zone,
            MappingProxyType({fact.name: _value_now(fact, view, readings.get(name)) for fact in facts}),
        )
        for name, view in views.items()
    )
    return Group(words_of(policy.accounts), members, _why_apart(views, readings))


def words_of(selector: Selector) -> str:
    """Return what a group is called: `all`, `A1+A2`, `family=f1`."""
    if selector.ids is not None:
        return "+".join(selector.ids)
    return ", ".join(f"{key}={value}" for key, value in selector.labels.items()) or "all"


def has_fresh_books(view: View, reading: MemberReading | None) -> bool:
    """Return whether positions and orders of a member are known, and still are at the instant of a view."""
    if reading is None or not reading.books_known:
        return False
    stamps = (reading.stamps.get(book) for book in _BOOKS)
    return not any(stamp and too_old(view, stamp, view.account.profile.books_max_age) for stamp in stamps)


def _value_now(fact: FactSpec, view: View, reading: MemberReading | None) -> Value:
    value = None if reading is None else reading.values.get((view.demands, fact.name))
    if reading is None or value is None:
        return Unknown(("not read yet",), fact.low, fact.high)
    stale = None if fact.is_fixed else _stale_part(fact, view, reading)
    return value if stale is None else Unknown((stale,), fact.low, fact.high)


def _stale_part(fact: FactSpec, view: View, reading: MemberReading) -> str | None:
    profile = view.account.profile
    for part in sorted(read_from(fact.needs, profile), key=lambda one: one.value):
        taken_at, limit = reading.stamps.get(part.value), _max_age(part, profile)
        age = None if taken_at is None or limit is None else too_old(view, taken_at, limit)
        if age is not None:
            return f"{part.value} are {age}"
    return None


def _max_age(part: Part, profile: Profile) -> timedelta | None:
    if part in (Part.POSITIONS, Part.ORDERS, Part.FILLS):
        return profile.books_max_age
    return {Part.FUNDS: profile.funds_max_age, Part.QUOTES: profile.quotes_max_age}.get(part)


def _why_apart(views: Mapping[str, View], readings: Mapping[str, MemberReading]) -> Unknown | None:
    currencies = sorted({view.account.currency for view in views.values()})
    if len(currencies) > 1:
        return unknown(f"the members' money is in {' and '.join(currencies)}, which cannot be added up")
    taken = sorted((readings[name].taken_at, name) for name in views if name in readings)
    if not taken or taken[-1][0] - taken[0][0] <= FARTHEST_APART:
        return None
    (first, oldest), (last, newest) = taken[0], taken[-1]
    apart, limit = (show_duration(seconds_of(span)) for span in (last - first, FARTHEST_APART))
    return unknown(f"the readings of {oldest} and {newest} lie {apart} apart (limit {limit})")
