"""A slow, plain reader of the three files: what `recommender.cleaning` must give, made letter by letter"""

import codecs
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

Row = tuple[int, list[str]]
Dropped = tuple[str, int, str, str]
Interaction = tuple[str, str, float, int | None, str | None]


class RefusedError(Exception):
    """The files are a mistake: of which file, and if it is one row's, on which line."""

    def __init__(self, file: str, line: int | None = None) -> None:
        super().__init__(file, line)
        self.file, self.line = file, line


@dataclass(frozen=True)
class Plain:
    """What is in the three files."""

    users: list[dict[str, str]]
    programs: list[dict[str, str]]
    titles: list[str]
    interactions: list[Interaction]
    merged: int
    dropped: list[Dropped]


def read(files: dict[str, bytes], data: dict[str, Any], features: dict[str, Any]) -> Plain:
    """Read the files as the settings say, or raise `RefusedError`."""
    columns = data["columns"]
    drop = data["bad_rows"] == "drop"

    header, rows, malformed = table("users.csv", files["users.csv"], data)
    users, dropped = entities(
        "users.csv", header, rows, malformed, columns["users"]["user_id"], features["users"], drop
    )

    header, rows, malformed = table("programs.csv", files["programs.csv"], data)
    title = columns["programs"]["title"]
    shown = [title] if title is not None and title in header else []
    id_column = columns["programs"]["program_id"]
    programs, more = entities("programs.csv", header, rows, malformed, id_column, [*features["programs"], *shown], drop)
    dropped += more
    for name, found in (("users.csv", users), ("programs.csv", programs)):
        if not found:
            raise RefusedError(name)
    titles = [program[title] or program[ID] if shown else program[ID] for program in programs]

    interactions, merged, more = read_interactions(
        files["interactions.csv"], data, {user[ID] for user in users}, {program[ID] for program in programs}
    )
    if not any(value >= data["positive_threshold"] for _, _, value, _, _ in interactions):
        raise RefusedError("interactions.csv")
    return Plain(users, programs, titles, interactions, merged, dropped + more)


ID = "\0id"


def in_lines(dropped: list[Dropped]) -> list[Dropped]:
    return sorted(dropped, key=lambda row: row[1])


def table(name: str, content: bytes, data: dict[str, Any]) -> tuple[list[str], list[Row], list[Dropped]]:
    """Split a file into its header, its well-formed rows, and the malformed ones."""
    text = decoded(name, content, data["encoding"])
    found = [(line, cells) for line, cells in records(name, text, data["delimiter"]) if cells != [""]]
    found = [(line, [cell.replace(QUOTED, "") for cell in cells]) for line, cells in found]
    if not found:
        raise RefusedError(name)
    (_, header), rows = found[0], found[1:]
    malformed: list[Dropped] = [(name, line, "", "") for line, cells in rows if len(cells) != len(header)]
    return header, [(line, cells) for line, cells in rows if len(cells) == len(header)], malformed


def decoded(name: str, content: bytes, encoding: str) -> str:
    codec = codecs.lookup(encoding).name
    if (
        codec in ("utf-16", "utf-32")
        and len(content) >= 2
        and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0"))
    ):
        raise RefusedError(name)
    try:
        text = content.decode(encoding)
        text.encode()
    except UnicodeError:
        raise RefusedError(name) from None
    if "\0" in text:
        raise RefusedError(name)
    return text.lstrip("\ufeff")


QUOTED = "\0"
"""Stands in a cell that has quotes, so that a line of two quotes is no blank line."""


def records(name: str, text: str, delimiter: str) -> Iterator[Row]:
    line = begun = 1
    cells: list[str] = []
    cell = ""
    quoted = False
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        ends = letter in "\r\n"
        if letter == "\r" and text[at : at + 1] == "\n":
            letter += "\n"
            at += 1
        line += ends
        if quoted:
            if letter != '"':
                cell += letter
            elif text[at : at + 1] == '"':
                cell += '"'
                at += 1
            else:
                quoted = False
        elif letter == '"' and not cell:
            quoted = True
            cell = QUOTED
        elif ends:
            yield begun, [*cells, cell]
            cells, cell, begun = [], "", line
        elif letter == delimiter:
            cells.append(cell)
            cell = ""
        else:
            cell += letter
    if quoted:
        raise RefusedError(name)
    if cells or cell:
        yield begun, [*cells, cell]


def place(name: str, header: list[str], column: str) -> int:
    if header.count(column) != 1:
        raise RefusedError(name)
    return header.index(column)


def entities(
    name: str,
    header: list[str],
    rows: list[Row],
    malformed: list[Dropped],
    id_column: str,
    described_by: list[str],
    drop: bool,
) -> tuple[list[dict[str, str]], list[Dropped]]:
    where = {ID: place(name, header, id_column)} | {column: place(name, header, column) for column in described_by}
    if malformed and not drop:
        raise RefusedError(name, malformed[0][1])
    found: dict[str, dict[str, str]] = {}
    dropped = []
    for line, cells in rows:
        key = cells[where[ID]]
        if key == "" or key in found:
            dropped.append((name, line, id_column, key))
        else:
            found[key] = {column: cells[at] for column, at in where.items()}
    if dropped and not drop:
        raise RefusedError(name, dropped[0][1])
    return list(found.values()), in_lines(malformed + dropped)


