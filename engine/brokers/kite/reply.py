"""The envelope of a Kite reply: data, or the broker's own error; the rows are the sibling modules' work."""

from engine.brokers.wire import decode_reply, object_of, shown
from engine.errors import BrokerDataError

BROKER = "kite"


def data_of(body: bytes, part: str) -> object:
    """
    Return what a reply carries under `data`.

    Raises: BrokerDataError with the broker's own message and error_type when `status` is "error" or an error_type is
    there, whatever the HTTP code was; also for anything that is no success.
    """
    reply = object_of(decode_reply(body, BROKER, part), BROKER, part)
    status, error_type = reply.get("status"), reply.get("error_type")
    if status == "error" or error_type:
        message, kind = reply.get("message"), error_type if isinstance(error_type, str) else "no error_type"
        said = message if isinstance(message, str) and message.strip() else "no message"
        raise BrokerDataError(f"{part}: Kite answered with an error: {said} ({kind})", broker=BROKER)
    if status != "success":
        raise BrokerDataError(f"{part}: 'status' is {shown(status)}, not 'success'", broker=BROKER)
    if reply.get("data") is None:
        raise BrokerDataError(f"{part}: the reply says success and carries no 'data'", broker=BROKER)
    return reply["data"]
