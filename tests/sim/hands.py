"""The hands of a client at the web terminal: the same words for both skins, each with its own way to do them."""

from typing import Protocol

from playwright.async_api import Locator, Page, expect

from engine.sim.terminal.looks import Skin
from tests.sim.web import A1, PASSWORD, Stage


class Hands(Protocol):
    """What a client does at a page, and sees on it."""

    page: Page

    async def fill(self, label: str, text: str) -> None: ...
    async def press(self, name: str) -> None: ...
    async def choose(self, segment: str) -> None: ...
    async def see(self, text: str) -> None: ...
    async def see_heading(self, text: str) -> None: ...
    async def see_button(self, name: str) -> None: ...
    async def see_state(self, segment: str, state: str) -> None: ...
    async def reload(self) -> None: ...


class HtmlHands:
    """Ordinary locators."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def fill(self, label: str, text: str) -> None:
        await self.page.get_by_label(label, exact=True).fill(text)

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def choose(self, segment: str) -> None:
        await self.page.get_by_label(segment, exact=True).check()

    async def see(self, text: str) -> None:
        await expect(self.page.locator("[role=alert], [role=status]").filter(has_text=text)).to_have_text(text)

    async def see_heading(self, text: str) -> None:
        await expect(self.page.get_by_role("heading", name=text, exact=True)).to_be_visible()

    async def see_button(self, name: str) -> None:
        await expect(self.page.get_by_role("button", name=name, exact=True)).to_be_visible()

    async def see_state(self, segment: str, state: str) -> None:
        box = self.page.get_by_label(segment, exact=True)
        await expect(self.page.locator(".check", has=box).locator("span")).to_have_text(state)
        await expect(box).to_be_enabled(enabled=state == "Active")

    async def reload(self) -> None:
        await self.page.reload()


class FlutterHands:
    """Semantics nodes, clicked by dispatched events; the tree is switched on when it is not there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def node(self, role: str, name: str) -> Locator:
        return self.page.locator("flt-semantics").get_by_role(role, name=name, exact=True)

    async def wake(self) -> None:
        """Switch the semantics tree on."""
        await self.page.locator("flt-semantics-placeholder").dispatch_event("click")
        await expect(self.page.locator("flt-semantics-host flt-semantics").first).to_be_attached()

    async def _awake(self) -> None:
        if not await self.page.locator("flt-semantics-host flt-semantics").count():
            await self.wake()

    async def fill(self, label: str, text: str) -> None:
        await self._awake()
        box = self.node("textbox", label)
        await box.focus()
        await box.and_(self.page.locator("input")).fill(text)

    async def press(self, name: str) -> None:
        await self._awake()
        await self.node("button", name).or_(self.node("menuitem", name)).dispatch_event("click")

    async def choose(self, segment: str) -> None:
        await self.node("checkbox", f"{segment} Active").dispatch_event("click")
        await expect(self.node("checkbox", f"{segment} Active")).to_be_checked()

    async def see(self, text: str) -> None:
        await expect(self.page.locator("[aria-live=polite]").get_by_text(text, exact=True)).to_be_attached()

    async def see_heading(self, text: str) -> None:
        await self._awake()
        await expect(self.node("heading", text)).to_be_attached()

    async def see_button(self, name: str) -> None:
        await self._awake()
        await expect(self.node("button", name)).to_be_attached()

    async def see_state(self, segment: str, state: str) -> None:
        await self._awake()
        box = self.node("checkbox", f"{segment} {state}")
        await expect(box).to_be_enabled(enabled=state == "Active")

    async def reload(self) -> None:
        await self.page.reload()
        await expect(self.page.locator("flt-semantics")).to_have_count(0)


HANDS = {Skin.HTML: HtmlHands, Skin.FLUTTER: FlutterHands}


async def give_password(hands: Hands, mobile: str, password: str = PASSWORD) -> None:
    await hands.fill("Mobile number", mobile)
    await hands.press("Continue")
    await hands.fill("Password", password)
    await hands.press("Continue")


async def give_otp(hands: Hands, otp: str) -> None:
    await hands.fill("OTP", otp)
    await hands.press("Verify")


async def sign_in(hands: Hands, stage: Stage, member=A1) -> None:
    """Sign in and close the risk disclosure."""
    await give_password(hands, member.mobile.reveal())
    await hands.see_button("Verify")
    await give_otp(hands, stage.otp(member))
    await hands.press("I understand")
    await hands.see_heading("Dashboard")


async def go_to_segments(hands: Hands) -> None:
    await hands.press("Profile menu")
    await hands.press("Account details")
    await hands.press("Manage")
    await hands.see_heading("Manage segments")
