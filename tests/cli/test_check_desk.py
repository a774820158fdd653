"""`rekha check DESK`: the desk file, its policies, and whether the two fit."""

import pytest

from tests.cli.conftest import Cli, Write
from tests.cli.files import VALUES, acting, policy, snapshot


def codes(found: list[dict[str, object]]) -> list[object]:
    return [finding["code"] for finding in found]


def test_a_new_desk_is_clean(cli: Cli) -> None:
    cli("init", "desk")
    ran = cli("check", "desk", "--format", "json")
    assert (ran.code, ran.json) == (0, [])
    assert cli("check", "desk").out.splitlines()[-1].endswith("sound policies: no errors")
    assert cli("check", "desk/rekha.yaml").out == cli("check", "desk").out


@pytest.mark.parametrize(
    ("account", "code", "told"),
    [
        pytest.param("{brokr: kite}", "unknown-key", "brokr", id="a-key"),
        pytest.param("{broker: zerodha}", "not-a-choice", "zerodha", id="a-broker"),
        pytest.param("{poll: 2x}", "wrong-value", "2x", id="a-duration"),
        pytest.param("{exchange: LSE}", "unknown-exchange", "LSE", id="an-exchange"),
        pytest.param("{values: {los_limit: 5k}}", "unknown-value", "los_limit", id="a-value"),
        pytest.param("{values: {loss_limit: 5%}}", "type-mismatch", "percent", id="a-kind"),
        pytest.param("{values: {loss_limit: -5k}}", "fires-without-loss", "flat book", id="a-sign"),
        pytest.param("{values: {loss_limit: 10,000 INR}}", "split-number", "10,000", id="a-comma"),
        pytest.param("{policies: {wach: {mode: off}}}", "unknown-policy", "wach", id="a-policy"),
        pytest.param("{policies: {watch: {mode: off, until: 15:00}}}", "wrong-value", "until", id="an-end-of-no-day"),
        pytest.param("{policies: {watch: {mode: off}}}", "loose-override", "off does less", id="a-weaker-mode"),
        pytest.param("{values: {loss_limit: 50k}}", "loose-override", "it is larger", id="a-larger-value"),
        pytest.param("{policies: {watch: {mode: live}}}", "not-a-choice", "live", id="a-mode"),
        pytest.param("{policies: {floor: {mode: off}}}", "required-policy", "weakened", id="a-required-policy"),
        pytest.param("{linked: [A1, B9]}", "unknown-account", "B9", id="a-linked-account"),
        pytest.param("{connect: {adress: x}}", "unknown-key", "adress", id="a-key-of-connect"),
        pytest.param("{connect: {url: 'http://kotak.example'}}", "wrong-value", "http://kotak", id="a-plain-address"),
        pytest.param("{connect: {url: 'https://h/x?y=1'}}", "wrong-value", "https://h", id="an-address-with-a-query"),
    ],
)
def test_what_is_wrong_in_the_desk_file(cli: Cli, write: Write, account: str, code: str, told: str) -> None:
    write("desk/policies/values.yaml", VALUES)
    write("desk/policies/watch.yaml", policy(when="loss >= loss_limit"))
    write("desk/policies/floor.yaml", acting("floor", required="yes", mode="enforce"))
    write("desk/rekha.yaml", f"accounts:\n  A1: {account}\n")
    ran = cli("check", "desk", "--format", "json")
    assert (ran.code, codes(ran.json)) == (1, [code])
    (found,) = ran.json
    assert told in found["message"]
    assert (found["file"], found["line"]) == ("desk/rekha.yaml", 2)
    assert found["column"] > 7
    dry = cli("dry-run", "--desk", "desk", "--snapshot", write("s.yaml", snapshot()))
    assert (dry.code, dry.out) == (1, "")
    assert f"[{code}]" in dry.err


