"""What a desk's accounts cannot tell or do not watch: told with the policy's own place, once for all accounts."""

import pytest

from engine.policy.findings import Finding
from engine.runtime.desk_check import check_paths
from tests.cli.conftest import Write, cli, write
from tests.cli.files import TELLING, VALUES, acting, desk, policy

__all__ = ["cli", "write"]


def found(write: Write, *policies: str, more: str = "", **accounts: str) -> list[Finding]:
    write("desk/policies/values.yaml", VALUES)
    for number, text in enumerate(policies):
        write(f"desk/policies/p{number}.yaml", text)
    write("desk/rekha.yaml", more + desk(**accounts))
    return list(check_paths(["desk"]).findings)


@pytest.mark.usefixtures("cli")
class TestNeverKnown:
    def test_quotes_that_are_not_read(self, write: Write) -> None:
        text = policy(when="any(p.bid < 5 and p.is_short for p in positions)")
        (one,) = found(write, text, K1="{broker: kite}", K2="{broker: kite}", K3="{broker: kite, mark_basis: depth}")
        assert one.code == "never-known"
        assert one.message == "'positions.bid' is never known on K1, K2: its quotes are not read (mark_basis: last)"
        line = text.splitlines()[one.place.line - 1]
        assert line[one.place.column - 1 :][: one.place.length] == "p.bid"

    @pytest.mark.parametrize(
        ("when", "account", "names"),
        [
            ("loss >= loss_limit", "{broker: kotak, mark_basis: last}", ["loss"]),
            ("loss >= loss_limit", "{broker: kotak}", []),
            ("loss >= loss_limit", "{broker: kite}", []),
            ("spot('NIFTY') < 24_000", "{broker: kite}", ["spot"]),
            ("move('NIFTY', 5m) < -1%", "{broker: kite}", ["spot"]),
            ("spot('NIFTY') < 24_000", "{broker: kite, mark_basis: depth}", []),
            ("expires_today('NIFTY') and loss >= loss_limit", "{broker: kite}", []),
            ("any(p.trade_age > 1m for p in positions)", "{broker: kotak}", ["positions.trade_age"]),
            ("any(p.trade_age > 1m for p in positions)", "{broker: none}", []),
            ("any(not known(p.bid) for p in positions)", "{broker: kite}", []),
            (
                "any(p.trade_age > 1m for p in positions)",
                "{broker: kotak, policies: {watch: {mode: off, until: 2099-12-31, reason: a test}}}",
                [],
            ),
        ],
    )
    def test_by_broker_and_basis(self, write: Write, when: str, account: str, names: list[str]) -> None:
        told = found(write, policy(when=when), A1=account)
        assert [one.code for one in told] == ["never-known"] * len(names)
        assert all(f"'{name}'" in one.message for name, one in zip(names, told, strict=True))

    def test_a_rule_about_a_group(self, write: Write) -> None:
        text = policy(when="group.loss >= 50k").replace("when:", "for_each: group\nwhen:")
        assert found(write, text.replace("{loss}", "{group.loss}"), A1="{broker: kite}", A2="{broker: kite}") == []

    def test_a_level_and_a_line_at_once(self, write: Write) -> None:
        ladder = policy(confirm="{at_once_beyond: 30k}").replace(
            "when: loss >= 10k\n", "levels:\n  - {name: a, when: loss >= 10k}\n  - {name: b, when: loss >= 20k}\n"
        )
        (one,) = found(write, ladder, A1="{broker: kite}")
        assert (one.code, one.place.length) == ("never-known", len("30k"))


@pytest.mark.usefixtures("cli")
class TestGap:
    @pytest.mark.parametrize(
        ("confirm", "poll", "told"),
        [
            ("{samples: 2, max_gap: 5s}", "10s", True),
            ("{samples: 2, max_gap: 10s}", "10s", True),
            ("{samples: 2, max_gap: 30s}", "10s", False),
            ("{samples: 1, max_gap: 5s}", "10s", False),
            ("{samples: 1, at_least: 4s, max_gap: 5s}", "10s", True),
            ("{samples: 2, at_least: 60s}", "10s", False),
        ],
    )
    def test_against_the_poll(self, write: Write, confirm: str, poll: str, told: bool) -> None:
        codes = [one.code for one in found(write, policy(confirm=confirm), A1=f"{{poll: {poll}}}", A2="{poll: 2s}")]
        assert codes == (["gap-below-poll"] if told else [])


