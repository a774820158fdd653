"""House rules over the source of `engine`: no float, one clock, no mutable module state, docstrings, length, mirror."""

import ast
import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "engine"
MODULES = sorted(ENGINE.rglob("*.py"))
PURE_ROOMS = ("errors.py", "domain", "facts", "actions", "policy", "core", "brokers")
PURE = [path for path in MODULES if path.relative_to(ENGINE).parts[0] in PURE_ROOMS]
CLOCK = ENGINE / "runtime" / "clock.py"

MAX_LINES = 400

CLOCK_CALLS = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime"},
}
CONTAINER_CALLS = {"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"}
MUTATORS = {"append", "extend", "insert", "remove", "pop", "popitem", "clear", "update", "setdefault", "add", "discard"}
CONSTANT = re.compile(r"_{0,2}[A-Z][A-Z0-9_]*")
Breaches = Iterator[tuple[int, str]]
Rule = Callable[[ast.Module], Breaches]


def module_id(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")


def read(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(node: ast.AST) -> str:
    """The last part of a name or dotted name, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


# --- the rules


def floats(tree: ast.Module) -> Breaches:
    """A float by name, by literal or inside an annotation that is a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "the name float"
        elif isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            yield node.lineno, f"the literal {node.value!r}"
        elif isinstance(node, ast.arg | ast.AnnAssign) and _names_float(node.annotation):
            yield node.lineno, "an annotation that names float"


def _names_float(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Constant) and re.search(r"\bfloat\b", str(annotation.value)) is not None


def clock_reads(tree: ast.Module) -> Breaches:
    """A call that asks the machine for the time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            for alias in node.names:
                if alias.name in CLOCK_CALLS["time"]:
                    yield node.lineno, f"from time import {alias.name}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = name_of(node.func.value)
            if node.func.attr in CLOCK_CALLS.get(owner, ()):
                yield node.lineno, f"{owner}.{node.func.attr}()"


def mutable_state(tree: ast.Module) -> Breaches:
    """A container shared by a module or class that is not a constant, a constant that is changed, or `global`."""
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    for statement in (statement for body in bodies for statement in body):
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _is_container(statement.value):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if not CONSTANT.fullmatch(name_of(target)) and name_of(target) not in ("__all__", "__slots__"):
                    yield statement.lineno, f"the container {name_of(target)} is not a constant"
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield node.lineno, f"global {', '.join(node.names)}"
        elif isinstance(node, ast.Call) and _changes_constant(node):
            yield node.lineno, f"{ast.unparse(node.func)}() changes a constant"
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del) and _is_constant(node.value):
            yield node.lineno, f"an item of the constant {name_of(node.value)} is changed"


def _is_constant(node: ast.expr) -> bool:
    return CONSTANT.fullmatch(name_of(node)) is not None


def _changes_constant(call: ast.Call) -> bool:
    # A set's add takes one argument; CONTEXT.add(a, b) is a sum.
    function = call.func
    if not isinstance(function, ast.Attribute) or not _is_constant(function.value):
        return False
    return function.attr in MUTATORS and not (function.attr == "add" and len(call.args) == 2)


def _is_container(value: ast.expr | None) -> bool:
    displays = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    return isinstance(value, displays) or (isinstance(value, ast.Call) and name_of(value.func) in CONTAINER_CALLS)


def missing_docstrings(tree: ast.Module) -> Breaches:
    """A public module, class, function or method without a docstring."""
    if tree.body and ast.get_docstring(tree) is None:
        yield 1, "the module"
    pending: list[tuple[str, list[ast.stmt]]] = [("", tree.body)]
    while pending:
        prefix, body = pending.pop()
        for node in body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None and not any(name_of(d) == "overload" for d in node.decorator_list):
                yield node.lineno, f"{prefix}{node.name}"
            if isinstance(node, ast.ClassDef):
                pending.append((f"{prefix}{node.name}.", node.body))


# --- the house keeps them


def breaches(path: Path, found: Breaches) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{line}  {what}" for line, what in found]


@pytest.mark.parametrize("path", PURE, ids=module_id)
def test_no_float_in_the_pure_rooms(path: Path) -> None:
    assert breaches(path, floats(read(path))) == []


@pytest.mark.parametrize("path", [path for path in MODULES if path != CLOCK], ids=module_id)
def test_only_the_clock_reads_the_time(path: Path) -> None:
    assert breaches(path, clock_reads(read(path))) == []


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_no_mutable_module_state(path: Path) -> None:
    assert breaches(path, mutable_state(read(path))) == []


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    assert breaches(path, missing_docstrings(read(path))) == []


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_a_module_stays_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{path.relative_to(ROOT)} has {lines} lines; split it along the domain"


def _texts(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _imports(path: Path) -> set[str]:
    """The modules a file imports; a command names its module by a text, `_command(…, "check")`."""
    names: set[str] = set()
    for node in ast.walk(read(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and name_of(node.func) == "_command":
            names.update(f"engine.cli.{text}" for text in _texts(node.args[-1:]))
        elif isinstance(node, ast.Call) and name_of(node.func) == "import_module":
            names.update(_texts(node.args))
    return names


@functools.cache
def _reached_by_tests() -> frozenset[str]:
    known = {module_id(path).removesuffix(".__init__"): path for path in MODULES}
    waiting = {name for path in (ROOT / "tests").rglob("*.py") for name in _imports(path) if name in known}
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= {found for found in _imports(known[name]) if found in known} - reached
    return frozenset(reached)


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_every_module_is_reached_from_a_test(path: Path) -> None:
    name = module_id(path).removesuffix(".__init__")
    defines = any(isinstance(node, ast.ClassDef | ast.FunctionDef) for node in read(path).body)
    assert not defines or name in _reached_by_tests(), f"no test reaches {name}: is it needed?"


# --- the rules bite


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        pytest.param(floats, "x = float('1')", id="float-call"),
        pytest.param(floats, "x = 0.5", id="float-literal"),
        pytest.param(floats, "def f(x: float) -> int: ...", id="float-annotation"),
        pytest.param(floats, "def f(x: 'list[float]') -> int: ...", id="float-annotation-as-text"),
        pytest.param(floats, "isinstance(x, int | float)", id="float-in-isinstance"),
        pytest.param(clock_reads, "import datetime\ndatetime.datetime.now()", id="datetime.datetime.now"),
        pytest.param(clock_reads, "from datetime import date\ndate.today()", id="date.today"),
        pytest.param(clock_reads, "import time\ntime.monotonic()", id="time.monotonic"),
        pytest.param(clock_reads, "from time import perf_counter", id="from-time-import"),
        pytest.param(mutable_state, "cache = {}", id="dict"),
        pytest.param(mutable_state, "seen: set[str] = set()", id="set-call"),
        pytest.param(mutable_state, "class A:\n    rows = []", id="class-attribute"),
        pytest.param(mutable_state, "A = {}\ndef f():\n    A['x'] = 1", id="constant-item-set"),
        pytest.param(mutable_state, "import m\nm.TABLE.update(x=1)", id="another-modules-constant"),
        pytest.param(mutable_state, "SEEN = frozenset()\nSEEN.add(1)", id="constant-added-to"),
        pytest.param(mutable_state, "def f():\n    global n\n    n = 1", id="global"),
        pytest.param(missing_docstrings, "def f(): ...", id="no-module-docstring"),
        pytest.param(
            missing_docstrings, '"""M."""\nclass A:\n    """A."""\n    def f(self): ...', id="no-method-docstring"
        ),
    ],
)
def test_a_rule_bites(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source)))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        pytest.param(floats, "x: 'Decimal' = Decimal('0.5')", id="decimal"),
        pytest.param(clock_reads, "from engine.runtime import clock\nclock.now()", id="our-clock"),
        pytest.param(clock_reads, "from datetime import time\ntime(9, 15)", id="time-of-day"),
        pytest.param(mutable_state, "TABLE = {'a': 1}\n__all__ = ['TABLE']", id="constant"),
        pytest.param(mutable_state, "def f():\n    rows = []\n    rows.append(1)", id="local"),
        pytest.param(mutable_state, "x = CONTEXT.add(a, b)", id="sum-in-the-context"),
        pytest.param(missing_docstrings, '"""M."""\ndef _f(): ...\nclass _A:\n    def f(self): ...', id="private"),
    ],
)
def test_a_rule_lets_good_code_pass(rule: Rule, source: str) -> None:
    assert not list(rule(ast.parse(source)))
