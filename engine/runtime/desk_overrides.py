"""What an account of `rekha.yaml` does differently: read, checked, and guarded where it loosens anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.overrides import Override
from engine.policy import ir
from engine.policy.findings import Place, Report, suggestion
from engine.policy.overrides import compile_overrides
from engine.policy.program import Policy, Program
from engine.policy.tighter import is_weaker, uses, why_looser
from engine.policy.yaml_text import Entry, Node, Scalar
from engine.policy.yaml_text import Mapping as MappingNode
from engine.runtime.policy_files import LATER


@dataclass(frozen=True, slots=True)
class Term:
    """How long an override holds and why; `place`: where its end stands."""

    until: date | None
    reason: str
    place: Place


def compile_account_overrides(
    account: Account, node: MappingNode, program: Program, today: date | None, report: Report
) -> tuple[Override, ...]:
    """
    Return what an account does differently, the weightier last; what is wrong or loosens without a term is left out.

    node: the account's. today: to warn of what has ended; None when nobody knows the day.
    """
    reading = _Reading(account, program, today, report)
    return (*reading.values(node.get("values")), *reading.policies(node.get("policies")))


@dataclass(frozen=True, slots=True)
class _Reading:
    account: Account
    program: Program
    today: date | None
    report: Report

    def values(self, node: Node | None) -> Iterable[Override]:
        if not isinstance(node, MappingNode):
            return
        own = self._compiled(node, None)
        watching = [one for one in self.program.policies if one.accounts.selects(self.account.id, self.account.labels)]
        for entry in node.entries:
            name = entry.key.text
            if name not in own:
                continue
            term = self._term(entry.value)
            desk = self.program.values[name]
            # A rule about several accounts goes by the desk's values.
            alone = [one for one in watching if not one.is_of_group]
            asking = [one for one in watching if uses(one, name, self.program.values)]
            if asking and not any(one in alone for one in asking):
                self._group_override(asking[0], entry.key.place)
                continue
            why = why_looser(name, own[name], desk, alone, self.program.values)
            users = [one for one in asking if one.required and one in alone]
            if self._may_be(f"'{name}'", why, term, users, entry.key.place):
                yield Override("", name, own[name], term.until, term.reason)

    def policies(self, node: Node | None) -> Iterable[Override]:
        entries = node.entries if isinstance(node, MappingNode) else ()

        def precedence(entry: Entry) -> tuple[bool, bool]:
            # A level before its whole ladder, a name of today before a former one, whichever stands first.
            return bool(self.program.called(entry.key.text)), "/" in entry.key.text

        for entry in sorted(entries, key=precedence):
            policies = policies_called(entry.key, self.program, self.report)
            if not isinstance(entry.value, MappingNode) or not policies:
                continue
            term = self._term(entry.value)
            if entry.value.get("mode") is None and entry.value.get("let") is None:
                message = f"nothing of {entry.key.text} differs here"
                self.report.error("missing-key", entry.key.place, message, "add mode: or let:")
            word = entry.value.get("mode")
            mode = next((one for one in Mode if isinstance(word, Scalar) and one.value == word.text), None)
            if mode is not None:
                for policy in policies:
                    yield from self._mode(policy, mode, term, entry.key.place)
            lets = entry.value.get("let")
            if isinstance(lets, MappingNode):
                yield from self._lets(policies, lets, term)

    def _mode(self, policy: Policy, mode: Mode, term: Term, place: Place) -> Iterable[Override]:
        weaker = is_weaker(mode, policy.mode)
        if weaker and policy.required:
            message = f"{policy.name} is required and cannot be weakened to {mode.value}"
            self.report.error("required-policy", place, message, f"it is {policy.mode.value}")
            return
        why = f"{mode.value} does less than {policy.mode.value}" if weaker else None
        if self._may_be(f"the mode of {policy.name}", why, term, (), place):
            yield Override(policy.name, "", mode, term.until, term.reason)

    def _lets(self, policies: tuple[Policy, ...], node: MappingNode, term: Term) -> Iterable[Override]:
        for policy in policies:
            if policy.is_of_group:
                self._group_override(policy, node.place)
                continue
            own = self._compiled(node, policy)
            for entry in node.entries:
                name = entry.key.text
                if name not in own:
                    continue
                values = {**self.program.values, **policy.lets}
                why = why_looser(name, own[name], policy.lets[name], (policy,), values)
                said = self._term(entry.value)
                here = Term(said.until or term.until, said.reason or term.reason, said.place)
                if self._may_be(f"'{name}'", why, here, [policy] if policy.required else [], entry.key.place):
                    yield Override(policy.name, name, own[name], here.until, here.reason)

    def _group_override(self, policy: Policy, place: Place) -> None:
        hint = "write it into the policy, or make a policy for that account"
        message = f"{policy.name} is about several accounts together, and has one value for all of them"
        self.report.error("group-override", place, message, hint)

    def _compiled(self, node: MappingNode, policy: Policy | None) -> dict[str, ir.Node]:
        # Of a ladder's levels each may find the same fault in the same place.
        found, known = Report(), {(one.code, one.place) for one in self.report.sorted()}
        program = self.program
        own = compile_overrides(node, program, program.catalogue, LATER, self.account.currency, found, policy)
        self.report.extend(one for one in found.sorted() if (one.code, one.place) not in known)
        return own

    def _may_be(self, what: str, why: str | None, term: Term, required: Iterable[Policy], place: Place) -> bool:
        if why is None:
            return True
        guarded = [one.name for one in required]
        if guarded:
            message = f"{guarded[0]} is required, and {what} is not plainly tighter here: {why}"
            self.report.error(
                "required-policy", place, message, "a required policy cannot be weakened, however briefly"
            )
            return False
        if term.until is None or not term.reason:
            lacking = " and ".join(
                word for word, told in (("until:", term.until is not None), ("reason:", bool(term.reason))) if not told
            )
            message = f"{what} is not plainly tighter here: {why}"
            self.report.error("loose-override", place, message, f"add {lacking}, so that it ends and says why")
            return False
        return True

    def _term(self, node: Node) -> Term:
        if not isinstance(node, MappingNode):
            return Term(None, "", node.place)
        until, reason = node.get("until"), node.get("reason")
        words = " ".join(reason.text.split()) if isinstance(reason, Scalar) else ""
        if not isinstance(until, Scalar):
            return Term(None, words, node.place)
        try:
            day = date.fromisoformat(until.text)
        except ValueError:
            if until.text.replace("-", "").isdigit():
                self.report.error("wrong-value", until.place, f"there is no day {until.text}", "write year-month-day")
            return Term(None, words, until.place)
        if self.today is not None and day < self.today:
            hint = "take it out, or give it a later day"
            self.report.warning("override-ended", until.place, f"this ended with {day}, and holds no more", hint)
        return Term(day, words, until.place)


def policies_called(key: Scalar, program: Program, report: Report) -> tuple[Policy, ...]:
    """Return the policies an override is for: that of a name, every level of a ladder, or those formerly so called."""
    policies, former = program.called(key.text), program.formerly(key.text)
    if not policies and former:
        now = former[0].name if former[0].was == key.text else former[0].ladder
        report.warning("renamed-policy", key.place, f"the policy '{key.text}' is called '{now}' now", f"write {now}:")
        return former
    if not policies:
        names = (name for known in program.policies for name in (known.name, known.ladder))
        report.error("unknown-policy", key.place, f"there is no policy '{key.text}'", suggestion(key.text, names))
    return policies
