"""An account's secrets come from the environment, under names made of its id; what is missing is named at once."""

import pytest

from engine.domain.secret import Secret
from engine.errors import MisuseError
from engine.runtime.credentials import prefix_of, read_credentials, variables_of

KOTAK = {
    "REKHA_KOTAK_1_MOBILE": "+910000000001",
    "REKHA_KOTAK_1_UCC": "AB123",
    "REKHA_KOTAK_1_MPIN": " 123456\n",
    "REKHA_KOTAK_1_TOTP_SECRET": "JBSWY3DP",
    "REKHA_KOTAK_1_ACCESS_TOKEN": "token",
}


@pytest.mark.parametrize(
    ("account", "prefix"), [("A1", "REKHA_A1_"), ("kotak-1", "REKHA_KOTAK_1_"), ("é b.c", "REKHA___B_C_")]
)
def test_how_variables_are_named(account: str, prefix: str) -> None:
    assert prefix_of(account) == prefix


def test_each_account_gets_its_own() -> None:
    environment = {**KOTAK, **{name.replace("_1_", "_2_"): "other" for name in KOTAK}}
    found = read_credentials([("kotak-1", "kotak"), ("kotak-2", "kotak"), ("paper", "paper")], environment)
    assert found["kotak-1"]["MPIN"] == Secret("123456")
    assert found["kotak-2"]["MPIN"] == Secret("other")
    assert found["paper"] == {}
    assert "123456" not in repr(found)


def test_what_is_missing_is_named_for_all_accounts_at_once() -> None:
    environment = {**KOTAK, "REKHA_KOTAK_1_UCC": "  "}
    with pytest.raises(MisuseError) as refused:
        read_credentials([("kotak-1", "kotak"), ("B", "kotak")], environment)
    assert str(refused.value) == (
        f"not set in the environment: REKHA_KOTAK_1_UCC, {', '.join(variables_of('B', 'kotak'))}; a login takes them"
    )
    del environment["REKHA_KOTAK_1_UCC"]
    with pytest.raises(MisuseError, match=r"^not set in the environment: REKHA_KOTAK_1_UCC; a login takes it$"):
        read_credentials([("kotak-1", "kotak")], environment)
