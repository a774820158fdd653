"""What each code of the checker means, read from its section of the reference page that is shipped with Rekha."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from engine.runtime.resources import resource_dir

_SECTION = re.compile(r"^## (?P<code>[a-z0-9-]+)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class CodePage:
    """
    One code's section.

    summary: its first sentence. markdown: all of it. is_warning: whether the page calls it one.
    """

    code: str
    summary: str
    markdown: str
    is_warning: bool

    @property
    def text(self) -> str:
        """The section in plain words, without its example."""
        paragraphs = (" ".join(part.split()) for part in _BLOCK.sub("", self.markdown).split("\n\n"))
        return "\n\n".join(part for part in paragraphs if part)


@cache
def code_pages() -> Mapping[str, CodePage]:
    """Return every code's section by code, in alphabetical order. Raises: SettingsError when the page is missing."""
    page = (resource_dir("docs") / "errors.md").read_text(encoding="utf-8")
    return MappingProxyType(
        {match["code"]: _page(match["code"], match["text"].strip()) for match in _SECTION.finditer(page)}
    )


def _page(code: str, markdown: str) -> CodePage:
    first = " ".join(markdown.split("\n\n")[0].split())
    plain = first.removeprefix("A warning. ")
    summary = re.split(r"(?<=[.:])\s", plain, maxsplit=1)[0].rstrip(":")
    return CodePage(code, summary, markdown, plain != first)
