"""Whatever the three files and `params.yaml` hold: read as a plain reader reads it, or refused in a few lines.

These are the cases that CI runs, the same each time. `run.py` draws as many others as you like.
"""

from pathlib import Path
from typing import Any

import pytest
from fuzz.files import Files, Import, imports, three_files
from fuzz.laws import holds_for_files, holds_for_import, holds_for_params, holds_for_values
from fuzz.params import SHIPPED_VALUES, contents, values
from hypothesis import HealthCheck, example, given, settings

CI = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), report_multiple_bugs=False
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def found(
    users: bytes = b"user_id\na\nb\n",
    programs: bytes = b"program_id\nx\n",
    interactions: bytes = b"user_id,program_id,value\na,x,1\n",
    block: int = 8 << 20,
    split: str | None = None,
    **settings: Any,
) -> Files:
    """Write down a case that the fuzzer found."""
    named = {"user_id": "user_id", "program_id": "program_id"}
    columns = {
        "users": {"user_id": "user_id"},
        "programs": {"program_id": "program_id", "title": None},
        "interactions": named | {"interaction": "value", "timestamp": "when", "split": split},
    }
    data = SHIPPED_VALUES["data"] | {"columns": columns} | settings
    files = {"users.csv": users, "programs.csv": programs, "interactions.csv": interactions}
    return Files(files, data, SHIPPED_VALUES["features"], block)


TIMED = b"user_id,program_id,value,when\n"


@settings(CI, max_examples=500)
@given(three_files())
# A quote that is never closed, alone in the last record, and beside a quoted field with letters behind it.
@example(found(users=b'user_id\na\nb\n"'))
@example(found(interactions=b'user_id,program_id,value\n"a"b,x,1\na,"x,1\n', bad_rows="drop"))
# The header or a record is longer than a block.
@example(found(users=b"user_id\n" + b"a" * 500 + b"\n", unknown_ids="drop", block=40))
@example(found(users=b"\n" * 50 + b"user_id\na\n", block=7))
# A line is cut by the end of a block.
@example(found(users=b"user_id\r\na\r\nb\r\n", block=8))
# Times that look right and are none, and whole numbers that Arrow reads otherwise than Python.
@example(found(interactions=TIMED + b"a,x,1,2021-02-30\nb,x,1,2021-02-28\n", bad_rows="drop"))
@example(found(interactions=TIMED + b"a,x,1,+1600000000\nb,x,1,0x10\n", bad_rows="drop"))
@example(
    found(
        interactions=TIMED + b"a,x,1,253402300800000\nb,x,1,9999999999999999999999\nb,x,1,200000000000\n",
        bad_rows="drop",
    )
)
@example(found(interactions=TIMED + b"a,x,1,9999-12-31T23:59:59-00:01\nb,x,1,0001-01-01\n", bad_rows="drop"))
# The first time is none: the others are held to the first that is one.
@example(found(interactions=TIMED + b"a,x,1,yesterday\nb,x,1,100\n", bad_rows="drop"))
# A sum that has no end.
@example(
    found(interactions=b"user_id,program_id,value\na,x,1e308\na,x,1e308\nb,x,1\n", duplicates="sum", bad_rows="drop")
)
# A split that two rows of one pair tear, beside one that is merged and one that is in neither part.
@example(
    found(
        interactions=b"user_id,program_id,value,part\na,x,1,train\na,x,1,test\nb,x,1, test\nb,x,1,test \nb,x,1,Test\n",
        split="part",
        duplicates="max",
        bad_rows="drop",
    )
)
# Byte order marks, NULs, half characters.
@example(found(users=b"\xef\xbb\xbf\xef\xbb\xbfuser_id\na\n"))
@example(found(users=b"user_id\na\0\n"))
@example(found(users="user_id\na\n".encode("utf-16-le"), encoding="utf-16"))
@example(found(programs=b"\xef", encoding="utf-8-sig"))
@example(found(interactions="\ufeffuser_id,program_id,value\na,x,1\n".encode(), encoding="utf-8-sig"))
def test_three_files_are_read_as_a_plain_reader_reads_them_or_refused(folder: Path, case: Files) -> None:
    holds_for_files(case, folder)


def taken(content: str, value: str) -> Import:
    """Write down an import that the fuzzer found."""
    columns = {"user_id": "u", "program_id": "p", "interaction": value, "timestamp": None}
    return Import(content.encode(), (columns, None, None), {"bad_rows": "drop"})


@settings(CI, max_examples=120)
@given(imports())
# A column whose name YAML would fold, and a record with too many cells that is to be dropped.
@example(taken("u,p,\u2028\na,x,1\na,x,1,1\n", value="\u2028"))
@example(taken('u,p,\x85\n"a\rb",x,1\n', value="\x85"))
def test_interactions_alone_are_imported_with_every_id_or_refused(folder: Path, case: Import) -> None:
    holds_for_import(case, folder)


@settings(CI, max_examples=800)
@given(values())
def test_settings_are_what_was_written_or_refused(case: Any) -> None:
    holds_for_values(case)


@settings(CI, max_examples=450)
@given(contents())
def test_a_settings_file_is_read_or_refused(folder: Path, case: bytes) -> None:
    holds_for_params(case, folder)
