"""The painted web terminal, used through a real browser: by its semantics tree, by place and by keys."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from engine.sim.exchange.words import Entry
from engine.sim.faults import Fault, FaultKind
from engine.sim.terminal.looks import Skin
from tests.sim.browser import Runner, started
from tests.sim.web import MOBILE, PASSWORD, Stage, on_stage

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with started() as running:
        yield running


def play(runner: Runner, act, **given) -> Stage:
    """Do what a test does before a page; returns what stands behind it."""
    stage = Stage(Skin.FLUTTER, **given)

    async def played() -> None:
        async with on_stage(stage, runner.browser) as page:
            await act(page, stage)

    runner.run(played())
    return stage


def node(page: Page, role: str, name: str) -> Locator:
    return page.locator("flt-semantics").get_by_role(role, name=name, exact=True)


async def tap(page: Page, name: str, role: str = "button") -> None:
    await node(page, role, name).dispatch_event("click")


async def enable_semantics(page: Page) -> None:
    await page.locator("flt-semantics-placeholder").dispatch_event("click")
    await expect(page.locator("flt-semantics-host flt-semantics").first).to_be_attached()


async def type_in(page: Page, label: str, text: str) -> None:
    box = page.locator("flt-semantics").get_by_role("textbox", name=label)
    await box.focus()
    await box.and_(page.locator("input")).fill(text)


async def sign_in(page: Page, stage: Stage) -> None:
    await enable_semantics(page)
    await type_in(page, "Mobile number", MOBILE)
    await tap(page, "Continue")
    await type_in(page, "Password", PASSWORD)
    await tap(page, "Continue")
    await expect(node(page, "textbox", "OTP")).to_be_attached()
    await type_in(page, "OTP", stage.otp())
    await tap(page, "Verify")
    await tap(page, "I understand")
    await expect(node(page, "heading", "Dashboard")).to_be_attached()


async def to_segments(page: Page) -> None:
    await tap(page, "Profile menu")
    await tap(page, "Account details", "menuitem")
    await tap(page, "Manage")
    await expect(node(page, "heading", "Manage segments")).to_be_attached()


async def choose_and_ask(page: Page) -> None:
    await tap(page, "Equity F&O Active", "checkbox")
    await expect(node(page, "checkbox", "Equity F&O Active")).to_be_checked()
    await tap(page, "Disable segments")


async def see_state(page: Page, state: str) -> None:
    await expect(node(page, "checkbox", f"Equity F&O {state}")).to_be_attached()


def test_the_whole_way_by_semantics(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        await choose_and_ask(page)
        await tap(page, "Confirm")
        await expect(page.get_by_text("Kill Switch activated.")).to_be_attached()
        await see_state(page, "Disabled")
        await page.reload()
        await expect(page.locator("flt-semantics")).to_have_count(0)
        await enable_semantics(page)
        await see_state(page, "Disabled")
        await expect(node(page, "checkbox", "Equity F&O Disabled")).to_be_disabled()
        await see_state(page, "Disabled")
        await expect(node(page, "checkbox", "Equity Active")).to_be_enabled()

    stage = play(runner, act)
    assert stage.book.locked("A1") == {"NFO", "BFO"}
    assert stage.letters() == ["OTP to log in to Kotak Neo", "Kill Switch Activated"]
    assert stage.told(Entry.LOCK) == [{"by": "web", "segments": ["BFO", "NFO"]}]


def test_a_page_holds_no_text_before_it_is_asked(runner) -> None:
    async def act(page: Page, _stage: Stage) -> None:
        await expect(page.locator("flt-text-editing-host input")).to_be_focused()
        assert await page.evaluate("document.body.innerText.trim()") == ""
        await expect(page.get_by_text("Sign in")).to_have_count(0)
        await expect(page.get_by_role("button")).to_have_accessible_name("Enable accessibility")
        box = await page.locator("canvas").bounding_box()
        assert (box["width"], box["height"]) == (1280, 720)

    play(runner, act)


def test_a_normal_click_on_the_placeholder_times_out(runner) -> None:
    async def act(page: Page, _stage: Stage) -> None:
        placeholder = page.locator("flt-semantics-placeholder")
        assert await placeholder.bounding_box() == {"x": -1, "y": -1, "width": 1, "height": 1}
        with pytest.raises(PlaywrightTimeoutError, match="outside of the viewport"):
            await placeholder.click(timeout=700)
        await expect(page.locator("flt-semantics")).to_have_count(0)
        await enable_semantics(page)
        await expect(placeholder).to_be_attached()
        await tap(page, "Continue")
        await expect(placeholder).to_have_count(0)

    play(runner, act)


def test_a_text_box_becomes_an_input_on_focus(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await enable_semantics(page)
        await type_in(page, "Mobile number", MOBILE)
        await tap(page, "Continue")
        await expect(page.locator("flt-semantics input[type=password]")).to_be_focused()
        await page.locator("flt-semantics input").evaluate("input => input.blur()")
        box = node(page, "textbox", "Password")
        await expect(box).to_have_js_property("tagName", "FLT-SEMANTICS")
        await expect(page.locator("flt-semantics input")).to_have_count(0)
        await box.dispatch_event("click")
        await expect(page.locator("flt-semantics input[type=password]")).to_be_focused()
        await page.keyboard.type(PASSWORD)
        await tap(page, "Continue")
        await expect(node(page, "textbox", "OTP")).to_be_attached()
        assert stage.letters() == ["OTP to log in to Kotak Neo"]

    play(runner, act)


def test_the_whole_way_by_place_on_the_canvas(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await expect(page.locator("flt-text-editing-host input")).to_be_focused()
        await page.mouse.click(640, 230)
        await page.keyboard.type(MOBILE)
        await page.mouse.click(640, 304)
        await expect(page.locator("input[type=password]")).to_be_focused()
        await page.keyboard.type(PASSWORD)
        await page.mouse.click(640, 304)
        await expect(page.locator("input[type=text]")).to_be_focused()
        await page.mouse.click(640, 288)
        await page.keyboard.type(stage.otp())
        await page.mouse.click(640, 362)
        await page.wait_for_url("**/dashboard")
        # While the pop-up stands, the avatar below it is out of reach.
        await page.mouse.click(1236, 52)
        await page.mouse.click(782, 481)
        await expect_pixels_to_settle(page)
        await page.mouse.click(1236, 52)
        await page.mouse.click(1150, 116)
        await page.wait_for_url("**/profile/account-details")
        await page.mouse.move(640, 400)
        await page.mouse.wheel(0, 3000)
        await expect_pixels_to_settle(page)
        await page.mouse.click(403, 636)
        await page.wait_for_url("**/account-details/segments")
        await page.mouse.click(640, 300)
        await page.mouse.click(444, 462)
        await page.mouse.click(804, 412)
        await expect_pixels_to_settle(page)

    stage = play(runner, act)
    assert stage.book.locked("A1") == {"NFO", "BFO"}


def test_the_whole_way_by_keys(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        async def press(*keys: str) -> None:
            for key in keys:
                await page.keyboard.press(key)

        await expect(page.locator("flt-text-editing-host input")).to_be_focused()
        await page.keyboard.type(MOBILE)
        await press("Tab", "Enter")
        await expect(page.locator("input[type=password]")).to_be_focused()
        await page.keyboard.type(PASSWORD)
        await press("Enter")
        await expect(page.locator("input[type=text]")).to_be_focused()
        await page.keyboard.type(stage.otp())
        await press("Enter")
        await page.wait_for_url("**/dashboard")
        await press("Tab", "Enter")
        await expect_pixels_to_settle(page)
        await press("Tab", "Enter", "Tab", "Enter")
        await page.wait_for_url("**/profile/account-details")
        await press("Tab", "Tab", "Enter")
        await page.wait_for_url("**/account-details/segments")
        await press("Tab", "Tab", "Tab", "Space", "Tab", "Tab", "Tab", "Enter")
        await press("Tab", "Shift+Tab", "Enter")
        await expect_pixels_to_settle(page)

    stage = play(runner, act)
    assert stage.book.locked("A1") == {"NFO", "BFO"}


async def expect_pixels_to_settle(page: Page) -> None:
    """Wait until two frames of the canvas are equal after the server has answered."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_modal_layer_hides_what_lies_below(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        await choose_and_ask(page)
        dialog = page.get_by_role("alertdialog", name="Disable segments?")
        await expect(dialog.get_by_role("button")).to_have_text(["Cancel", "Confirm"])
        await expect(node(page, "button", "Disable segments")).to_have_count(0)
        await tap(page, "Cancel")
        await expect(dialog).to_have_count(0)
        await page.reload()
        await enable_semantics(page)
        await see_state(page, "Active")

    stage = play(runner, act)
    assert (stage.book.locked("A1"), len(stage.letters())) == (frozenset(), 1)


