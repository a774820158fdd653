"""The generated JSON Schema against a file's nodes; each error becomes a sentence with a place."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from engine.actions.catalogue import ACTIONS, LATER_ACTIONS
from engine.policy import schema
from engine.policy.findings import Place, Report, suggestion
from engine.policy.level_shape import OF_EACH_POLICY, OF_THE_LADDER
from engine.policy.yaml_text import TAGGED, Node, Scalar, Sequence
from engine.policy.yaml_text import Mapping as MappingNode


@cache
def _validator(name: str) -> Any:
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "policy": schema.policy_schema,
        "values": schema.values_schema,
        "desk": schema.desk_schema,
        "calendar": schema.events_schema,
    }
    return Draft202012Validator(made[name]())


def plain(node: Node) -> Any:
    """Return a node as plain data in which every scalar is its text and an empty plain scalar is None."""
    if isinstance(node, Scalar):
        return None if node.text == "" and node.style is None else node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {entry.key.text: plain(entry.value) for entry in node.entries}


def check_shape(root: Node, kind: str, report: Report) -> None:
    """Report every way in which a file does not have the shape of a policy, values or desk file, in file order."""
    check_against(root, _validator(kind), report)


def check_against(root: Node, validator: Draft202012Validator, report: Report) -> None:
    """Report every way in which a file does not keep to a schema, in file order."""
    for error in validator.iter_errors(plain(root)):
        _translate(error, root, report)


def steps_of(pointer: str) -> list[str | int]:
    """Return the steps of a JSON Pointer; a number is a place in a list."""
    steps = pointer.split("/")[1:]
    return [int(step) if step.isdigit() else step.replace("~1", "/").replace("~0", "~") for step in steps]


def locate(root: Node, path: Iterable[Any]) -> tuple[Node, Place]:
    """Return the node at a JSON path, and the place of the key that leads to it (its own place inside a list)."""
    node, place = root, root.place
    for step in path:
        if isinstance(node, MappingNode):
            place = node.key_place(str(step))
            child = node.get(str(step))
        else:
            child = node.items[step] if isinstance(node, Sequence) and isinstance(step, int) else None
            place = child.place if child is not None else place
        if child is None:
            break
        node = child
    return node, place


def _translate(error: ValidationError, root: Node, report: Report) -> None:
    node, key_place = locate(root, error.absolute_path)
    if isinstance(node, Scalar) and node.style == TAGGED:
        return
    if str(error.validator) != "additionalProperties" and _answer_later(root, list(error.absolute_path), report):
        return
    if _is_told_already(error, root):
        return
    handler = _TRANSLATIONS.get(str(error.validator), _general)
    handler(error, node, key_place, report)


def _is_told_already(error: ValidationError, root: Node) -> bool:
    """Return whether an error only follows from another: a wrong type is no choice, a misspelt event no time of day."""
    if error.validator == "enum" and _schema(error).get("type") == "string" and not isinstance(error.instance, str):
        return True
    window, _ = locate(root, list(error.absolute_path)[:-1])
    is_end = error.validator == "pattern" and "during" in error.absolute_path and isinstance(window, MappingNode)
    return is_end and isinstance(window, MappingNode) and not {"from", "to", "event"}.issuperset(window.keys())


def _later_words(owner: str) -> Mapping[str, str]:
    """Return the second tier's words that may stand under a key."""
    return schema.LATER_WORDS.get(owner, {})


def _answer_later(root: Node, path: list[Any], report: Report) -> bool:
    """Report words that come later in a node or the block it stands in; return whether there are: that is enough."""
    found = False
    for steps in (path, path[:-1]):
        node, _ = locate(root, steps)
        later = _later_words(str(steps[-1])) if steps else {}
        for entry in node.entries if isinstance(node, MappingNode) else ():
            if entry.key.text in later:
                found = True
                _report_later(entry.key.text, later, entry.key.place, report)
    return found


def _report_later(word: str, later: Mapping[str, str], place: Place, report: Report) -> None:
    report.error("comes-later", place, f"'{word}' ({later[word]}) is known to the language and comes later")