@pytest.mark.usefixtures("cli")
class TestRequired:
    @pytest.mark.parametrize(
        ("names", "accounts", "told"),
        [
            ("[kill]", {"A1": "{}", "A2": "{}"}, None),
            ("[kil]", {"A1": "{}"}, "did you mean 'kill'?"),
            (
                "[kill]",
                {"A1": "{}", "A2": "{policies: {kill: {mode: off, until: 2099-12-31, reason: a test}}}"},
                "not meant for A2",
            ),
            ("[some]", {"A1": "{}", "A2": "{}"}, "not meant for A2"),
            ("[dark]", {"A1": "{}"}, "not meant for A1"),
            ("[dark]", {"A1": "{policies: {dark: {mode: enforce}}}"}, None),
            ("[ladder]", {"A1": "{}"}, None),
            (
                "[ladder]",
                {"A1": "{policies: {ladder/b: {mode: off, until: 2099-12-31, reason: a test}}}"},
                "not meant for A1",
            ),
            ("[ladder/a]", {"A1": "{policies: {ladder/b: {mode: off, until: 2099-12-31, reason: a test}}}"}, None),
        ],
    )
    def test_by_account(self, write: Write, names: str, accounts: dict[str, str], told: str | None) -> None:
        ladder = policy("ladder", body=TELLING).replace(
            "when: loss >= 10k\n", "levels:\n  - {name: a, when: loss >= 3k}\n  - {name: b, when: loss >= 4k}\n"
        )
        policies = (
            acting("kill"),
            policy("some", when="loss >= 5k", accounts="[A1]"),
            policy("dark", when="loss >= 6k", mode="off"),
            ladder,
        )
        errors = found(write, *policies, more=f"required_policies: {names}\n", **accounts)
        assert [one.code for one in errors] == ([] if told is None else ["required-policy-missing"])
        for one in errors:
            assert (one.place.file, one.place.line) == ("desk/rekha.yaml", 1)
            assert told is not None
            assert told in f"{one.message}; {one.hint}"

    def test_while_the_set_is_broken_nothing_is_missing(self, write: Write) -> None:
        told = found(write, policy("kill", when="los >= 5k"), more="required_policies: [kill]\n", A1="{}")
        assert [one.code for one in told] == ["unknown-fact"]


STEPS = "levels:\n  - {name: a, when: loss >= warn_at}\n  - {name: b, when: loss >= loss_limit}\n"


@pytest.mark.usefixtures("cli")
class TestOwnValues:
    def ladder(self, write: Write, account: str, **more: str) -> list[Finding]:
        text = policy("steps").replace("when: loss >= 10k\n", STEPS)
        write("desk/policies/p0.yaml", text)
        write("desk/policies/values.yaml", f"{VALUES}warn_at: 6k\n")
        write("desk/rekha.yaml", desk(A1="{}", A2=account, **more))
        return list(check_paths(["desk"]).findings)

    def test_what_was_in_order_is_not_on_one_account(self, write: Write) -> None:
        (one,) = self.ladder(write, "{values: {loss_limit: 5k}}")
        assert (one.code, one.place.file, one.place.line) == ("ladder-order", "desk/rekha.yaml", 3)
        assert one.message.startswith("with the values of A2: ")

    def test_what_stays_in_order_is_not_told(self, write: Write) -> None:
        assert self.ladder(write, "{values: {loss_limit: 7k}}") == []
        assert (
            self.ladder(
                write, "{values: {loss_limit: 5k}, policies: {steps: {mode: off, until: 2099-12-31, reason: a test}}}"
            )
            == []
        )
