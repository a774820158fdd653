"""What a live reading must ask the market for beside the contracts held: the underlyings a policy set names."""

from dataclasses import replace

import pytest

from engine.domain.account import Account
from engine.facts.catalogue import CATALOGUE
from engine.policy.asked_of_market import spots_asked
from engine.policy.load import Source, load
from engine.runtime.policy_files import LATER
from tests.cli.files import policy


def asked(*policies: str, values: str = "limit: 10k\n", own: str = "") -> tuple[str, ...]:
    sources = [Source("policies/values.yaml", values.encode())]
    sources += [Source(f"policies/{n}.yaml", text.encode()) for n, text in enumerate(policies)]
    program = load(sources, CATALOGUE, LATER).require()
    other = load([Source("values.yaml", own.encode())], CATALOGUE, LATER).require().values if own else {}
    return spots_asked(program, [replace(Account("A1"), values=other)])


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("loss >= 10k", ()),
        ("spot('NIFTY') < 24_000", ("NIFTY",)),
        ("spot('nifty') < 24_000 and (spot('TCS') > 1 or not spot('INDIA VIX') < 20)", ("INDIA VIX", "NIFTY", "TCS")),
        ("change(spot('BANKNIFTY'), 5m) < -400", ("BANKNIFTY",)),
        ("expires_today('SENSEX') and loss >= 10k", ()),
    ],
)
def test_what_sentences_name(when: str, names: tuple[str, ...]) -> None:
    assert asked(policy(when=when)) == names


def test_what_values_and_reasons_name() -> None:
    cases = "{default: 10k, cases: [{if: spot('%s') < 24_000, use: 5k}]}"
    one = policy(when="loss >= limit or loss >= deep", let=f"{{deep: {cases % 'FINNIFTY'}}}")
    told = policy("told", when="loss >= limit").replace("Loss {loss}", "NIFTY stands at {spot('NIFTY')}")
    found = asked(one, told, values=f"limit: {cases % 'SENSEX'}\n", own=f"limit: {cases % 'BANKEX'}\n")
    assert found == ("BANKEX", "FINNIFTY", "NIFTY", "SENSEX")
