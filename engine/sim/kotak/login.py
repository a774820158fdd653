"""The two steps of a login: a TOTP code gives a view token, the MPIN with that a trade token and the base URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pyotp

from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.words import Entry
from engine.sim.kotak import replies
from engine.sim.kotak.credentials import Credentials
from engine.sim.kotak.forms import read_object
from engine.sim.kotak.replies import Answer
from engine.sim.kotak.sessions import Kind, Session, Sessions

FIN_KEY: Final = "neotradeapi"
_COOL_DOWN = timedelta(minutes=5)
_FIRST_FIELDS = (("mobileNumber", "MobileNumber"), ("ucc", "Ucc"), ("totp", "Totp"))


@dataclass
class _Tries:
    last_code: int = -1
    refused_code: int = -1
    cooling_until: datetime | None = None


class Login:
    """Lets clients in, and tells the ledger of every try."""

    def __init__(self, credentials: Mapping[str, Credentials], sessions: Sessions, ledger: Ledger) -> None:
        self._credentials = credentials
        self._sessions = sessions
        self._ledger = ledger
        self._tries = {ucc: _Tries() for ucc in credentials}

    def first_step(self, headers: Mapping[str, str], body: bytes, account: str, now: datetime) -> Answer:
        """Return the view token for mobile number, client code and TOTP code; account: whose access token it is."""
        fields = read_object(body) or {}
        missing = next((shown for name, shown in _FIRST_FIELDS if not fields.get(name)), None)
        if not account or headers.get("neo-fin-key") != FIN_KEY:
            answer = replies.UNAUTHORIZED
        elif missing is not None:
            answer = replies.missing_field(missing)
        else:
            answer = self._check(fields, account, now)
        return self._told("totp", account, answer, now)

    def second_step(
        self, headers: Mapping[str, str], body: bytes, account: str, base_url: str, now: datetime
    ) -> Answer:
        """Return the trade token and the base URL for the MPIN, under the view token and its session id."""
        fields = read_object(body) or {}
        session = self._sessions.find(Kind.VIEW, headers.get("auth", ""), headers.get("sid", ""), now)
        if not account or headers.get("neo-fin-key") != FIN_KEY or (session and session.account != account):
            answer = replies.UNAUTHORIZED
        elif session is None:
            answer = replies.STALE
        elif not fields.get("mpin"):
            answer = replies.missing_field("Mpin")
        elif fields["mpin"] != self._credentials[account].mpin.reveal():
            answer = replies.INVALID_MPIN
        else:
            trade = self._sessions.begin(account, Kind.TRADE, now)
            answer = Answer({"data": {**self._data(trade), "baseUrl": base_url}})
        return self._told("mpin", account, answer, now)

    def _check(self, fields: Mapping[str, object], account: str, now: datetime) -> Answer:
        mine, tries = self._credentials[account], self._tries[account]
        if tries.cooling_until is not None and now < tries.cooling_until:
            return replies.COOLING
        if (fields["ucc"], fields["mobileNumber"]) != (account, mine.mobile.reveal()):
            return replies.INVALID_UCC
        totp = pyotp.TOTP(mine.totp_secret.reveal())
        code = totp.timecode(now)
        if code == tries.refused_code:
            # A fast retry: the code that was refused is still the one of the moment.
            tries.cooling_until = now + _COOL_DOWN
            return replies.COOLING
        if code <= tries.last_code or not totp.verify(str(fields["totp"]), for_time=now):
            tries.refused_code = code
            return replies.INVALID_TOTP
        tries.last_code = code
        return Answer({"data": self._data(self._sessions.begin(account, Kind.VIEW, now))})

    def _data(self, session: Session) -> dict[str, object]:
        return {
            "token": session.token,
            "sid": session.sid,
            "rid": self._sessions.new_id(),
            "hsServerId": "",
            "isUserPwdExpired": False,
            "ucc": session.account,
            "greetingName": "SIMULATED CLIENT",
            "isTrialAccount": False,
            "dataCenter": "E43",
            "searchAPIKey": "",
            "derivativesRiskDisclosure": "Nine of ten individual traders in derivatives made losses.",
            "mfAccess": 1,
            "dataCenterMap": None,
            "dormancyStatus": "A",
            "asbaStatus": "",
            "clientType": "RI",
            "isNRI": False,
            "kId": "ABCDE1234F",
            "kType": session.kind.value,
            "status": "success",
            "incRange": 0,
            "incUpdFlag": "",
            "clientGroup": "",
            "kraStatus": "",
            "rcFlag": 0,
        }

    def _told(self, step: str, account: str, answer: Answer, now: datetime) -> Answer:
        is_in = isinstance(answer.body, dict) and "data" in answer.body
        outcome = "ok" if is_in else _reason(answer.body)
        self._ledger.append(now, account, Entry.LOGIN, step=step, outcome=outcome)
        return answer


def _reason(body: object) -> str:
    match body:
        case {"error": [{"message": str(text)}]} | {"errMsg": str(text)} | {"message": str(text)}:
            return text
    return "refused"
