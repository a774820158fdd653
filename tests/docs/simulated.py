"""What a page may do beside `rekha` commands: keep a simulator running, export its secrets, ask its control."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import httpx

RUN = (sys.executable, "-c", "from engine.cli.main import main; raise SystemExit(main())")
EXPORT = "$(jq -r '.secrets | to_entries[] | \"\\(.key)=\\(.value)\"' "
PORT = "8711"


class Beside:
    """
    One page's commands that are not ours. The port a page names is another one while it is played.

    put: sets an environment variable for what follows.
    """

    def __init__(self, folder: Path, put: Callable[[str, str], None]) -> None:
        self._folder = folder
        self._put = put
        self._ended = ExitStack()
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            self.port = str(chosen.getsockname()[1])

    def close(self) -> None:
        """End what still runs."""
        self._ended.close()

    def there(self, text: str) -> str:
        """Return a page's text as it is played."""
        return text.replace(PORT, self.port)

    def here(self, text: str) -> str:
        """Return what was printed as the page has it."""
        return text.replace(self.port, PORT)

    def play(self, source: str, words: list[str]) -> str | None:
        """Return what a command prints; None for one that is not known here."""
        if words[-1] == "&":
            self._serve(words[1:-3], self._folder / words[-2])
            return ""
        if words[0] == "export" and source.startswith(f"export {EXPORT}"):
            name = source.removeprefix(f"export {EXPORT}").removesuffix(")")
            secrets: Mapping[str, str] = json.loads((self._folder / name).read_text(encoding="utf-8"))["secrets"]
            for variable, text in secrets.items():
                self._put(variable, text)
            return ""
        return _curl(words[1:]) if words[0] == "curl" else None

    def _serve(self, arguments: list[str], target: Path) -> None:
        process = subprocess.Popen([*RUN, *arguments], stdout=subprocess.PIPE, encoding="utf-8")
        self._ended.callback(process.communicate)
        self._ended.callback(process.terminate)
        assert process.stdout is not None
        target.write_text(process.stdout.readline(), encoding="utf-8")


def _curl(words: list[str]) -> str:
    """Do what `curl -s [-X METHOD] [-d BODY] ADDRESS [| jq -c '.[]']` does."""
    wants_lines = words[-4:] == ["|", "jq", "-c", ".[]"]
    words = words[:-4] if wants_lines else words
    method, body = "GET", None
    while words[0].startswith("-"):
        option = words.pop(0)
        if option == "-X":
            method = words.pop(0)
        elif option == "-d":
            method, body = "POST", words.pop(0)
    with httpx.Client(trust_env=False) as http:
        answer = http.request(method, words[0], content=body)
    if not wants_lines:
        return answer.text.rstrip("\n") + "\n"
    return "".join(json.dumps(one, separators=(",", ":"), ensure_ascii=False) + "\n" for one in answer.json())