def test_a_mouse_click_on_a_node_is_one_tap(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await sign_in(page, stage)
        await to_segments(page)
        box = node(page, "checkbox", "Equity F&O Active")
        await box.click()
        await expect(box).to_be_checked()
        await box.click()
        await expect(box).not_to_be_checked()

    play(runner, act)


def test_the_menu_closes_when_the_page_beside_it_is_clicked(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await sign_in(page, stage)
        await tap(page, "Profile menu")
        await expect(node(page, "menuitem", "Sign out")).to_be_attached()
        await expect(node(page, "heading", "Dashboard")).to_have_count(0)
        await page.mouse.click(300, 600)
        await expect(node(page, "menuitem", "Sign out")).to_have_count(0)
        await expect(node(page, "heading", "Dashboard")).to_be_attached()

    play(runner, act)


def test_wrong_and_late_one_time_passwords(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await enable_semantics(page)
        await type_in(page, "Mobile number", MOBILE)
        await tap(page, "Continue")
        await type_in(page, "Password", PASSWORD)
        await tap(page, "Continue")
        await type_in(page, "OTP", "000000")
        await tap(page, "Verify")
        await expect(page.get_by_text("Invalid OTP. 2 attempts left.")).to_be_attached()
        late = stage.otp()
        stage.later(minutes=3)
        await type_in(page, "OTP", late)
        await tap(page, "Verify")
        await expect(page.get_by_text("This OTP has expired. Request a new one.")).to_be_attached()
        await tap(page, "Resend OTP")
        await expect(page.get_by_text("A new OTP is on its way.")).to_be_attached()
        await type_in(page, "OTP", stage.otp())
        await tap(page, "Verify")
        await expect(node(page, "button", "I understand")).to_be_attached()

    play(runner, act)


def test_a_page_that_changed(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await enable_semantics(page)
        await expect(node(page, "textbox", "Registered mobile")).to_be_attached()
        await expect(page.get_by_text("Sign in")).to_have_count(0)
        stage.faults.clear()
        await page.reload()
        await enable_semantics(page)
        await expect(node(page, "textbox", "Mobile number")).to_be_attached()

    play(runner, act, faults=(Fault(FaultKind.PAGE_CHANGED),))


def test_a_changed_page_deceives_who_clicks_by_place(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        await sign_in(page, stage)
        stage.faults.add(Fault(FaultKind.PAGE_CHANGED))
        await page.goto(f"{stage.url}/profile/account-details/segments")
        await enable_semantics(page)
        await tap(page, "Equity F&O On", "checkbox")
        await tap(page, "Switch off")
        dialog = page.get_by_role("alertdialog", name="Are you sure?")
        await expect(dialog.get_by_role("button")).to_have_text(["Yes, switch off", "Keep trading"])
        # Where Confirm stood, there is now the way out.
        await page.mouse.click(804, 412)
        await expect(dialog).to_have_count(0)

    stage = play(runner, act)
    assert stage.book.locked("A1") == frozenset()
