"""`rekha explain`: every fact, field, action and shipped policy in plain words; a wrong name gets a helpful answer."""

from pathlib import Path

import pytest

from engine.actions.catalogue import ACTIONS
from engine.cli import explain
from engine.facts.catalogue import CATALOGUE
from engine.policy.scope import HISTORY
from engine.runtime.policy_files import load_policies
from engine.runtime.resources import resource_dir
from tests.cli.conftest import Cli, Write
from tests.cli.files import VALUES, acting, desk, policy

SHIPPED = load_policies([str(resource_dir("policies"))]).require().policies


def test_the_module_explains() -> None:
    assert callable(explain.run)


@pytest.mark.parametrize("name", CATALOGUE.facts)
def test_every_fact(cli: Cli, name: str) -> None:
    ran = cli("explain", "fact", name)
    assert ran.code == 0
    assert ran.out.startswith(f"{name}: {CATALOGUE.facts[name].doc}\n")
    assert f"example  {CATALOGUE.facts[name].example}" in ran.out


@pytest.mark.parametrize("name", CATALOGUE.functions)
def test_every_function(cli: Cli, name: str) -> None:
    ran, spec = cli("explain", "fact", name), CATALOGUE.functions[name]
    assert ran.code == 0
    assert ran.out.startswith(f"{spec.words}\n")
    assert f"example  {spec.example}" in ran.out
    assert spec.words in cli("explain", "sentence").out


@pytest.mark.parametrize("name", HISTORY)
def test_every_question_about_the_past(cli: Cli, name: str) -> None:
    ran = cli("explain", "fact", name)
    assert ran.code == 0
    assert ran.out.startswith(f"{HISTORY[name]}\n")
    assert HISTORY[name] in cli("explain", "sentence").out


@pytest.mark.parametrize("plural", CATALOGUE.rows)
def test_every_kind_of_rows_and_every_field(cli: Cli, plural: str) -> None:
    rows = CATALOGUE.rows[plural]
    whole = cli("explain", "fact", plural).out
    assert whole == cli("explain", "fact", rows.singular).out
    for name, field in rows.fields.items():
        assert f"{rows.singular}.{name}" in whole
        assert cli("explain", "fact", f"{rows.singular}.{name}").out.startswith(f"{rows.singular}.{name}: {field.doc}")


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action(cli: Cli, name: str) -> None:
    ran = cli("explain", "action", name)
    assert ran.code == 0
    assert ran.out.startswith(f"{name}: {ACTIONS[name].doc}")
    assert "undone by" in ran.out


@pytest.mark.parametrize("name", [policy.name for policy in SHIPPED])
def test_every_shipped_policy(cli: Cli, name: str) -> None:
    ran = cli("explain", name)
    assert ran.code == 0
    assert ran.out.startswith(f"{name}: ")
    for words in ("It is true when", "It fires ", "While it is unknown", "Then, in this order:", "It reads "):
        assert words in ran.out
    assert cli("explain", name) == ran


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        pytest.param(["fact", "mtn"], "did you mean 'mtm'?", id="a-fact"),
        pytest.param(["fact", "position.unrealised_pnl"], "did you mean 'position.unrealized_pnl'?", id="a-field"),
        pytest.param(["fact", "ünknown"], "there is no fact 'ünknown'", id="nothing-near"),
        pytest.param(["action", "squareoff"], "did you mean 'square_off'?", id="an-action"),
        pytest.param(["action", "xyz"], "actions are notify", id="no-action-near"),
        pytest.param(["broker", "groww"], "known are kite, kotak", id="no-broker"),
        pytest.param(["naked-shrt"], "did you mean 'naked-short'?", id="a-policy"),
        pytest.param(["xyz"], "has blind-with-shorts", id="no-policy-near"),
    ],
)
def test_a_name_that_is_none(cli: Cli, topic: list[str], told: str) -> None:
    ran = cli("explain", *topic)
    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err


@pytest.mark.parametrize("topic", [[], ["fact"], ["action"], ["broker"], ["fact", "a", "b"], ["a", "b"]])
def test_misuse(cli: Cli, topic: list[str]) -> None:
    assert cli("explain", *topic).code == 2


def test_what_is_known_of_a_broker_is_told_with_its_source(cli: Cli) -> None:
    ran = cli("explain", "broker", "kotak")
    assert ran.code == 0
    for told in (
        "  stop_market       no (not verified)\n",
        "  limit             yes (verified)\n                      source: the API's documentation\n",
        "  orders            5 a second (not verified)\n",
        "  blocks API orders not known\n",
        "  ends a session    00:00; ",
        "  squares off       BO, CO, INTRADAY, MIS in equity, futures, options, 15:20 (not verified)\n",
        "  squares off       BO, CO, INTRADAY, MIS in commodity, 30m before the close (not verified)\n",
    ):
        assert told in ran.out
    assert cli("explain", "broker", "kite").out.startswith("kite: what is known of it, read on 2026-11-24")