def test_a_mode_under_a_former_name_holds_and_is_told(cli: Cli, write: Write) -> None:
    write("desk/policies/watch.yaml", policy("day-watch", was="watch"))
    write("desk/policies/floor.yaml", policy("day-floor", "loss >= 15k", was="floor"))
    modes = (
        "{watch: {mode: enforce}, day-floor: {mode: enforce}, floor: {mode: off, until: 2099-12-31, reason: a test}}"
    )
    write("desk/rekha.yaml", f"accounts:\n  A1: {{policies: {modes}}}\n")
    ran = cli("check", "desk", "--format", "json")
    assert (ran.code, codes(ran.json)) == (0, ["renamed-policy", "renamed-policy"])
    assert [(one["message"], one["hint"]) for one in ran.json] == [
        ("the policy 'watch' is called 'day-watch' now", "write day-watch:"),
        ("the policy 'floor' is called 'day-floor' now", "write day-floor:"),
    ]
    rows = cli("dry-run", "--desk", "desk", "--snapshot", write("s.yaml", snapshot()), "--format", "json").json
    # What is said under the name of today goes before, wherever it stands.
    assert {row["policy"]: row["mode"] for row in rows} == {"day-watch": "enforce", "day-floor": "enforce"}


def test_a_mode_of_a_ladder_under_its_former_name_holds_for_its_levels(cli: Cli, write: Write) -> None:
    levels = "levels:\n  - {name: warn, when: loss >= 5k}\n  - {name: stop, when: loss >= 9k}\n"
    ladder = policy("ladder", was="old").replace("when: loss >= 10k\n", levels)
    write("desk/policies/ladder.yaml", ladder)
    write(
        "desk/rekha.yaml",
        "accounts:\n  A1:\n    policies:\n"
        "      old/stop: {mode: off, until: 2099-12-31, reason: a test}\n      old: {mode: enforce}\n",
    )
    ran = cli("check", "desk", "--format", "json")
    assert [one["hint"] for one in ran.json] == ["write ladder/stop:", "write ladder:"]
    rows = cli("dry-run", "--desk", "desk", "--snapshot", write("s.yaml", snapshot()), "--format", "json").json
    assert {row["policy"]: row["mode"] for row in rows} == {"ladder/warn": "enforce", "ladder/stop": "off"}


def test_a_desk_and_its_policies_are_told_together(cli: Cli, write: Write) -> None:
    write("desk/policies/watch.yaml", policy(when="mtn >= 10k"))
    write("desk/rekha.yaml", "accounts:\n  A1: {linked: [B9], policies: {watch: {mode: off}}}\n")
    found = cli("check", "desk", "--format", "json").json
    # Whether 'watch' is a policy cannot be said while its file is broken.
    assert [(one["file"], one["code"]) for one in found] == [
        ("desk/policies/watch.yaml", "unknown-fact"),
        ("desk/rekha.yaml", "unknown-account"),
    ]


@pytest.mark.parametrize("content", ["", "- a\n", "accounts: [", "accounts: {}\n"])
def test_a_desk_file_that_means_nothing(cli: Cli, write: Write, content: str) -> None:
    write("desk/policies/watch.yaml", policy(when="mtn >= 10k"))
    write("desk/rekha.yaml", content)
    found = cli("check", "desk", "--format", "json").json
    assert {one["file"] for one in found} == {"desk/policies/watch.yaml", "desk/rekha.yaml"}


def test_a_folder_no_system_can_name(cli: Cli, write: Write) -> None:
    write("desk/rekha.yaml", f"accounts: {{A1: {{broker: kite}}}}\npolicies: {'a' * 300}\n")
    ran = cli("check", "desk", "--format", "json")
    assert (ran.code, codes(ran.json)) == (1, ["no-policies"])


def test_a_desk_without_policies(cli: Cli, write: Write) -> None:
    write("desk/rekha.yaml", "accounts: {A1: {broker: kite}}\npolicies: rules\n")
    ran = cli("check", "desk", "--format", "json")
    assert (ran.code, codes(ran.json)) == (1, ["no-policies"])
    assert (ran.json[0]["file"], ran.json[0]["line"]) == ("desk/rekha.yaml", 2)
    assert cli("dry-run", "--desk", "desk", "--snapshot", write("s.yaml", snapshot())).code == 1


