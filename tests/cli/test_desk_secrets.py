"""A secret in a desk's file is told with where it goes; its value is shown nowhere."""

import pytest

from tests.cli.conftest import Cli, Write
from tests.cli.files import policy

SECRET = "sesame7"


@pytest.mark.parametrize(
    ("account", "hint"),
    [
        pytest.param(
            "{broker: kotak, mpin: sesame7}",
            "set REKHA_A_1_MPIN in the environment, and change it if others could read this file",
            id="a-word-of-the-broker",
        ),
        pytest.param(
            "{broker: kotak, mobile_number: '+91 sesame7'}",
            "set REKHA_A_1_MOBILE in the environment, and change it if others could read this file",
            id="an-identity",
        ),
        pytest.param(
            "{broker: kotak, connect: {password: 'sesame7, with more'}}",
            "the environment holds them: REKHA_A_1_MOBILE, REKHA_A_1_UCC, REKHA_A_1_MPIN, REKHA_A_1_TOTP_SECRET, "
            "REKHA_A_1_ACCESS_TOKEN",
            id="another-word",
        ),
        pytest.param(
            "{broker: kite, pwd: sesame7}",
            "take it out, and change it if others could read it",
            id="a-short-word",
        ),
        pytest.param(
            "{broker: kite, api_secret: sesame7}",
            "take it out, and change it if others could read it",
            id="a-broker-that-asks-for-none",
        ),
        pytest.param(
            "{broker: kite, connect: {url: 'https://me:sesame7@kite.example'}}",
            "take it out, and change it if others could read it",
            id="an-address",
        ),
        pytest.param(
            "\n    broker: kotak\n    Access-Token: |\n      first sesame7\n\n      second sesame7",
            "set REKHA_A_1_ACCESS_TOKEN in the environment, and change it if others could read this file",
            id="over-several-lines",
        ),
    ],
)
def test_a_secret_is_told_and_never_shown(cli: Cli, write: Write, account: str, hint: str) -> None:
    write("desk/policies/watch.yaml", policy())
    write("desk/rekha.yaml", f"accounts:\n  a-1: {account}\n")
    (found,) = cli("check", "desk", "--format", "json").json
    assert (found["code"], found["hint"]) == ("secret-in-file", hint)
    for form in ("text", "json", "sarif", "github"):
        told = cli("check", "desk", "--format", form)
        assert told.code == 1
        assert SECRET not in told.out + told.err
    facts = cli("facts", "--desk", "desk", "--account", "a-1")
    assert SECRET not in facts.out + facts.err


@pytest.mark.parametrize(
    "line",
    [
        "{brokr: kotak, mpin: sesame7}",
        "{mpin: sesame7, brokr: kotak}",
        "{poll: 2x} # the PIN: sesame7",
        "{mpin: [sesame7",
    ],
)
def test_another_mistake_on_the_line_does_not_show_it(cli: Cli, write: Write, line: str) -> None:
    write("desk/policies/watch.yaml", policy())
    write("desk/rekha.yaml", f"accounts:\n  a-1: {line}\n")
    told = cli("check", "desk")
    assert (told.code, SECRET in told.out + told.err) == (1, False)


def test_what_only_sounds_like_a_secret_is_none(cli: Cli, write: Write) -> None:
    write("desk/policies/watch.yaml", policy())
    account = "{broker: kotak, connect: {url: 'http://localhost:8000/x'}, labels: {success: 'yes', key: main}}"
    write("desk/rekha.yaml", f"accounts:\n  a-1: {account}\n")
    assert cli("check", "desk").code == 0


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [("kotak-1", "KOTAK_1", True), ("a.b", "a b", True), ("a1", "a2", False), ("a1", "a-1", False)],
)
def test_accounts_do_not_share_variables(cli: Cli, write: Write, first: str, second: str, *, is_refused: bool) -> None:
    write("desk/policies/watch.yaml", policy())
    write("desk/rekha.yaml", f"accounts: {{{first}: {{broker: kotak}}, {second}: {{broker: kotak}}}}\n")
    found = cli("check", "desk", "--format", "json").json
    assert [one["code"] for one in found] == (["same-variables"] if is_refused else [])
