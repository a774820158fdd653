"""How the web terminal is drawn."""

from enum import Enum


class Skin(Enum):
    """How the terminal is drawn: ordinary HTML, or a canvas with a semantics tree that must be switched on."""

    HTML = "html"
    FLUTTER = "flutter"