def read_interactions(
    content: bytes, data: dict[str, Any], users: set[str], programs: set[str]
) -> tuple[list[Interaction], int, list[Dropped]]:
    name = "interactions.csv"
    columns = data["columns"]["interactions"]
    header, rows, malformed = table(name, content, data)
    user, program = (place(name, header, columns[key]) for key in ("user_id", "program_id"))
    value = None if columns["interaction"] is None else place(name, header, columns["interaction"])
    timed = columns["timestamp"] is not None and columns["timestamp"] in header
    time = place(name, header, columns["timestamp"]) if timed else None
    split = None if columns["split"] is None else place(name, header, columns["split"])
    if malformed and data["bad_rows"] == "error":
        raise RefusedError(name, malformed[0][1])
    if not rows:
        raise RefusedError(name)

    bad: dict[int, tuple[str, str]] = {}
    unknown: dict[int, tuple[str, str]] = {}
    good: list[int] = []
    for row, (_, cells) in enumerate(rows):
        # In the order in which a row is refused: each for its first reason.
        if cells[user] == "":
            bad[row] = columns["user_id"], cells[user]
        elif cells[user] not in users:
            unknown[row] = columns["user_id"], cells[user]
        elif cells[program] == "":
            bad[row] = columns["program_id"], cells[program]
        elif cells[program] not in programs:
            unknown[row] = columns["program_id"], cells[program]
        elif value is not None and number(cells[value]) is None:
            bad[row] = columns["interaction"], cells[value]
        elif time is not None and cells[time] == "":
            bad[row] = columns["timestamp"], cells[time]
        else:
            good.append(row)
    moments: dict[int, int] = {}
    if time is not None:
        format_ = data["timestamp_format"]
        if format_ == "auto":
            known = (written_in(rows[row][1][time]) for row in good)
            format_ = next(filter(None, known), "iso8601")
        for row in list(good):
            moment = milliseconds(rows[row][1][time], format_)
            if moment is None:
                bad[row] = columns["timestamp"], rows[row][1][time]
                good.remove(row)
            else:
                moments[row] = moment
    parts: dict[int, str] = {}
    if split is not None:
        for row in list(good):
            parts[row] = rows[row][1][split].strip()
            if parts[row] not in ("train", "test"):
                bad[row] = columns["split"], rows[row][1][split]
                good.remove(row)

    pairs: dict[tuple[str, str], list[int]] = {}
    for row in good:
        pairs.setdefault((rows[row][1][user], rows[row][1][program]), []).append(row)
    values = {row: 1.0 if value is None else number(rows[row][1][value]) or 0.0 for row in good}
    kept: list[tuple[int, float, int | None, str | None]] = []
    merged = 0
    for same in pairs.values():
        row = same[-1] if data["duplicates"] == "last" else same[0]
        value_, when = values[row], moments.get(row)
        if data["duplicates"] in ("max", "sum"):
            value_ = (max if data["duplicates"] == "max" else sum)(values[row] for row in same)
            when = max(moments[row] for row in same) if time is not None else None
        if split is not None and data["duplicates"] in ("max", "sum") and len({parts[row] for row in same}) == 2:
            for other in same:
                bad[other] = columns["split"], rows[other][1][split]
            continue
        if data["duplicates"] == "error":
            for other in same[1:]:
                bad[other] = columns["program_id"], rows[other][1][program]
        elif not math.isfinite(value_):
            for other in same:
                bad[other] = columns["interaction"], rows[other][1][value or 0]
            continue
        else:
            merged += len(same) - 1
        kept.append((row, value_, when, parts.get(row)))

    for setting, found in (("bad_rows", bad), ("unknown_ids", unknown)):
        if found and data[setting] == "error":
            raise RefusedError(name, rows[min(found)][0])
    if not kept:
        raise RefusedError(name)
    dropped = [(name, rows[row][0], *what) for row, what in (bad | unknown).items()]
    interactions = [
        (rows[row][1][user], rows[row][1][program], number_, when, part) for row, number_, when, part in sorted(kept)
    ]
    return interactions, merged, in_lines(malformed + dropped)


def number(text: str) -> float | None:
    if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", text):
        return None
    return float(text) if math.isfinite(float(text)) else None


ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"([T ]([0-9]{2}):([0-9]{2})(:([0-9]{2})([.,]([0-9]{1,9}))?)?(Z|([-+])([0-9]{2})(:?([0-9]{2}))?)?)?"
)


def written_in(text: str) -> str | None:
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return "milliseconds" if len(text.lstrip("+-").lstrip("0")) > 11 else "seconds"
    return "iso8601" if ISO.fullmatch(text) else None


def milliseconds(text: str, format_: str) -> int | None:
    """Count by way of Python's datetime, which knows the years 1 to 9999."""
    if written_in(text) != format_:
        return None
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        if format_ != "iso8601":
            count = int(text[:30]) if len(text) < 30 else 10**30
            moment = epoch + timedelta(milliseconds=count * (1000 if format_ == "seconds" else 1))
        else:
            found = ISO.fullmatch(text)
            assert found
            year, month, day, _, hour, minute, _, second, _, fraction, _, sign, away_hours, _, away_minutes = (
                found.groups()
            )
            away = timedelta(0)
            if sign:
                if int(away_hours) > 23 or int(away_minutes or 0) > 59:
                    return None
                away = timedelta(hours=int(away_hours), minutes=int(away_minutes or 0)) * (-1 if sign == "-" else 1)
            finer = int((fraction or "").ljust(3, "0")[:3]) * 1000
            moment = datetime(
                int(year),
                int(month),
                int(day),
                int(hour or 0),
                int(minute or 0),
                int(second or 0),
                finer,
                timezone(away),
            ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return (moment - epoch) // timedelta(milliseconds=1)
