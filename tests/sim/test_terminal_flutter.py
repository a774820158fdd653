"""What is peculiar to the painted skin of the web terminal; what both share is a feature."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from engine.sim.faults import Fault, FaultKind
from engine.sim.terminal.looks import Skin
from tests.sim.browser import Runner, started
from tests.sim.hands import FlutterHands, go_to_segments, sign_in
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


PIXEL = """([x, y, dark]) => {
  const canvas = document.querySelector("flt-glass-pane").shadowRoot.querySelector("canvas");
  const [red] = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
  return red < 200 === dark;
}"""
# Beside everything, where only the shade of a dialog falls.
ASIDE = (10, 300)


async def darkens(page: Page, place: tuple[int, int] = ASIDE) -> None:
    """Wait until a place of the canvas is dark."""
    await page.wait_for_function(PIXEL, arg=[*place, True])


async def clears(page: Page, place: tuple[int, int] = ASIDE) -> None:
    """Wait until a place of the canvas is light."""
    await page.wait_for_function(PIXEL, arg=[*place, False])


async def ask_to_confirm(hands: FlutterHands, stage: Stage) -> None:
    await sign_in(hands, stage)
    await go_to_segments(hands)
    await hands.choose("Equity F&O")
    await hands.press("Disable segments")


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
            await placeholder.click(timeout=2000)
        await expect(page.locator("flt-semantics")).to_have_count(0)
        hands = FlutterHands(page)
        await hands.wake()
        await expect(placeholder).to_be_attached()
        await hands.press("Continue")
        await expect(placeholder).to_have_count(0)

    play(runner, act)


def test_a_text_box_becomes_an_input_on_focus(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = FlutterHands(page)
        await hands.fill("Mobile number", MOBILE)
        await hands.press("Continue")
        await expect(page.locator("flt-semantics input[type=password]")).to_be_focused()
        await page.locator("flt-semantics input").evaluate("input => input.blur()")
        box = hands.node("textbox", "Password")
        await expect(box).to_have_js_property("tagName", "FLT-SEMANTICS")
        await expect(page.locator("flt-semantics input")).to_have_count(0)
        await box.dispatch_event("click")
        await expect(page.locator("flt-semantics input[type=password]")).to_be_focused()
        await page.keyboard.type(PASSWORD)
        await hands.press("Continue")
        await hands.see_button("Verify")
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
        await page.mouse.click(640, 275)
        await page.keyboard.type(stage.otp())
        await page.mouse.click(640, 350)
        await darkens(page)
        # While the risk disclosure stands, the avatar below it is out of reach.
        await page.mouse.click(1236, 52)
        await page.mouse.click(782, 470)
        await clears(page)
        await page.mouse.click(1236, 52)
        await page.mouse.click(1150, 116)
        await page.wait_for_url("**/profile/account-details")
        await page.mouse.move(640, 400)
        await page.mouse.wheel(0, 3000)
        await darkens(page, (362, 636))
        await page.mouse.click(403, 636)
        await page.wait_for_url("**/account-details/segments")
        await page.mouse.click(640, 300)
        await page.mouse.click(444, 462)
        await darkens(page)
        await page.mouse.click(804, 412)
        await clears(page)

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
        await darkens(page)
        await press("Tab", "Enter")
        await clears(page)
        await press("Tab", "Enter", "Tab", "Enter")
        await page.wait_for_url("**/profile/account-details")
        await press("Tab", "Tab", "Enter")
        await page.wait_for_url("**/account-details/segments")
        await press("Tab", "Tab", "Tab", "Space", "Tab", "Tab", "Tab", "Enter")
        await darkens(page)
        # Cancel, and around to Confirm.
        await press("Tab", "Shift+Tab", "Enter")
        await clears(page)

    stage = play(runner, act)
    assert stage.book.locked("A1") == {"NFO", "BFO"}


def test_a_modal_layer_hides_what_lies_below(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = FlutterHands(page)
        await ask_to_confirm(hands, stage)
        dialog = page.get_by_role("alertdialog", name="Disable segments?")
        await expect(dialog.get_by_role("button")).to_have_text(["Cancel", "Confirm"])
        await expect(hands.node("button", "Disable segments")).to_have_count(0)
        await hands.press("Cancel")
        await hands.see_button("Disable segments")
        await expect(dialog).to_have_count(0)

    play(runner, act)


def test_a_mouse_click_on_a_node_is_one_tap(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = FlutterHands(page)
        await sign_in(hands, stage)
        await go_to_segments(hands)
        box = hands.node("checkbox", "Equity F&O Active")
        await box.click()
        await expect(box).to_be_checked()
        await box.click()
        await expect(box).not_to_be_checked()

    play(runner, act)


def test_the_menu_closes_when_the_page_beside_it_is_clicked(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = FlutterHands(page)
        await sign_in(hands, stage)
        await hands.press("Profile menu")
        await expect(hands.node("menuitem", "Sign out")).to_be_attached()
        await expect(hands.node("heading", "Dashboard")).to_have_count(0)
        await page.mouse.click(300, 600)
        await hands.see_heading("Dashboard")
        await expect(hands.node("menuitem", "Sign out")).to_have_count(0)

    play(runner, act)


def test_a_page_that_changed(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = FlutterHands(page)
        await hands.see_heading("Welcome back")
        await expect(hands.node("textbox", "Registered mobile")).to_be_attached()
        stage.faults.clear()
        await hands.reload()
        await hands.see_heading("Sign in")
        await expect(hands.node("textbox", "Mobile number")).to_be_attached()

    play(runner, act, faults=(Fault(FaultKind.PAGE_CHANGED),))


def test_a_changed_page_deceives_who_clicks_by_place(runner) -> None:
    async def act(page: Page, stage: Stage) -> None:
        hands = FlutterHands(page)
        await sign_in(hands, stage)
        stage.faults.add(Fault(FaultKind.PAGE_CHANGED))
        await page.goto(f"{stage.url}/profile/account-details/segments")
        await hands.see_button("Switch off")
        await hands.node("checkbox", "Equity F&O On").dispatch_event("click")
        await hands.press("Switch off")
        dialog = page.get_by_role("alertdialog", name="Are you sure?")
        await expect(dialog.get_by_role("button")).to_have_text(["Yes, switch off", "Keep trading"])
        # Where Confirm stood, there is now the way out.
        await page.mouse.click(804, 412)
        await expect(dialog).to_have_count(0)

    stage = play(runner, act)
    assert stage.book.locked("A1") == frozenset()
