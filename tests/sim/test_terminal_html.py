"""What is peculiar to the plain skin of the web terminal; what both share is a feature."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from engine.sim.faults import Fault, FaultKind
from engine.sim.terminal.looks import Skin
from tests.sim.browser import Runner, started
from tests.sim.hands import HtmlHands, give_otp, give_password, sign_in
from tests.sim.web import MOBILE, PASSWORD, Stage, on_stage

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with started() as running:
        yield running


def play(runner: Runner, act, **given) -> Stage:
    """Do what a test does before a page; returns what stands behind it."""
    stage = Stage(Skin.HTML, **given)

    async def played() -> None:
        async with on_stage(stage, runner.browser) as page:
            await act(page, stage)

    runner.run(played())
    return stage


def test_the_enter_key_goes_on(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = HtmlHands(page)
        for label, text in (("Mobile number", MOBILE), ("Password", PASSWORD)):
            await hands.fill(label, text)
            await page.keyboard.press("Enter")
        await hands.see_button("Verify")
        await hands.fill("OTP", stage.otp())
        await page.keyboard.press("Enter")
        await hands.see_button("I understand")

    play(runner, act)


def test_the_risk_disclosure_stands_until_it_is_closed(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = HtmlHands(page)
        await give_password(hands, MOBILE)
        await hands.see_button("Verify")
        await give_otp(hands, stage.otp())
        dialog = page.get_by_role("dialog", name="Risk disclosures on derivatives")
        await expect(dialog).to_be_visible()
        await page.keyboard.press("Escape")
        await page.reload()
        await expect(dialog).to_be_visible()
        await hands.press("I understand")
        await expect(dialog).to_have_count(0)
        await page.reload()
        await hands.see_heading("Dashboard")
        await expect(dialog).to_have_count(0)

    play(runner, act)


def test_a_session_needs_all_three_pieces(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await sign_in(HtmlHands(page), stage)
        cookie = await stage.context.storage_state()
        both = await stage.context.storage_state(indexed_db=True)
        kept = await page.evaluate("({...sessionStorage})")
        for state, pieces, is_in in ((both, {}, False), (cookie, kept, False), (both, kept, True)):
            context = await runner.browser.new_context(storage_state=state)
            script = "".join(f"sessionStorage.setItem({name!r}, {value!r});" for name, value in pieces.items())
            await context.add_init_script(script)
            other = await context.new_page()
            await other.goto(f"{stage.url}/dashboard")
            await HtmlHands(other).see_heading("Dashboard" if is_in else "Sign in")
            await context.close()

    play(runner, act)


def test_a_page_that_changed(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = HtmlHands(page)
        await give_password(hands, MOBILE)
        await hands.see_button("Verify")
        await give_otp(hands, stage.otp())
        await hands.press("Proceed")
        await expect(page.get_by_role("button", name="Profile menu")).to_have_count(0)
        await page.goto(f"{stage.url}/profile/account-details/segments")
        segments = page.locator(".check label")
        await expect(segments).to_have_text(["Commodity F&O", "Currency F&O", "Equity F&O", "Equity"])
        await hands.choose("Equity F&O")
        await hands.press("Switch off")
        buttons = page.get_by_role("dialog").get_by_role("button")
        await expect(buttons).to_have_text(["Yes, switch off", "Keep trading"])
        assert await page.locator("#confirm").count() == 0
        await page.locator("#v2-cancel").click()
        await expect(buttons).to_have_count(0)

    stage = play(runner, act, faults=(Fault(FaultKind.PAGE_CHANGED, accounts=frozenset({"A1"})),))
    assert stage.book.locked("A1") == frozenset()


def test_nothing_is_asked_of_the_outside(runner) -> None:
    asked: list[str] = []

    async def act(page: Page, stage: Stage) -> None:
        page.on("request", lambda request: asked.append(request.url))
        await page.reload()
        await sign_in(HtmlHands(page), stage)
        assert [url for url in asked if not url.startswith((f"{stage.url}/", "data:"))] == []

    play(runner, act)
    assert asked


def test_a_server_that_does_not_answer(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = HtmlHands(page)
        await page.route("**/api/sign-in/**", lambda route: route.abort())
        await hands.fill("Mobile number", MOBILE)
        await hands.press("Continue")
        await hands.see("Something went wrong. Try again.")
        await page.unroute("**/api/sign-in/**")
        await sign_in(hands, stage)

    play(runner, act)


def test_two_windows_are_two_sessions(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await sign_in(HtmlHands(page), stage)
        context = await runner.browser.new_context()
        second = await context.new_page()
        await second.goto(stage.url)
        await sign_in(HtmlHands(second), stage)
        await asyncio.gather(page.reload(), second.reload())
        for one in (page, second):
            await HtmlHands(one).see_heading("Dashboard")
        await context.close()

    play(runner, act)


def test_going_back_goes_back(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = HtmlHands(page)
        await sign_in(hands, stage)
        await hands.press("Profile menu")
        await hands.press("Account details")
        await hands.see_heading("Account details")
        await page.go_back()
        await hands.see_heading("Dashboard")

    play(runner, act)
