"""Every generated JSON Schema by file name; `rekha schema` prints, writes and checks them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from engine.policy.schema import desk_schema, events_schema, policy_schema, values_schema
from engine.runtime.snapshot_schema import snapshot_schema


def _scenario_schema() -> dict[str, Any]:
    # A simulation's words come with its event loop, which the other schemas need not wait for.
    from engine.sim.scenario.shape import scenario_schema

    return scenario_schema()


GENERATED: Final[Mapping[str, Callable[[], dict[str, Any]]]] = MappingProxyType(
    {
        "policy": policy_schema,
        "values": values_schema,
        "desk": desk_schema,
        "events": events_schema,
        "snapshot": snapshot_schema,
        "scenario": _scenario_schema,
    }
)


def schema_text(name: str) -> str:
    """Return a schema as it stands in its file: two blanks of indent, keys in order, a newline at the end."""
    return json.dumps(GENERATED[name](), ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write every generated schema into a folder and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in GENERATED:
        path = folder / f"{name}.schema.json"
        path.write_text(schema_text(name), encoding="utf-8")
        files.append(path)
    return tuple(files)


def stale_schemas(folder: Path) -> tuple[str, ...]:
    """Return the names of the schemas whose file in a folder is missing or differs from what is generated."""
    return tuple(name for name in GENERATED if _text(folder / f"{name}.schema.json") != schema_text(name))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