def test_what_comes_later_is_known(cli: Cli) -> None:
    ran = cli("explain", "action", "place_stop")
    assert (ran.code, "comes later" in ran.out) == (0, True)


def test_the_sentence(cli: Cli) -> None:
    out = cli("explain", "sentence").out
    assert "unknown and false is false" in out
    assert "known(x)" in out


def test_a_policy_of_the_folder_by_name_and_by_file(cli: Cli, write: Write, tmp_path: Path) -> None:
    write("policies/values.yaml", VALUES)
    file = write("policies/kill.yaml", acting("kill", "loss >= 80% of loss_limit and drawdown >= 2k"))
    by_name = cli("explain", "kill")
    assert by_name.code == 0
    assert "loss_limit is 10,000.00 INR (values.yaml)" in by_name.out
    assert "It acts once per account per day" in by_name.out
    assert cli("explain", file).out == by_name.out
    assert cli("explain", f"./{file}").out == by_name.out
    assert cli("explain", "kill", "--policies", str(tmp_path / "policies")).out.startswith("kill: ")


def test_a_desk_shows_what_its_accounts_change(cli: Cli, write: Write) -> None:
    write("desk/policies/values.yaml", VALUES)
    write("desk/policies/kill.yaml", acting("kill", "loss >= loss_limit"))
    write("desk/rekha.yaml", desk(A1="{values: {loss_limit: 8k}, policies: {kill: {mode: enforce}}}", A2="{}"))
    out = cli("explain", "kill", "--desk", "desk").out
    assert "    on A1: 8,000.00 INR (rekha.yaml)" in out
    assert "  On A1 its mode is enforce (rekha.yaml)." in out
    assert "A2" not in out


def test_the_radius_and_the_wakes_are_said(cli: Cli, write: Write) -> None:
    write("policies/act.yaml", acting("act", blast_radius="{accounts: 5}", on="[order, tick]"))
    write("policies/share.yaml", acting("share", blast_radius="{accounts: 12.50%, within: 1m}"))
    out = cli("explain", "act").out
    assert "  Within 5m it acts on at most 5 accounts; on more a person is asked for 10s, then it goes on.\n" in out
    assert "  It also wakes when an order of the account changes, when a price moves.\n" in out
    assert "  Within 1m it acts on at most 12.5% of its accounts;" in cli("explain", "share").out


def test_a_broken_set_is_told_of(cli: Cli, write: Write) -> None:
    write("policies/broken.yaml", policy("broken", "mtn >= 10k"))
    ran = cli("explain", "broken")
    assert (ran.code, ran.out) == (1, "")
    assert "[unknown-fact]" in ran.err
    assert cli("explain", "broken", "--policies", "nowhere").code == 2
    assert cli("explain", "broken", "--desk", "nowhere").code == 2


def test_the_source_of_the_shipped_set_is_python_that_names_every_policy(cli: Cli) -> None:
    ran = cli("explain", "--source", "--policies", str(resource_dir("policies")))
    assert ran.code == 0
    compile(ran.out, "shown", "exec")
    for one in SHIPPED:
        assert f"append({one.name!r})" in ran.out or (one.is_of_group and one.name in ran.out)
    assert ran.out.endswith("return fires, (), unsure\n")


def test_the_source_of_one_policy_is_of_that_policy_alone(cli: Cli) -> None:
    ran = cli("explain", "--source", "naked-short", "--policies", str(resource_dir("policies")))
    assert "# naked-short: naked_short_legs > 0\n" in ran.out
    assert "trailing-drawdown" not in ran.out


def test_the_source_says_what_a_policy_asks_of_facts_and_what_is_left_to_the_tree(cli: Cli, write: Write) -> None:
    nested = "any(count(o.is_working for o in orders if o.symbol == p.symbol) == 0 and p.loss >= 5k for p in positions)"
    write("set/values.yaml", VALUES)
    write("set/a.yaml", policy("plain", max_age="5s"))
    write("set/b.yaml", policy("nested", when=nested))
    ran = cli("explain", "--source", "--policies", "set")
    assert "# -- 1 policy with nothing older than 5s" in ran.out
    assert "(left to the tree: it runs over rows inside a run over rows)" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--source", "one", "two"], 2, "takes one policy, or none"),
        (["--source", "no-such"], 1, "there is no policy 'no-such'"),
        ([], 2, "explain what?"),
    ],
)
def test_what_cannot_be_explained(cli: Cli, arguments: list[str], code: int, said: str) -> None:
    ran = cli("explain", *arguments)
    assert ran.code == code
    assert said in ran.err
