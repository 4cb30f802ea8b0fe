"""What an import is going to do: which files become the raw files, and which settings read them."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from recommender.cleaning.csv_file import CsvFile
from recommender.cleaning.validate_files import validate_files
from recommender.errors import RecommenderError
from recommender.files.atomic import open_atomically
from recommender.files.columns import PROGRAM_ID, TITLE, USER_ID
from recommender.files.csv_files import write_csv
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.params_file import read_yaml

FILES_WITH = {
    USER_ID: ("users", "interactions"),
    PROGRAM_ID: ("programs", "interactions"),
    TITLE: ("programs",),
    "interaction": ("interactions",),
    "timestamp": ("interactions",),
}
TITLE_NAMES = ("title", "name")
"""What a column of titles is called where nobody said."""


@dataclass(frozen=True)
class Plan:
    """What an import is going to do.

    Attributes
    ----------
    root
        The project's folder.
    sources
        The file that is to become `data/raw/<name>`, by name.
    changes
        The keys below `data` in `params.yaml` that change, by path.
    """

    root: Path
    sources: dict[str, Path]
    changes: dict[tuple[str, ...], Any]

    @classmethod
    def make(cls, root: Path, args: argparse.Namespace, scratch: Path) -> Self:
        """Plan the import that the command line asks for; tables that it does not name are derived in `scratch`."""
        given = {"users": args.users, "programs": args.programs, "interactions": args.interactions}
        for path in filter(None, given.values()):
            if not path.is_file():
                raise RecommenderError(f"{path} is not a file")
        changes = _mapped(args.map, given)
        for name in ("encoding", "delimiter", "positive_threshold", "unknown_ids", "bad_rows"):
            if (value := getattr(args, name)) is not None:
                changes[(name,)] = value
        settings = _settings(root, changes)
        if args.programs and not any(path[-1] == TITLE for path in changes):
            header = CsvFile(args.programs, settings.encoding, settings.delimiter).header()
            found = [name for name in TITLE_NAMES if name in header]
            if settings.columns.programs.title not in header and found:
                changes["columns", "programs", TITLE] = found[0]

        sources = {f"{name}.csv": path for name, path in given.items() if path}
        for table, column in (("users", USER_ID), ("programs", PROGRAM_ID)):
            if given[table] is None:
                changes["columns", table, column] = column
                interactions = CsvFile(args.interactions, settings.encoding, settings.delimiter)
                mapped = getattr(settings.columns.interactions, column)
                named, _ = interactions.read({column: mapped}, skip_malformed=settings.bad_rows == "drop")
                sources[f"{table}.csv"] = scratch / f"{table}.csv"
                ids = named[column].unique()
                derived = pa.table({column: ids.filter(pc.not_equal(ids, ""))})
                write_csv(sources[f"{table}.csv"], derived, settings.encoding, settings.delimiter)
        return cls(root, sources, changes)

    def check(self) -> dict[str, Any]:
        """Read the files as the pipeline will, and return the report on them.

        Raises
        ------
        RecommenderError
            What `validate` would refuse.
        """
        content = read_yaml(self.root / "params.yaml")
        features = FeatureSettings.parse(content.get("features"), "params.yaml: features")
        sources = (self.sources[name] for name in ("users.csv", "programs.csv", "interactions.csv"))
        return validate_files(*sources, settings=_settings(self.root, self.changes), features=features).report

    def write_params(self) -> None:
        """Write the changed settings to `params.yaml`; its comments and the rest stay as they are."""
        path = self.root / "params.yaml"
        yaml = YAML()
        yaml.representer.add_representer(type(None), _written_null)
        yaml.preserve_quotes = True
        yaml.width = 4096
        yaml.indent(mapping=2, sequence=4, offset=2)
        content = yaml.load(path.read_text(encoding="utf-8"))
        _apply(content["data"], {path: _written(value) for path, value in self.changes.items()})
        with open_atomically(path) as stream:
            yaml.dump(content, stream)


def _written(value: Any) -> Any:
    # Line breaks of other alphabets are folded where they are not escaped, and only double quotes escape.
    return value if not isinstance(value, str) or value.isprintable() else DoubleQuotedScalarString(value)


def _written_null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _mapped(mappings: list[tuple[str, str | None]], given: dict[str, Path | None]) -> dict[tuple[str, ...], Any]:
    changes: dict[tuple[str, ...], Any] = {}
    # A name for all files first, so that a name for one file has the last word.
    for name, column in sorted(mappings, key=lambda mapping: "." in mapping[0]):
        table, _, key = name.rpartition(".")
        if table and table not in FILES_WITH[key]:
            raise RecommenderError(
                f"--map {name}: {key} is a column of {' and '.join(FILES_WITH[key])}, not of {table}"
            )
        for where in (table,) if table else FILES_WITH[key]:
            if given[where] is not None:
                changes["columns", where, key] = column
    return changes


def _settings(root: Path, changes: dict[tuple[str, ...], Any]) -> DataSettings:
    data = read_yaml(root / "params.yaml").get("data")
    DataSettings.parse(data, "params.yaml: data")
    _apply(data, changes)
    return DataSettings.parse(data, "params.yaml: data")


def _apply(data: Any, changes: dict[tuple[str, ...], Any]) -> None:
    for (*parents, key), value in changes.items():
        target = data
        for parent in parents:
            target = target[parent]
        target[key] = value
