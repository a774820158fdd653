"""`features/simulator/web_terminal.feature`, each scenario in both skins of the terminal, through a real browser."""

import re
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.domain.secret import Secret
from engine.sim.exchange.words import Entry
from engine.sim.faults import Fault, FaultKind
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Channel, made_member
from tests.sim.browser import Runner, started
from tests.sim.hands import HANDS, Hands, give_otp, give_password, go_to_segments, sign_in
from tests.sim.web import A1, MOBILE, PASSWORD, Stage, on_stage

pytestmark = pytest.mark.chromium
scenarios("simulator/web_terminal.feature")

BY_SMS = made_member(7, "B2", Secret("+919876500002"), Secret(PASSWORD), otp_by=Channel.SMS)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with started() as running:
        yield running


@pytest.fixture(autouse=True, params=list(Skin), ids=lambda skin: skin.value)
def skin(request) -> Skin:
    return request.param


class Client:
    """One client before the terminal; steps are done one after the other in the browser's loop."""

    def __init__(self, runner: Runner, skin: Skin) -> None:
        self.stage = Stage(skin, A1, BY_SMS)
        self.member = A1
        self.do = runner.run
        self.open = AsyncExitStack()
        self.hands: Hands = HANDS[skin](self.do(self.open.enter_async_context(on_stage(self.stage, runner.browser))))


@pytest.fixture
def client(runner, skin) -> Iterator[Client]:
    one = Client(runner, skin)
    try:
        yield one
    finally:
        one.do(one.open.aclose())


@given("the client is signed in")
@when("the client signs in")
def _(client) -> None:
    client.do(sign_in(client.hands, client.stage, client.member))


@given("a client whose one-time passwords come by SMS")
def _(client) -> None:
    client.member = BY_SMS


@given(parsers.parse("the page says yes and switches nothing, {how} a letter"))
def _(client, how: str) -> None:
    client.stage.faults.add(Fault(FaultKind.NOT_SWITCHED, times=1, details={"mail": how == "with"}))


@given("a sign-in at the web terminal ends the API session")
def _(client) -> None:
    client.stage.faults.add(Fault(FaultKind.WEB_ENDS_API, times=1))


@when(parsers.re('the client disables (?:"(?P<segment>[^"]+)"|nothing)'))
def _(client, segment: str | None) -> None:
    client.do(go_to_segments(client.hands))
    if segment:
        client.do(client.hands.choose(segment))
    client.do(client.hands.press("Disable segments"))


@when(parsers.re("(the client )?(?P<what>confirms|cancels)"))
def _(client, what: str) -> None:
    client.do(client.hands.press(what.removesuffix("s").capitalize()))


@when("the client gives mobile number and password")
def _(client) -> None:
    client.do(give_password(client.hands, MOBILE))


@when(parsers.parse('the client gives the mobile number and the password "{password}"'))
def _(client, password: str) -> None:
    client.do(give_password(client.hands, MOBILE, password))


@when(parsers.parse('the client gives the mobile number "{mobile}"'))
def _(client, mobile: str) -> None:
    client.do(client.hands.fill("Mobile number", mobile))
    client.do(client.hands.press("Continue"))


@when(parsers.re(r"(the client )?gives the one-time password (?P<otp>sent|\d{6})"))
def _(client, otp: str) -> None:
    client.do(client.hands.see_button("Verify"))
    client.do(give_otp(client.hands, client.stage.otp() if otp == "sent" else otp))


@when("the client asks for another one-time password")
def _(client) -> None:
    client.do(client.hands.press("Resend OTP"))


@when(parsers.parse("{count:d} {unit} go by"))
def _(client, count: int, unit: str) -> None:
    client.stage.later(**{unit: count})


@when("the session expires")
def _(client) -> None:
    client.stage.sign_in.expire(client.member.account)


@when("the client signs out")
def _(client) -> None:
    client.do(client.hands.press("Profile menu"))
    client.do(client.hands.press("Sign out"))
    client.do(client.hands.see_heading("Sign in"))


@when("the page is loaded again")
def _(client) -> None:
    client.do(client.hands.reload())


@then(parsers.parse('the page says "{text}"'))
def _(client, text: str) -> None:
    client.do(client.hands.see(text))


@then(parsers.re('(?P<again>after a reload )?"(?P<segment>[^"]+)" is (?P<state>Active|Disabled)'))
def _(client, again: str | None, segment: str, state: str) -> None:
    if again:
        client.do(client.hands.reload())
    client.do(client.hands.see_state(segment, state))


@then(parsers.parse("the exchange holds {exchanges} disabled"))
def _(client, exchanges: str) -> None:
    held = ", ".join(sorted(client.stage.book.locked(client.member.account)))
    assert held == exchanges.replace("nothing", "")


@then(parsers.parse('the last letter is "{subject}"'))
def _(client, subject: str) -> None:
    assert client.stage.letters()[-1] == subject


@then(parsers.parse("{count:d} text message and no letter came"))
def _(client, count: int) -> None:
    texts = client.stage.post.texts(client.member.account)
    assert (len(texts), client.stage.letters(client.member)) == (count, [])


@then("the client is asked for a one-time password")
def _(client) -> None:
    client.do(client.hands.see_button("Verify"))


@then(parsers.parse("the client stands before the {page}"))
def _(client, page: str) -> None:
    headings = {
        "dashboard": "Dashboard",
        "sign-in": "Sign in",
        "risk disclosure": "Risk disclosures on derivatives",
    }
    client.do(client.hands.see_heading(headings[page]))


@then(parsers.parse("the ledger tells of the web sign-ins: {outcomes}"))
def _(client, outcomes: str) -> None:
    told = client.stage.told(Entry.LOGIN)
    assert [entry["outcome"] for entry in told] == re.split(", ", outcomes)
    assert {entry["via"] for entry in told} == {"web"}


@then("the API session is ended once")
def _(client) -> None:
    assert client.stage.ended == ["A1"]
