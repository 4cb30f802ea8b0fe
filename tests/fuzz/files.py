"""Three CSV files as strangers write them, and settings around them, for Hypothesis to draw."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

DELIMITERS = [",", ",", ",", ";", "\t", "|", " ", "a", "0", "-", "'", "\x1f"]
ENCODINGS = [
    "utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "latin-1", "cp1252", "ascii", "utf-16", "utf-16-le", "utf-16-be",
    "utf-32", "cp037", "shift_jis", "gb18030", "iso2022_jp", "hz", "big5hkscs",
]  # fmt: skip
LINE_ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\n\n", "\r\r\n"]

IDS = st.sampled_from(
    [
        "a", "a", "a", "b", "b", "c", "7", "007", "7.0", "", " a", "a ", "A", "é", "e\u0301", "ß", "日本", "😀", "a,b",
        "a;b",
        "a\tb", 'a"b', '"', '""', "a\rb", "a\nb", "a\r\nb", "\r", "\n", "\ufeff", "\ufeffa", "\u202eabc", "\u2028",
        "\x85",
        "\x1b[31m", "=1+2", "@x", "NULL", "nan", "None", "true", "x" * 300, "\\", "'a'", "#", "\0", "~{", "a" * 2_000,
    ]
)  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from(
        [
            "1", "1", "1", "2.5", "0", "-1", "-0", "+1", ".5", "5.", "1e5", "1E+2", "", "nan", "NaN", "inf",
            "-Infinity",
            "1e308", "1e308", "-1e308", "1.7976931348623157e308", "1e309", "1e-400", "5e-324", "0x10", " 1", "1 ",
            "1_0",
            "\u0661", "1,5", "1e", "e5", ".", "-", "+-1", "--1", "1.2.3", "many", "9" * 400, "0" * 50 + "1",
            "0." + "1" * 400,
        ]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(repr),
)  # fmt: skip


@st.composite
def moments(draw: DrawFn) -> str:
    """Draw what is nearly always shaped like ISO 8601, and often no moment."""
    year = draw(st.sampled_from([0, 1, 2, 1600, 1900, 1969, 1970, 2000, 2021, 2023, 2024, 2100, 9998, 9999]))
    month, day = draw(st.integers(0, 13)), draw(st.sampled_from([0, 1, 2, 15, 28, 29, 30, 31, 32]))
    text = f"{year:04}-{month:02}-{day:02}"
    if draw(st.booleans()):
        text += draw(st.sampled_from("TTT  t")) + f"{draw(st.sampled_from([0, 1, 12, 23, 24, 99])):02}:"
        text += f"{draw(st.sampled_from([0, 1, 30, 59, 60])):02}"
        if draw(st.booleans()):
            text += f":{draw(st.sampled_from([0, 1, 59, 60, 61])):02}"
            if draw(st.booleans()):
                text += draw(st.sampled_from([".", ",", "", ":"])) + draw(
                    st.sampled_from(["", "0", "123", "999999999", "1" * 10])
                )
        text += draw(
            st.sampled_from(
                [
                    "",
                    "",
                    "Z",
                    "z",
                    "+02:00",
                    "-02:30",
                    "+0200",
                    "-02",
                    "+23:59",
                    "-23:59",
                    "+24:00",
                    "+99:99",
                    "+2",
                    "-00:00",
                    " Z",
                ]
            )
        )
    return text


TIMES = st.one_of(
    st.sampled_from(
        [
            "100", "100", "1700000000", "1700000000123", "99999999999", "100000000000", "-99999999999", "-100000000000",
            "+1600000000", "0", "-1", "-62135596800", "-62135596801", "253402300799", "253402300800", "-62135596800000",
            "-62135596800001", "253402300799999", "253402300800000", "9" * 18, "9" * 19, "9" * 30, "-" + "9" * 25,
            "0" * 30,
            "0" * 25 + "1", "0x10", "1e9", "1.5", "", " 100", "2021-02-30", "2021-2-3", "yesterday",
            "2021-02-03T04:05:06.7",
            "20210203", "2021-W05", "\uff12021-01-01", "+2021-01-01", "-2021-01-01", "2021-01-01T", "9" * 900,
        ]
    ),
    moments(),
    st.datetimes().map(str),
)  # fmt: skip

PARTS = st.sampled_from([*["train", "test"] * 4, " test", "train\t", "\u2003test", "Test", "valid", "", "\x85"])


@dataclass(frozen=True)
class Files:
    """Three files, and the settings below `data` and `features` to read them with."""

    files: dict[str, bytes]
    data: dict[str, Any]
    features: dict[str, Any]
    block: int


@st.composite
def cells(draw: DrawFn, text: str, delimiter: str) -> str:
    """Write a cell: properly, always in quotes, or as it is."""
    way = draw(st.integers(0, 11))
    if way == 0:
        return text
    if way == 1:
        return '"' + text.replace('"', '""') + '"' + draw(st.sampled_from(["", "x", '"x', '"']))
    if way == 2 or any(letter in text for letter in ('"', "\n", "\r", delimiter)):
        return '"' + text.replace('"', '""') + '"'
    return text


@st.composite
def tables(draw: DrawFn, columns: dict[str, SearchStrategy[str]], delimiter: str, most: int) -> str:
    """Write a table, nearly always as its columns say."""
    names = draw(st.permutations(list(columns)))
    kinds = [columns[name] for name in names]
    odd = draw(st.integers(0, 30))
    if odd == 0:
        names = [*names, draw(st.sampled_from(names))]
    elif odd == 1:
        names = names[1:]
    elif odd == 2:
        names = ["\ufeff" + names[0], *names[1:]]
    rows = [names, *draw(st.lists(st.tuples(*kinds), max_size=most))]
    end = draw(st.sampled_from(LINE_ENDS))
    mixed = draw(st.integers(0, 5)) == 0
    text = ""
    for row in rows:
        written = [draw(cells(cell, delimiter)) for cell in row]
        ragged = draw(st.integers(0, 25))
        if ragged == 0:
            written = written[:-1]
        elif ragged == 1:
            written.append(draw(IDS))
        text += delimiter.join(written) + (draw(st.sampled_from(LINE_ENDS)) if mixed else end)
    cut = draw(st.integers(0, 8))
    if cut == 0:
        text = text.rstrip("\r\n")
    elif cut == 1:
        text += draw(st.sampled_from(['"', '"a', "\n\n", " ", delimiter, '""', "\r", "a"]))
    elif cut == 2:
        text = draw(st.sampled_from(["\ufeff", "\ufeff\ufeff", "\n", "\r\n", " \n"])) + text
    return text


@st.composite
def encoded(draw: DrawFn, text: str, encoding: str) -> bytes:
    """Encode a text, nearly always as said, and sometimes damage it."""
    content = text.encode(encoding, errors="ignore" if draw(st.booleans()) else "replace")
    damage = draw(st.integers(0, 30))
    if damage == 0:
        content = text.encode(draw(st.sampled_from(ENCODINGS)), errors="replace")
    elif damage == 1:
        at = draw(st.integers(0, len(content)))
        more = draw(
            st.sampled_from(
                [b"\0", b'"', b"\xff", b"\xc3", b"\x80", b"\r", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1b$B"]
            )
        )
        content = content[:at] + more + content[at:]
    elif damage == 2:
        content = content[: draw(st.integers(0, len(content)))]
    elif damage == 3:
        content = draw(st.binary(max_size=200))
    return content


@dataclass(frozen=True)
class Import:
    """A file of interactions, how it is written (its columns, encoding and delimiter), and settings to take it with."""

    content: bytes
    written: tuple[dict[str, str | None], str | None, str | None]
    settings: dict[str, Any]


@st.composite
def imports(draw: DrawFn) -> Import:
    """Draw a file of interactions alone, and how its columns are called."""
    delimiter, encoding = draw(st.sampled_from(DELIMITERS)), draw(st.sampled_from(ENCODINGS))
    names = st.sampled_from(
        ["u", "=u", "yes", "1e3", "null", "a: b", "#x", "é", "x\ny", "\x85", " ", "'", "{", "\u2028", "~", "-"]
    )
    user, program, value = draw(st.lists(names, min_size=3, max_size=3, unique=True))
    text = draw(tables({user: IDS, program: IDS, value: NUMBERS}, delimiter, 10))
    columns = {"user_id": user, "program_id": program, "interaction": value, "timestamp": None}
    either = st.sampled_from(["error", "drop", "drop", None])
    settings = {
        "positive_threshold": draw(st.sampled_from([1.0, -1e308, None])),
        "unknown_ids": draw(either),
        "bad_rows": draw(either),
    }
    return Import(draw(encoded(text, encoding)), (columns, encoding, delimiter), settings)


@st.composite
def three_files(draw: DrawFn) -> Files:
    """Draw three files and how they are to be read."""
    delimiter, encoding = draw(st.sampled_from(DELIMITERS)), draw(st.sampled_from(ENCODINGS))
    has_value, has_time, has_title, has_no_split = (draw(st.integers(0, 4)) > 0 for _ in range(4))
    user, program = draw(st.sampled_from([("user_id", "program_id"), ("u", "p"), ("=u", 'p"'), ("é", "x\ny")]))
    ids = draw(st.sampled_from([IDS, st.sampled_from("abcd")]))
    numbers = draw(
        st.sampled_from([NUMBERS, st.sampled_from(["1", "2", "-1.5"]), st.sampled_from(["1e308", "9e307", "-1e308"])])
    )
    times = draw(st.sampled_from([TIMES, moments(), st.sampled_from(["100", "200", "50", "-3"])]))
    columns: dict[str, dict[str, SearchStrategy[str]]] = {
        "users": {user: ids, "age": NUMBERS},
        "programs": {program: ids} | ({"name": IDS} if has_title else {"more": IDS}),
        "interactions": {user: ids, program: ids}
        | ({"value": numbers} if has_value else {})
        | ({"when": times} if has_time else {})
        | ({} if has_no_split else {"part": PARTS}),
    }
    most = {"users": 5, "programs": 5, "interactions": 10}
    files = {
        f"{name}.csv": draw(encoded(draw(tables(kinds, delimiter, most[name])), encoding))
        for name, kinds in columns.items()
    }
    either = st.sampled_from(["error", "drop", "drop"])
    data = {
        "columns": {
            "users": {"user_id": user},
            "programs": {"program_id": program, "title": draw(st.sampled_from(["name", None, program]))},
            "interactions": {
                "user_id": user,
                "program_id": program,
                "interaction": "value" if has_value else None,
                "timestamp": draw(st.sampled_from(["when", "when", None])),
                "split": None if has_no_split else draw(st.sampled_from(["part", "part", None])),
            },
        },
        "encoding": encoding,
        "delimiter": delimiter,
        "timestamp_format": draw(st.sampled_from(["auto", "auto", "seconds", "milliseconds", "iso8601"])),
        "positive_threshold": draw(st.sampled_from([1, 0, -1e308, 4.5, -5e-324])),
        "below_threshold": "drop",
        "duplicates": draw(st.sampled_from(["error", "first", "last", "max", "sum", "sum"])),
        "weight": "none",
        "bad_rows": draw(either),
        "unknown_ids": draw(either),
    }
    features = {"users": draw(st.sampled_from([[], ["age"]])), "programs": [], "separator": None, "normalize": True}
    return Files(files, data, features, draw(st.sampled_from([8 << 20, 8 << 20, 1, 7, 40])))
