"""The plan of an import: the files that become the raw files, and the settings that read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from recommender.cleaning.csv_file import CsvFile
from recommender.cleaning.validate_files import CleanData, validate_files
from recommender.errors import RecommenderError
from recommender.files.columns import INTERACTION, PROGRAM_ID, SPLIT, USER_ID
from recommender.files.csv_files import write_csv
from recommender.importing.column_names import named_columns
from recommender.importing.data_settings import Changes, data_settings
from recommender.importing.request import GivenFile, ImportRequest
from recommender.importing.written_anew import DELIMITER, ENCODING, write_anew
from recommender.pipeline.progress import progress
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.params_file import read_yaml

DERIVED = {"users": USER_ID, "programs": PROGRAM_ID}
"""The tables that can be made of the interactions, and the one column that they then have."""


Form = tuple[str, str]
"""An encoding and a delimiter."""


@dataclass(frozen=True)
class Plan:
    """The files that an import takes, and the settings that it changes.

    Attributes
    ----------
    root
        The project's folder.
    sources
        The file that is to become `data/raw/<name>`, by name.
    changes
        The keys below `data` in `params.yaml` that are set.
    written_anew, without_header
        The files that are not taken as they are, and those of them that had no header, by their names.
    """

    root: Path
    sources: dict[str, Path]
    changes: Changes
    written_anew: tuple[str, ...]
    without_header: tuple[str, ...]

    @classmethod
    def make(cls, root: Path, request: ImportRequest, scratch: Path) -> Self:
        """Plan an import.

        Files are taken as they are if they have a header and share one encoding and delimiter, or have the project's.
        The others are written anew in `scratch`, and so are the tables that are not given.

        Raises
        ------
        RecommenderError
            A file is missing or not written as it is said to be, or lacks a column.
        """
        given = request.files()
        files = {table: _file(root, file) for table, file in given.items()}
        form = _form(request, files)
        changes, headers = _changes(root, request, files, form)
        settings = data_settings(root, changes)
        for table in (table for table in files if given[table].has_header):
            files[table].require(_required(table, settings))
        sources = {table: file.path for table, file in files.items()}
        for table, file in files.items():
            if headers[table] or (file.encoding, file.delimiter) != form:
                sources[table] = scratch / table / file.name
                write_anew(file, sources[table], headers[table])
        sources |= _derived(sources["interactions"], settings, [t for t in DERIVED if t not in files], scratch)
        return cls(
            root,
            {f"{table}.csv": path for table, path in sources.items()},
            changes,
            tuple(file.name for table, file in files.items() if sources[table] != file.path),
            tuple(file.name for table, file in files.items() if headers[table]),
        )

    def check(self) -> CleanData:
        """Read the files as the pipeline will.

        Raises
        ------
        RecommenderError
            What `validate` would refuse.
        """
        features = FeatureSettings.parse(read_yaml(self.root / "params.yaml").get("features"), "params.yaml: features")
        files = [self.sources[name] for name in ("users.csv", "programs.csv", "interactions.csv")]
        size = sum(path.stat().st_size for path in files)
        try:
            with progress("check", size, "bytes") as advance:
                settings = data_settings(self.root, self.changes)
                return validate_files(*files, settings=settings, features=features, on_bytes=advance)
        except RecommenderError as error:
            said = str(error)
            if self.without_header and " line " in said:
                said += "\n" if "\n" in said else "; "
                said += f"line 1 of {' and '.join(self.without_header)} is the header that an import puts there"
            raise RecommenderError(said) from None


def _file(root: Path, given: GivenFile) -> CsvFile:
    if not given.path.is_file():
        raise RecommenderError(f"{given.path} is not a file")
    written = {("encoding",): given.encoding, ("delimiter",): given.delimiter}
    settings = data_settings(root, {key: value for key, value in written.items() if value is not None})
    return CsvFile(given.path, settings.encoding, settings.delimiter)


def _form(request: ImportRequest, files: Mapping[str, CsvFile]) -> Form:
    """Give the encoding and delimiter that the raw files are going to have."""
    forms = {(file.encoding, file.delimiter) for file in files.values()}
    if len(forms) > 1 or not all(file.has_header for file in request.files().values()):
        return ENCODING, DELIMITER
    return forms.pop()


def _changes(
    root: Path, request: ImportRequest, files: Mapping[str, CsvFile], form: Form
) -> tuple[Changes, dict[str, list[str]]]:
    """Say which settings are set, and which header each file is to get; an empty one: it has its own."""
    changes: Changes = {("encoding",): form[0], ("delimiter",): form[1]}
    for name in ("positive_threshold", "unknown_ids", "bad_rows"):
        if (value := getattr(request, name)) is not None:
            changes[(name,)] = value
    changes |= {("columns", table, name): name for table, name in DERIVED.items() if table not in files}
    title = data_settings(root, changes).columns.programs.title
    headers: dict[str, list[str]] = {}
    for table, given in request.files().items():
        names, headers[table] = named_columns(table, given, files[table], title)
        changes |= {("columns", table, name): column for name, column in names.items()}
    return changes, headers


def _required(table: str, settings: DataSettings) -> list[str]:
    names = getattr(settings.columns, table)
    columns = [getattr(names, name, None) for name in (USER_ID, PROGRAM_ID, INTERACTION, SPLIT)]
    return [column for column in columns if column is not None]


def _derived(interactions: Path, settings: DataSettings, tables: Sequence[str], scratch: Path) -> dict[str, Path]:
    """Write the tables that are not given, of the ids that the interactions have."""
    if not tables:
        return {}
    columns = {DERIVED[table]: getattr(settings.columns.interactions, DERIVED[table]) for table in tables}
    file = CsvFile(interactions, settings.encoding, settings.delimiter)
    found, _ = file.read(columns, ids=columns, skip_malformed=settings.bad_rows == "drop")
    paths = {table: scratch / f"{table}.csv" for table in tables}
    for table, path in paths.items():
        ids = pc.cast(found[DERIVED[table]].unique(), pa.string())
        kept = pa.table({DERIVED[table]: ids.filter(pc.not_equal(ids, ""))})
        write_csv(path, kept, settings.encoding, settings.delimiter)
    return paths