def _unknown_keys(error: ValidationError, node: Node, _: Place, report: Report) -> None:
    assert isinstance(node, MappingNode)
    known = tuple(_schema(error).get("properties", {}))
    path = [str(step) for step in error.absolute_path]
    later = _later_words(path[-1] if path else "")
    for entry in node.entries:
        if path[:1] == ["levels"] and len(path) == 2 and entry.key.text in OF_THE_LADDER:
            message = f"a level has no '{entry.key.text}' of its own"
            report.error("unknown-key", entry.key.place, message, "it is the same for every level: write it above")
        elif entry.key.text not in known:
            lacking = [name for name in known if name in _all_wanted(error) and name not in node.keys()]
            _unknown_key(entry.key, known, lacking, later, report)


def _all_wanted(error: ValidationError) -> tuple[str, ...]:
    """Return the keys of a block that needs every one of them; of any other none."""
    required = tuple(_schema(error).get("required", ()))
    return required if set(required) == set(_schema(error).get("properties", ())) else ()


def _unknown_key(
    key: Scalar, known: tuple[str, ...], lacking: list[str], owner_words: Mapping[str, str], report: Report
) -> None:
    word = key.text
    later = {**LATER_ACTIONS, **owner_words}
    if word in later:
        _report_later(word, later, key.place, report)
        return
    meant = f"did you mean '{lacking[0]}'?" if len(lacking) == 1 else None
    hint = suggestion(word, known) or meant or (f"one of {', '.join(known)}" if len(known) <= 12 else None)
    noun = "action" if set(known) == set(ACTIONS) else "key"
    report.error(f"unknown-{noun}", key.place, f"unknown {noun} '{word}'", hint)


