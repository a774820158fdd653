"""The plain web terminal, used through a real browser as a client would."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from engine.domain.secret import Secret
from engine.sim.exchange.words import Entry
from engine.sim.faults import Fault, FaultKind
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Channel, made_member
from tests.sim.browser import Runner, started
from tests.sim.web import A1, MOBILE, PASSWORD, Stage, on_stage

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with started() as running:
        yield running


def play(runner: Runner, stage: Stage, act) -> None:
    """Do what a test does before a page."""

    async def played() -> None:
        async with on_stage(stage, runner.browser) as page:
            await act(page)

    runner.run(played())


async def to_otp(page: Page, mobile: str = MOBILE) -> None:
    await page.get_by_label("Mobile number").fill(mobile)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_label("OTP", exact=True)).to_be_visible()


async def sign_in(page: Page, stage: Stage, member=A1) -> None:
    await to_otp(page, member.mobile.reveal())
    await page.get_by_label("OTP", exact=True).fill(stage.otp(member))
    await page.get_by_role("button", name="Verify").click()
    await page.get_by_role("button", name="I understand").click()
    await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


async def to_segments(page: Page) -> None:
    await page.get_by_role("button", name="Profile menu").click()
    await page.get_by_role("button", name="Account details").click()
    await page.get_by_role("button", name="Manage").click()


async def choose_and_ask(page: Page, name: str = "Equity F&O") -> None:
    await page.get_by_label(name, exact=True).check()
    await page.get_by_role("button", name="Disable segments").click()


async def state_of(page: Page, name: str) -> str:
    row = page.locator(".check", has=page.get_by_label(name, exact=True))
    return await row.locator("span").inner_text()


def test_the_whole_way(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        await page.wait_for_url(f"{stage.url}/profile/account-details/segments")
        await choose_and_ask(page)
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_role("status")).to_have_text("Kill Switch activated. A confirmation e-mail follows.")
        assert await state_of(page, "Equity F&O") == "Disabled"
        await page.reload()
        await expect(page.get_by_label("Equity F&O", exact=True)).to_be_disabled()
        assert await state_of(page, "Equity") == "Active"

    play(runner, stage, act)
    assert stage.book.locked("A1") == {"NFO", "BFO"}
    assert stage.letters() == ["OTP to log in to Kotak Neo", "Kill Switch Activated"]
    assert stage.told(Entry.LOCK) == [{"by": "web", "segments": ["BFO", "NFO"]}]
    assert stage.told(Entry.LOGIN) == [
        {"via": "web", "step": "password", "outcome": "ok"},
        {"via": "web", "step": "otp", "outcome": "ok"},
    ]


def test_a_dialog_that_is_cancelled_changes_nothing(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        await choose_and_ask(page)
        await page.get_by_role("button", name="Cancel").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.reload()
        assert await state_of(page, "Equity F&O") == "Active"

    play(runner, stage, act)
    assert (stage.book.locked("A1"), len(stage.letters())) == (frozenset(), 1)


def test_without_a_chosen_segment_nothing_is_asked(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        await page.get_by_role("button", name="Disable segments").click()
        await expect(page.get_by_role("alert")).to_have_text("Choose at least one segment.")

    play(runner, stage, act)


def test_an_otp_by_text_message(runner) -> None:
    member = made_member(7, "B2", Secret("+919876500002"), Secret(PASSWORD), otp_by=Channel.SMS)
    stage = Stage(Skin.HTML, A1, member)

    async def act(page: Page) -> None:
        await sign_in(page, stage, member)

    play(runner, stage, act)
    assert (stage.letters(member), len(stage.post.texts("B2"))) == ([], 1)


def test_a_wrong_otp_is_refused_thrice_then_locked_out(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await to_otp(page)
        for text in ("2 attempts left.", "1 attempt left."):
            await page.get_by_label("OTP", exact=True).fill("000000")
            await page.get_by_role("button", name="Verify").click()
            await expect(page.get_by_role("alert")).to_have_text(f"Invalid OTP. {text}")
        await page.get_by_label("OTP", exact=True).fill("000000")
        await page.get_by_role("button", name="Verify").click()
        await expect(page.get_by_role("alert")).to_have_text("Too many wrong attempts. Try again after 30 minutes.")
        await page.get_by_label("Mobile number").fill(MOBILE)
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_role("alert")).to_contain_text("Too many wrong attempts.")
        stage.later(minutes=30)
        await sign_in(page, stage)

    play(runner, stage, act)
    assert [entry["outcome"] for entry in stage.told(Entry.LOGIN)] == [
        *("ok", "wrong", "wrong", "wrong"),
        *("locked out", "ok", "ok"),
    ]


def test_a_late_otp_is_refused_and_a_new_one_works(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await to_otp(page)
        late = stage.otp()
        stage.later(minutes=3)
        await page.get_by_label("OTP", exact=True).fill(late)
        await page.get_by_role("button", name="Verify").click()
        await expect(page.get_by_role("alert")).to_have_text("This OTP has expired. Request a new one.")
        await page.get_by_role("button", name="Resend OTP").click()
        await expect(page.get_by_role("status")).to_have_text("A new OTP is on its way.")
        assert stage.otp() != late
        await page.get_by_label("OTP", exact=True).fill(stage.otp())
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="I understand").click()

    play(runner, stage, act)


@pytest.mark.parametrize(
    ("mobile", "password", "answer"),
    [
        pytest.param("9000000000", PASSWORD, "This mobile number is not registered.", id="mobile"),
        pytest.param(MOBILE, "battery", "Incorrect password. 2 attempts left.", id="password"),
    ],
)
def test_wrong_entries_are_answered(runner, mobile: str, password: str, answer: str) -> None:
    async def act(page: Page) -> None:
        await page.get_by_label("Mobile number").fill(mobile)
        await page.get_by_role("button", name="Continue").click()
        if mobile == MOBILE:
            await page.get_by_label("Password").fill(password)
            await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_role("alert")).to_have_text(answer)

    play(runner, Stage(), act)


def test_an_expired_session_goes_back_to_the_sign_in(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        await page.get_by_label("Equity F&O", exact=True).check()
        stage.sign_in.expire("A1")
        await page.get_by_role("button", name="Disable segments").click()
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_role("alert")).to_have_text("Your session has expired. Sign in again.")
        await expect(page.get_by_label("Mobile number")).to_be_visible()
        await sign_in(page, stage)
        stage.later(hours=12)
        await page.reload()
        await expect(page.get_by_label("Mobile number")).to_be_visible()

    play(runner, stage, act)
    assert stage.book.locked("A1") == frozenset()


def test_signing_out_ends_the_session(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        cookies = await stage.context.cookies()
        await page.get_by_role("button", name="Profile menu").click()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_label("Mobile number")).to_be_visible()
        assert stage.sign_in.by_cookie(cookies[0]["value"]) is None

    play(runner, stage, act)


def test_a_session_needs_all_three_pieces(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        half = await stage.context.storage_state(indexed_db=True)
        kept = await page.evaluate("({...sessionStorage})")
        for init, label in ((None, "Mobile number"), (kept, None)):
            context = await runner.browser.new_context(storage_state=half)
            if init:
                pieces = "".join(f"sessionStorage.setItem({name!r}, {value!r});" for name, value in init.items())
                await context.add_init_script(pieces)
            other = await context.new_page()
            await other.goto(f"{stage.url}/dashboard")
            target = other.get_by_label(label) if label else other.get_by_role("heading", name="Dashboard")
            await expect(target).to_be_visible()
            await context.close()

    play(runner, stage, act)


def test_a_sign_in_may_end_the_api_session(runner) -> None:
    stage = Stage(faults=(Fault(FaultKind.WEB_ENDS_API, times=1),))

    async def act(page: Page) -> None:
        await sign_in(page, stage)

    play(runner, stage, act)
    assert stage.ended == ["A1"]
    assert not stage.faults.in_force()


@pytest.mark.parametrize("mail", [False, True])
def test_a_yes_that_switched_nothing_shows_after_a_reload(runner, mail: bool) -> None:
    stage = Stage(faults=(Fault(FaultKind.NOT_SWITCHED, times=1, details={"mail": mail}),))

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        await choose_and_ask(page)
        await page.get_by_role("button", name="Confirm").click()
        await expect(page.get_by_role("status")).to_contain_text("Kill Switch activated.")
        assert await state_of(page, "Equity F&O") == "Disabled"
        await page.reload()
        assert await state_of(page, "Equity F&O") == "Active"

    play(runner, stage, act)
    assert stage.book.locked("A1") == frozenset()
    assert ("Kill Switch Activated" in stage.letters()) is mail


def test_a_page_that_changed(runner) -> None:
    stage = Stage(faults=(Fault(FaultKind.PAGE_CHANGED, accounts=frozenset({"A1"})),))

    async def act(page: Page) -> None:
        await to_otp(page)
        await page.get_by_label("OTP", exact=True).fill(stage.otp())
        await page.get_by_role("button", name="Verify").click()
        await page.get_by_role("button", name="Proceed").click()
        await expect(page.get_by_role("button", name="Profile menu")).to_have_count(0)
        await page.goto(f"{stage.url}/profile/account-details/segments")
        await page.get_by_label("Equity F&O", exact=True).check()
        await page.get_by_role("button", name="Switch off").click()
        names = await page.get_by_role("dialog").get_by_role("button").all_inner_texts()
        assert names == ["Yes, switch off", "Keep trading"]
        assert await page.locator("#confirm").count() == 0
        await page.locator("#v2-cancel").click()

    play(runner, stage, act)
    assert stage.book.locked("A1") == frozenset()


def test_nothing_is_asked_of_the_outside(runner) -> None:
    stage, asked = Stage(), []

    async def act(page: Page) -> None:
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(stage.url)
        await sign_in(page, stage)

    play(runner, stage, act)
    assert asked
    assert [url for url in asked if not url.startswith((f"{stage.url}/", "data:"))] == []


def test_two_windows_are_two_sessions(runner) -> None:
    stage = Stage()

    async def act(page: Page) -> None:
        await sign_in(page, stage)
        other = await runner.browser.new_context()
        second = await other.new_page()
        await second.goto(stage.url)
        await sign_in(second, stage)
        await asyncio.gather(page.reload(), second.reload())
        await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        await expect(second.get_by_role("heading", name="Dashboard")).to_be_visible()
        await other.close()

    play(runner, stage, act)
    assert timedelta(0) == stage.now - stage.clock()
