"""
What a check costs as a whole process: of a thousand policies, and of one against the imports it cannot do without.

`python -m bench.check [--policies 1000] [--rounds 7]` prints CPU seconds and a ratio.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from engine.runtime.resources import resource_dir

SECONDS_FOR_A_THOUSAND = 3
TIMES_THE_IMPORTS = 3
# Beside the policies stand the values and the events they name.
_OF_THE_DESK = ("values.yaml", "calendar.yaml")
_IMPORTS = "import yaml, jsonschema"
_CHECK = "import sys; from engine.cli.main import main; sys.exit(main())"


class Processes(NamedTuple):
    """CPU seconds of two whole processes, medians of interleaved runs."""

    check: float
    imports: float


def write_policies(folder: Path, count: int) -> None:
    """Fill a folder with a desk's values and as many policies as asked for, the shipped ones over and over."""
    shipped = resource_dir("policies")
    policies = [path for path in sorted(shipped.glob("*.yaml")) if path.name not in _OF_THE_DESK]
    texts = [path.read_text(encoding="utf-8") for path in policies]
    for name in _OF_THE_DESK:
        (folder / name).write_bytes((shipped / name).read_bytes())
    for number in range(count):
        text = texts[number % len(texts)]
        name = text.split("policy: ", 1)[1].split("\n", 1)[0]
        text = text.replace(f"policy: {name}", f"policy: {name}-{number}", 1)
        (folder / f"{number:04}.yaml").write_text(text, encoding="utf-8")


def check_many(count: int) -> float:
    """Return the CPU seconds a whole `rekha check` of so many policies takes. Raises: CalledProcessError on errors."""
    with TemporaryDirectory() as folder:
        write_policies(Path(folder), count)
        return _cpu_of([_CHECK, "check", folder])


def check_one(rounds: int) -> Processes:
    """Return what a whole `rekha check FILE` takes, and what the imports it cannot do without take alone."""
    file = str(resource_dir("policies") / "naked-short.yaml")
    spent = [(_cpu_of([_CHECK, "check", file]), _cpu_of([_IMPORTS])) for _ in range(rounds)]
    return Processes(median(check for check, _ in spent), median(imports for _, imports in spent))


def _cpu_of(arguments: list[str]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", *arguments], check=True, stdout=subprocess.DEVNULL, timeout=60)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    seconds = median(check_many(arguments.policies) for _ in range(3))
    print(f"{arguments.policies} policies checked: {seconds:.2f} s CPU (goal for 1000: {SECONDS_FOR_A_THOUSAND} s)")
    processes = check_one(arguments.rounds)
    ratio = processes.check / processes.imports
    print(f"rekha check of one file: {ratio:.2f} times `{_IMPORTS}` in CPU time (goal: {TIMES_THE_IMPORTS})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
