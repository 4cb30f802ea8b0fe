"""What the package's source files import, as they say themselves."""

import ast
import functools
import sys
from collections.abc import Iterator
from pathlib import Path

from projects import CHECKOUT

SOURCES = CHECKOUT / "src"


@functools.cache
def imported(source: Path) -> tuple[frozenset[Path], frozenset[str]]:
    """The project's files and the packages that a source file imports, wherever in the file it does so."""
    files, packages = set(), set()
    for name in imported_names(ast.parse(source.read_text(encoding="utf-8"))):
        if name.split(".")[0] == "recommender":
            files.add(file_of(name))
        elif name.split(".")[0] not in sys.stdlib_module_names:
            packages.add(name.split(".")[0])
    return frozenset(files - {source}), frozenset(packages)


def imported_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from imported_names(node)


def file_of(name: str) -> Path:
    """The file that defines a module, or the module that a name is imported from."""
    path = SOURCES / name.replace(".", "/")
    for candidate in (path.with_suffix(".py"), path.with_suffix(".pyi"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return file_of(name.rpartition(".")[0])
