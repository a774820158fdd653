"""`rekha sim` as a person or a harness runs it: one line of JSON, then served until it is ended."""

import imaplib
import signal
import socket

import httpx
import pytest

from tests.cli.conftest import Cli
from tests.cli.simulator import simulator

WORDS = {"MOBILE", "UCC", "MPIN", "TOTP_SECRET", "ACCESS_TOKEN", "WEB_PASSWORD", "MAIL_ADDRESS", "MAIL_PASSWORD"}


def test_one_line_tells_where_everything_is() -> None:
    with simulator("kotak", "--scenario", "kill-day", "--at", "11:04", "--clock", "stepped") as told:
        assert told["scenario"] == "kill-day"
        assert told["accounts"] == ["A", "B", "C"]
        assert {name.removeprefix("REKHA_A_") for name in told["secrets"] if name.startswith("REKHA_A_")} == WORDS
        with httpx.Client(trust_env=False) as http:
            clock = http.get(f"{told['control_url']}/_sim/clock").json()
            assert (clock["now"], clock["pace"]) == ("2026-11-23T05:34:00+00:00", "stepped")
            assert http.get(told["secrets"]["REKHA_CLOCK"]).json() == clock
            # The API and the control share a port, so that whoever chose it knows both.
            ledger = http.get(f"{told['base_url']}/_sim/ledger").json()
            assert [one["seq"] for one in ledger] == list(range(1, len(ledger) + 1))
            assert {"at", "account", "kind"} <= ledger[0].keys()
            assert any(one["kind"] == "fill" and one["account"] == "A" for one in ledger)
            wrong = {"mobileNumber": "+910000000000", "ucc": "A", "totp": "000000"}
            refused = http.post(f"{told['base_url']}/login/1.0/tradeApiLogin", json=wrong)
            assert "data" not in refused.json()
            assert http.get(told["web_url"]).status_code == 200
        host, _, port = told["imap_url"].removeprefix("imap://").partition(":")
        with imaplib.IMAP4(host, int(port)) as mail:
            assert mail.login(told["secrets"]["REKHA_A_MAIL_ADDRESS"], told["secrets"]["REKHA_A_MAIL_PASSWORD"])


def test_equal_seeds_give_equal_secrets_and_another_seed_gives_others() -> None:
    found = []
    for seed in ("7", "7", "8"):
        with simulator("kotak", "--seed", seed, end_by=signal.SIGINT) as told:
            found.append({name: text for name, text in told["secrets"].items() if name != "REKHA_CLOCK"})
    assert found[0] == found[1] != found[2]


def test_a_port_can_be_chosen_and_a_taken_one_is_told(cli: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = cli("sim", "kotak", "--port", str(port))
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == f"rekha: port {port} is taken; name another one, or --port 0 to be given a free one\n"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "rekha: name a broker: kotak; rekha sim --list tells what there is\n"),
        (("kite",), 2, "invalid choice: 'kite'"),
        (("kotak", "--port", "65536"), 2, "'65536' is no port; they go up to 65535"),
        (("kotak", "--port", "-1"), 2, "'-1'"),
        (("kotak", "--seed", "x"), 2, "'x' is no whole number"),
        (("kotak", "--at", "noon"), 2, "rekha: --at: 'noon' is not a time of day"),
        (("kotak", "--scenario", "kill-dya"), 1, "did you mean 'kill-day'?"),
        (("kotak", "--scenario", "nowhere.yaml"), 1, "nowhere.yaml: cannot be read"),
    ],
)
def test_what_cannot_be_served_is_told(cli: Cli, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = cli("sim", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_the_list_names_every_scenario_with_its_title(cli: Cli) -> None:
    ran = cli("sim", "--list")
    assert (ran.code, ran.err) == (0, "")
    rows = dict(line.split(None, 1) for line in ran.out.splitlines() if line.startswith("  "))
    assert set(rows) >= {"kotak", "kill-day", "quiet-day", "gap", "bad-day"}
    assert rows["gap"] == "The market jumps; a stop-loss triggers and does not fill"
