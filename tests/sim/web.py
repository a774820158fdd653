"""A web terminal on loopback with a browser page before it, its clock moved by hand."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from engine.domain.secret import Secret
from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.words import Entry
from engine.sim.faults import Fault, Faults
from engine.sim.host import host
from engine.sim.post import PostOffice
from engine.sim.terminal.app import Terminal
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Channel, Member, made_member
from engine.sim.terminal.segments import KillSwitch
from engine.sim.terminal.signin import SignIn

MORNING = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
# In milliseconds; only what fails waits so long.
PATIENCE = 15000
MOBILE, PASSWORD = "9876500001", "correct horse"
A1 = made_member(7, "A1", Secret(f"+91{MOBILE}"), Secret(PASSWORD))


@dataclass
class Book:
    """The locks of an exchange without the exchange."""

    ledger: Ledger
    locks: dict[str, frozenset[str]] = field(default_factory=dict)

    def lock(self, account: str, segments: frozenset[str], by: str) -> None:
        self.locks[account] = self.locked(account) | segments
        self.ledger.append(MORNING, account, Entry.LOCK, by=by, segments=sorted(segments))

    def locked(self, account: str) -> frozenset[str]:
        return self.locks.get(account, frozenset())


class Stage:
    """One terminal and what stands behind it."""

    def __init__(self, skin: Skin = Skin.HTML, *members: Member, faults: tuple[Fault, ...] = ()) -> None:
        self.now = MORNING
        self.ledger = Ledger()
        self.post = PostOffice()
        self.book = Book(self.ledger)
        self.faults = Faults(faults)
        self.ended: list[str] = []
        self.sign_in = SignIn(members or (A1,), self.post, self.ledger, self.clock, seed=7)
        switch = KillSwitch(self.book, self.post, self.faults, self.clock)
        self.terminal = Terminal(self.sign_in, switch, self.faults, self.clock, skin=skin, end_api=self.ended.append)
        self.url = ""
        self.page: Page
        self.context: BrowserContext

    def clock(self) -> datetime:
        return self.now

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)

    def letters(self, member: Member = A1) -> list[str]:
        """Subjects of the letters that came."""
        return [letter.subject for letter in self.post.box(member.email).letters]

    def otp(self, member: Member = A1) -> str:
        """The last one-time password sent."""
        if member.otp_by is Channel.SMS:
            text = self.post.texts(member.account)[-1].text
        else:
            text = self.post.box(member.email).letters[-1].text
        return re.search(r"\b\d{6}\b", text).group()

    def told(self, kind: Entry) -> list[dict[str, Any]]:
        """What the ledger tells of one kind."""
        return [dict(entry.details) for entry in self.ledger.entries() if entry.kind is kind]


expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def on_stage(stage: Stage, browser: Browser) -> AsyncIterator[Page]:
    """Serve the terminal and open a fresh browser window before it."""
    async with host({"web": stage.terminal.app}) as addresses:
        stage.url = addresses["web"]
        stage.context = await browser.new_context(viewport={"width": 1280, "height": 720})
        try:
            stage.page = await stage.context.new_page()
            stage.page.set_default_timeout(PATIENCE)
            await stage.page.goto(stage.url)
            yield stage.page
        finally:
            await stage.context.close()