def _missing_keys(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    if not isinstance(node, MappingNode):
        return
    missing = [name for name in _wanted(error) if node.get(name) is None and name not in node.keys()]
    properties = _schema(error).get("properties") or schema.policy_schema()["properties"]
    known = tuple(properties)
    strange = [key for key in node.keys() if key not in known]
    # A misspelt key is told of where it stands; that the right one is missing follows.
    missing = [name for name in missing if not any(get_close_matches(key, [name]) for key in strange)]
    if _all_wanted(error) and len(strange) >= len(missing):
        missing = []
    if any(get_close_matches(key, ["levels"]) for key in strange):
        missing = [name for name in missing if name not in OF_EACH_POLICY]
    for name in missing[:1] if error.validator != "required" else missing:
        described = properties.get(name, {}).get("description")
        report.error("missing-key", _start_of(node, key_place), f"the key '{name}' is missing", described)


def _start_of(node: MappingNode, key_place: Place) -> Place:
    # The file itself, or an item of a list, begins with its first key.
    begins = not node.place.path or key_place == node.place
    return node.entries[0].key.place if begins and node.entries else key_place


def _not_a_choice(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    value = error.instance
    choices = [str(choice) for choice in _wanted(error) if isinstance(choice, str)]
    owner = str(error.absolute_path[-1]) if error.absolute_path else ""
    place = node.place if isinstance(node, Scalar) else key_place
    if isinstance(value, str):
        action = ACTIONS.get(value)
        if action is not None and value not in choices and _in_then(error):
            report.error(
                "missing-argument", place, f"the action '{value}' needs to be told more", f"as in {action.example}"
            )
            return
        later = {**_later_words(owner), **(LATER_ACTIONS if _in_then(error) else {})}
        if value in later:
            _report_later(value, later, place, report)
            return
        if _in_then(error):
            report.error(
                "unknown-action",
                place,
                f"unknown action '{value}'",
                suggestion(value, ACTIONS) or "see rekha explain action",
            )
            return
    hint = (suggestion(str(value), choices) if isinstance(value, str) else None) or _choices_hint(error, choices)
    report.error("not-a-choice", place, f"{_shown(value)} is not a choice for '{_name(error)}'", hint)


def _choices_hint(error: ValidationError, choices: list[str]) -> str:
    # A text among other shapes (all, a list, labels) is described by the key, not by its one word.
    described = _schema(error).get("description") or _described_by_key(error)
    return str(described) if len(choices) < 2 and described else f"one of {', '.join(choices)}"


def _described_by_key(error: ValidationError) -> str | None:
    if len(error.absolute_path) != 1:
        return None
    described: str | None = schema.policy_schema()["properties"].get(error.absolute_path[0], {}).get("description")
    return described


def _in_then(error: ValidationError) -> bool:
    path = list(error.absolute_path)
    return len(path) > 1 and path[-2] == "then"


def _wrong_type(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    place = node.place if isinstance(node, Scalar) and node.text else key_place
    if error.instance is None or error.instance == "":
        code = "empty-sentence" if "sentence" in str(_schema(error).get("description", "")) else "empty-value"
        report.error(code, place, f"'{_name(error)}' is empty", _schema(error).get("description"))
        return
    if _schema(error).get("type") == "null":
        report.error("wrong-shape", place, f"'{_name(error)}' takes no argument", f"write - {_name(error)}")
        return
    wanted = _schema(error).get("description")
    if _schema(error).get("type") == "array":
        wanted = f"it takes a list, each item with its own '-': {wanted}"
    if isinstance(error.instance, list) and str(wanted).startswith("one value"):
        wanted = suggestion(_name(error), ["cases"]) or wanted
    report.error("wrong-shape", place, f"{_shown(error.instance)} is not what '{_name(error)}' takes", wanted)


def _wrong_text(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    if "propertyNames" in error.absolute_schema_path:
        _bad_name(error, node, key_place, report)
        return
    place = node.place if isinstance(node, Scalar) else key_place
    if error.instance == "":
        _wrong_type(error, node, key_place, report)
        return
    owner = str(error.absolute_path[-1]) if error.absolute_path else ""
    for word, sentence in schema.LATER_WORDS.get(owner, {}).items():
        if isinstance(error.instance, str) and error.instance.startswith(f"per {word}"):
            report.error(
                "comes-later", place, f"'{error.instance}' ({sentence}) is known to the language and comes later"
            )
            return
    report.error(
        "wrong-value",
        place,
        f"{_shown(error.instance)} is not a value for '{_name(error)}'",
        _schema(error).get("description"),
    )


def _too_few(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    report.error("empty-block", key_place, f"'{_name(error)}' is an empty block", _schema(error).get("description"))


def _too_long(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    message = f"'{_name(error)}' has too many items; {error.validator_value} are the most"
    report.error("wrong-shape", key_place, message, "split it into several policies")


def _too_many(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    keys = node.keys() if isinstance(node, MappingNode) else ()
    place = node.entries[1].key.place if isinstance(node, MappingNode) and len(node.entries) > 1 else key_place
    what = "an action" if set(keys) & set(ACTIONS) else "a block"
    hint = "start each action with its own '-'" if what == "an action" else "nest one inside the other"
    report.error("too-many-keys", place, f"{what} has exactly one key; here are {', '.join(keys)}", hint)


def _bad_name(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    if not isinstance(node, MappingNode):
        return
    place = next((entry.key.place for entry in node.entries if entry.key.text == error.instance), key_place)
    hint = _schema(error).get("description") or (
        "small letters, digits and underscores, a letter first"
        if "_" in str(_schema(error).get("pattern"))
        else "small letters, digits and hyphens, at most 64 of them"
    )
    report.error("bad-name", place, f"{_shown(error.instance)} is not a name", hint)


def _without_use(error: ValidationError, node: Node, _: Place, report: Report) -> None:
    if not isinstance(node, MappingNode):
        return
    said = next(entry.key for entry in node.entries if entry.key.text in ("until", "reason"))
    message = f"'{said.text}' says it of no value: the key 'use' is missing"
    report.error(
        "missing-key", said.place, message, f"write {_name(error)}: {{use: 15k, until: 2026-12-31, reason: …}}"
    )


def _general(error: ValidationError, node: Node, key_place: Place, report: Report) -> None:
    report.error(
        "wrong-shape", key_place, f"'{_name(error)}': {error.message[:160]}", _schema(error).get("description")
    )


def _wanted(error: ValidationError) -> list[Any]:
    return error.validator_value if isinstance(error.validator_value, list) else []


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _name(error: ValidationError) -> str:
    words = [str(step) for step in error.absolute_path if not isinstance(step, int)]
    return words[-1] if words else "the file"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"'{text[:60]}{'…' if len(text) > 60 else ''}'"


_TRANSLATIONS: Mapping[str, Callable[[ValidationError, Node, Place, Report], None]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "enum": _not_a_choice,
    "type": _wrong_type,
    "pattern": _wrong_text,
    "minLength": _wrong_text,
    "maxLength": _wrong_text,
    "minProperties": _too_few,
    "minItems": _too_few,
    "maxProperties": _too_many,
    "dependentRequired": _without_use,
    "maxItems": _too_long,
}