def test_a_policy_for_an_account_the_desk_does_not_have_is_a_warning(cli: Cli, write: Write) -> None:
    write("desk/policies/watch.yaml", policy(accounts="[A1, A2x]"))
    write("desk/rekha.yaml", "accounts: {A1: {}, A2: {}}\n")
    ran = cli("check", "desk", "--format", "json")
    assert (ran.code, codes(ran.json), ran.json[0]["severity"]) == (0, ["unknown-account"], "warning")
    assert ran.json[0]["hint"] == "did you mean 'A2'?"


def test_two_desks_do_not_mix(cli: Cli, write: Write) -> None:
    for name in ("one", "two"):
        write(f"{name}/policies/watch.yaml", policy())
        write(f"{name}/rekha.yaml", "accounts: {A1: {}}\n")
    assert cli("check", "one", "two", "--format", "json").json == []


@pytest.mark.parametrize(
    ("limit", "override", "code"),
    [
        pytest.param("10k", "5%", "type-mismatch", id="a-kind-in-use"),
        pytest.param("10k", "30s", "type-mismatch", id="a-duration"),
        pytest.param("10,000 INR", "-5k INR", "fires-without-loss", id="a-sign-through-a-let"),
        pytest.param("10,000 INR", "5k USD", "wrong-currency", id="a-currency"),
    ],
)
def test_an_override_that_reaches_a_policy_through_a_let(
    cli: Cli, write: Write, limit: str, override: str, code: str
) -> None:
    write("desk/policies/values.yaml", f"loss_limit: {limit}\n")
    write("desk/policies/watch.yaml", policy(when="loss >= half", let="{half: 50% of loss_limit}"))
    write("desk/rekha.yaml", f"accounts:\n  A1: {{values: {{loss_limit: {override}}}}}\n")
    (found,) = cli("check", "desk", "--format", "json").json
    assert (found["code"], found["file"], found["line"], found["column"]) == (code, "desk/rekha.yaml", 2, 29)


def test_a_desk_is_in_one_currency(cli: Cli, write: Write) -> None:
    write("desk/policies/values.yaml", "loss_limit: 10,000 USD\n")
    write("desk/policies/watch.yaml", policy(when="loss >= loss_limit"))
    write("desk/rekha.yaml", "accounts:\n  A1: {broker: kite}\n")
    (found,) = cli("check", "desk", "--format", "json").json
    assert (found["code"], found["file"], found["column"]) == ("wrong-currency", "desk/policies/values.yaml", 13)
    assert cli("check", "desk/policies").code == 1
    write("desk/rekha.yaml", "accounts:\n  A1: {broker: kite, currency: USD}\n")
    assert cli("check", "desk").code == 0
    assert "loss_limit is 10,000.00 USD (values.yaml)" in cli("explain", "watch", "--desk", "desk").out
    reading = write("s.yaml", snapshot(parts="positions: []\norders: []\nfills: []\n"))
    dry = cli("dry-run", "--desk", "desk", "--snapshot", reading)
    assert dry.code == 0
    assert "10,000.00 USD" in dry.out
    write("desk/rekha.yaml", "accounts:\n  A1: {currency: USD}\n  A2: {currency: INR}\n")
    (found,) = cli("check", "desk", "--format", "json").json
    assert (found["code"], found["file"], found["line"]) == ("wrong-currency", "desk/rekha.yaml", 3)
    assert found["message"] == "A2 is in INR, and watch goes by 10,000 USD"


@pytest.mark.parametrize(
    ("labels", "hint"),
    [
        ("{desk: nifty}", None),
        ("{dsk: nifty}", "did you mean 'desk'?"),
        ("{desk: nfty}", "did you mean 'nifty'?"),
        ("{desk: nifty, floor: two}", "labels of accounts stand in rekha.yaml"),
    ],
)
def test_labels_that_no_account_has(cli: Cli, write: Write, labels: str, hint: str | None) -> None:
    write("desk/policies/watch.yaml", policy(accounts=f"{{labels: {labels}}}"))
    write("desk/rekha.yaml", "accounts:\n  A1: {labels: {desk: nifty}}\n  A2: {labels: {desk: bank}}\n")
    ran = cli("check", "desk", "--format", "json")
    assert ran.code == 0
    assert [(one["code"], one["hint"]) for one in ran.json] == ([("watches-nobody", hint)] if hint else [])
