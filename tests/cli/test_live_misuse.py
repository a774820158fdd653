"""What is asked of live accounts and cannot be meant is told before anybody is asked."""

import pytest

from tests.cli.conftest import Cli, Write
from tests.cli.files import desk, policy


@pytest.fixture
def somewhere(write: Write) -> None:
    """A desk with one account that could be asked, one that cannot, and no secret anywhere."""
    write("desk/policies/one.yaml", policy())
    write("desk/rekha.yaml", desk(K1="{broker: kite}", N1="{broker: kotak}"))
    write("kite/policies/one.yaml", policy())
    write("kite/rekha.yaml", desk(K1="{broker: kite}", P1="{}"))


@pytest.mark.usefixtures("somewhere")
@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("dry-run --desk desk --account Z9", "the account 'Z9' is not in the desk's rekha.yaml; it has K1, N1"),
        ("facts --desk kite", "only accounts with kotak are asked themselves, and K1 is with kite, P1 is with none"),
        ("dry-run --desk desk --account K1", "only accounts with kotak are asked themselves, and K1 is with kite"),
        ("dry-run --desk desk --at 2026-11-23T10:15:00+05:30", "--at says from when files are looked at"),
        ("dry-run --desk desk --readings 2 --snapshot s.yaml", "--readings says how often live accounts are asked"),
        ("dry-run --desk desk --readings 0", "'0' is no whole number above 0"),
        ("snapshot --desk desk", "one account at a time; say which with --account: K1, N1"),
        ("facts --desk desk", "not set in the environment: REKHA_N1_MOBILE, REKHA_N1_UCC, "),
    ],
)
def test_what_cannot_be_meant(cli: Cli, command: str, told: str) -> None:
    ran = cli(*command.split())
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.usefixtures("somewhere")
def test_policies_that_cannot_be_judged_ask_nobody(cli: Cli, write: Write) -> None:
    write("desk/policies/one.yaml", policy(when="los > 1"))
    ran = cli("dry-run", "--desk", "desk")
    assert (ran.code, ran.out) == (1, "")
    assert "unknown fact 'los'" in ran.err
    assert "environment" not in ran.err


@pytest.mark.usefixtures("somewhere")
def test_only_a_simulator_of_this_machine_tells_the_time(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("MOBILE", "UCC", "MPIN", "TOTP_SECRET", "ACCESS_TOKEN"):
        monkeypatch.setenv(f"REKHA_N1_{word}", "x")
    monkeypatch.setenv("REKHA_CLOCK", "https://time.example")
    ran = cli("dry-run", "--desk", "desk", "--account", "N1")
    assert ran.code == 1
    assert "REKHA_CLOCK is 'https://time.example': only a simulator on this machine may tell the time" in ran.err


@pytest.mark.usefixtures("somewhere")
def test_a_secret_that_cannot_be_one_is_named_and_not_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("MOBILE", "UCC", "MPIN", "TOTP_SECRET", "ACCESS_TOKEN"):
        monkeypatch.setenv(f"REKHA_N1_{word}", "wrong-18")
    ran = cli("dry-run", "--desk", "desk", "--account", "N1")
    told = "rekha: REKHA_N1_TOTP_SECRET is no secret in base32: letters A to Z and digits 2 to 7\n"
    assert (ran.code, ran.out, ran.err) == (2, "", told)


@pytest.mark.usefixtures("somewhere")
@pytest.mark.parametrize("address", ["", ", connect: {url: 'https://broker.example:8443/v1'}"])
def test_no_account_at_a_broker_is_asked_by_a_simulators_time(
    cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for word in ("MOBILE", "UCC", "MPIN", "TOTP_SECRET", "ACCESS_TOKEN"):
        monkeypatch.setenv(f"REKHA_N1_{word}", "x")
    monkeypatch.setenv("REKHA_CLOCK", "http://127.0.0.1:9/_sim/clock")
    write("desk/rekha.yaml", desk(N1=f"{{broker: kotak{address}}}"))
    ran = cli("dry-run", "--desk", "desk")
    assert (ran.code, ran.out) == (2, "")
    assert "REKHA_CLOCK is set, so that a simulator tells the time, and N1 would be asked at a broker" in ran.err


@pytest.mark.usefixtures("somewhere")
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999", "http://127.0.0.1:0", "https://broker.example:65536", "https://brö.example"]
)
def test_an_address_that_cannot_be_is_told(cli: Cli, write: Write, url: str) -> None:
    write("desk/rekha.yaml", desk(N1=f"{{broker: kotak, connect: {{url: '{url}'}}}}"))
    ran = cli("dry-run", "--desk", "desk")
    assert (ran.code, ran.out) == (1, "")
    assert f"'{url}' is not a value for 'url'; where logins go: https://" in ran.err
