"""Pages with commands and their output: run a page's blocks in order in one folder, and compare or rewrite them."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```(?P<head>\S+(?: [^\n]*)?)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"

# Takes arguments, returns the exit code, standard output and standard error.
Run = Callable[[list[str]], tuple[int, str, str]]
# Takes a command and its words, returns what it prints when it is one that may stand beside ours.
Other = Callable[[str, list[str]], str | None]


@dataclass(frozen=True)
class Block:
    """A fenced block: `console` with commands after `$ ` and their output, or a file whose head ends `file=PATH`."""

    head: str
    text: str
    span: tuple[int, int]

    @property
    def file(self) -> str | None:
        """The path the block is written to before what follows it runs."""
        found = re.search(r"\bfile=(\S+)", self.head)
        return found[1] if found else None

    @property
    def commands(self) -> list[str]:
        """The commands, with continued lines joined."""
        joined = re.sub(r"\\\n\s*", "", self.text)
        return [line[2:] for line in joined.splitlines() if line.startswith("$ ")]


def blocks(page: str) -> Iterator[Block]:
    """Yield every fenced block of a page in order."""
    for found in BLOCK.finditer(page):
        yield Block(found["head"], found["text"], found.span("text"))


def _no_other(_source: str, _words: list[str]) -> None:
    return None


def played(block: Block, run: Run, folder: Path, other: Other = _no_other) -> str:
    """Return a console block with what its commands print now; `> FILE` at the end of one writes into the folder."""
    code, out = 0, []
    for source in re.findall(r"^\$ (?:.*\\\n)*.*$", block.text, re.MULTILINE):
        words = shlex.split(re.sub(r"\\\n\s*", "", source[2:]))
        beside = other(source[2:], words)
        if beside is not None:
            printed = beside
        elif words == ["echo", "$?"]:
            printed = f"{code}\n"
        else:
            assert words[0] == "rekha", source
            target = words[-1] if len(words) > 2 and words[-2] == ">" else None
            code, told, complained = run(words[1:-2] if target else words[1:])
            if target:
                (folder / target).write_text(told, encoding="utf-8")
            printed = complained if target else told + complained
        out.append(f"{source}\n{printed}")
    return "".join(out)


def agrees(told: str, seen: str) -> bool:
    """Return whether output is as told; a line that is only `…` stands for any lines, a `…` in one for any signs."""
    lines = re.split(rf"^[ ]*{ANYTHING}\n", told, flags=re.MULTILINE)
    parts = ["[^\n]*".join(map(re.escape, part.split(ANYTHING))) for part in lines]
    return re.fullmatch("(?:.*\n)*".join(parts), seen) is not None


def write_file(block: Block, folder: Path) -> None:
    """Write a file block where it says."""
    assert block.file is not None
    path = folder / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
