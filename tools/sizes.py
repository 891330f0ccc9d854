#!/usr/bin/env python3
"""Lines per function, class, module, template and test, against docs/dev/sizes (tools/sizes.py [--list])."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What may be longer, with the reason. The list may only shrink: an entry that is no longer needed fails the check.
ALLOWED: dict[str, str] = {}
LIMITS = {"function": 60, "test": 40, "class": 250, "module": 500, "template": 250}
FOLDERS = ("anliegen", "tests", "bench", "tools")


def python_files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and path.name != "bootstrap.py":
                yield path


def measure(path: Path) -> Iterator[tuple[str, str, int]]:
    """(kind, name, lines) of everything in one module; a docstring does not count."""
    source = path.read_text(encoding="utf-8")
    relative = path.relative_to(ROOT).as_posix()
    yield "module", relative, source.count("\n")
    in_tests = "/tests/" in relative or relative.startswith("tests/")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            if kind == "function" and in_tests and node.name.startswith("test_"):
                kind = "test"
            yield kind, f"{relative}:{node.name}", _lines(node)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    count = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        count -= (first.end_lineno or first.lineno) - first.lineno + 1
    return count


def everything() -> Iterator[tuple[str, str, int]]:
    for path in python_files():
        yield from measure(path)
    for path in sorted((ROOT / "anliegen").glob("*/templates/**/*")):
        if path.is_file():
            yield "template", path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8").count("\n")


def main() -> int:
    problems, used = [], set()
    for kind, name, lines in everything():
        if lines <= LIMITS[kind]:
            continue
        if name in ALLOWED:
            used.add(name)
        else:
            problems.append(f"{name}: {kind} of {lines} lines, at most {LIMITS[kind]}: split it")
    problems += [
        f"{name}: is short enough now, take it from the list in tools/sizes.py" for name in set(ALLOWED) - used
    ]
    print("\n".join(problems) or "sizes: ok")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
