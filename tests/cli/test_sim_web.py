"""A kill switch pulled on `rekha sim` as a robot would: by a browser and letters, told by the ledger."""

import email
import imaplib
import re
from collections.abc import Iterator, Mapping
from email.policy import default
from typing import Any

import httpx
import pytest
from playwright.async_api import Page

from engine.sim.terminal.looks import Skin
from tests.cli.simulator import simulator
from tests.sim.browser import Runner, started
from tests.sim.hands import HANDS, give_otp, give_password, go_to_segments

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with started() as running:
        yield running


def last_letter(told: Mapping[str, Any], subject: str) -> str:
    """The text of the last letter with a subject in A's mailbox."""
    host, _, port = told["imap_url"].removeprefix("imap://").partition(":")
    secrets = told["secrets"]
    with imaplib.IMAP4(host, int(port)) as mail:
        mail.login(secrets["REKHA_A_MAIL_ADDRESS"], secrets["REKHA_A_MAIL_PASSWORD"])
        mail.select("INBOX", readonly=True)
        found = mail.uid("SEARCH", "FROM", "kotak", "SUBJECT", f'"{subject}"')[1][0].split()
        _, data = mail.uid("FETCH", found[-1].decode(), "(BODY.PEEK[])")
    return email.message_from_bytes(data[0][1], policy=default).get_body(("plain",)).get_content()


@pytest.mark.parametrize("skin", list(Skin), ids=lambda skin: skin.value)
def test_a_segment_is_disabled(runner, skin: Skin) -> None:
    async def pull(told: Mapping[str, Any]) -> None:
        context = await runner.browser.new_context(viewport={"width": 1280, "height": 720})
        page: Page = await context.new_page()
        await page.goto(told["web_url"])
        hands = HANDS[skin](page)
        await give_password(hands, told["secrets"]["REKHA_A_MOBILE"], told["secrets"]["REKHA_A_WEB_PASSWORD"])
        await hands.see_button("Verify")
        await give_otp(hands, re.search(r"\b\d{6}\b", last_letter(told, "OTP")).group())
        await hands.press("I understand")
        await go_to_segments(hands)
        await hands.choose("Equity F&O")
        await hands.press("Disable segments")
        await hands.press("Confirm")
        await hands.see("Kill Switch activated. A confirmation e-mail follows.")
        await hands.reload()
        await hands.see_state("Equity F&O", "Disabled")
        await context.close()

    with simulator("kotak", "--scenario", "kill-day", "--at", "11:04", "--skin", skin.value) as told:
        runner.run(pull(told))
        assert "account A: Equity F&O." in last_letter(told, "Kill Switch Activated")
        with httpx.Client(trust_env=False, base_url=told["control_url"]) as http:
            (lock,) = http.get("/_sim/ledger?kind=lock").json()
            assert (lock["account"], lock["segments"], lock["by"]) == ("A", ["BFO", "NFO"], "web")
            logins = http.get("/_sim/ledger?kind=login").json()
            assert [(one["via"], one["step"], one["outcome"]) for one in logins] == [
                ("web", "password", "ok"),
                ("web", "otp", "ok"),
            ]
