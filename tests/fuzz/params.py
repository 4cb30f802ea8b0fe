"""Files of settings as strangers write them, for Hypothesis to draw: the shipped one changed, and any bytes."""

import copy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from recommender.settings.params_file import read_yaml

SHIPPED = Path(__file__).parents[2] / "params.yaml"
SHIPPED_VALUES = read_yaml(SHIPPED)
SHIPPED_BYTES = SHIPPED.read_bytes()

VALUES = st.one_of(
    st.sampled_from(
        [
            None, True, False, 0, 1, -1, 2, 10, 0.5, 1.0, -0.0, 1e-320, 1e308, -1e308, float("inf"), float("nan"),
            10**6,
            10**6 + 1, 2**31 - 1, 2**31, 2**32, 2**63, 10**24, -(10**27), 10**5000, "", " ", "a", "é", "\ud800",
            "\0", "\x1b[31m",
            "\u202e", "x" * 5_000, "utf-16", "rot13", "hex", "idna", "utf-7", "utf_8", "a\0b", "..", "\t", '"', "\n",
            ",", "10", "yes",
            [], [1], [0, 5], [5, 0], [1] * 2_000, list(range(1, 300)), [10**24], ["a"], [[]], [None], {}, {"a": 1},
            {1: 2},
            {"k": {"k": {}}}, {"x" * 5_000: 1}, {"\x1b": 1},
        ]
    ),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3)),
)  # fmt: skip

KEYS = st.one_of(
    st.sampled_from(["k", "data", "x" * 5_000, "", "\x1b[0m", "a.b"]), st.integers(), st.none(), st.text(max_size=5)
)


@st.composite
def values(draw: DrawFn) -> Any:
    """Draw the values of the shipped file, some of them others."""
    content: Any = copy.deepcopy(SHIPPED_VALUES)
    for _ in range(draw(st.integers(1, 3))):
        where: Any = content
        path = draw(st.integers(1, 4))
        for step in range(path):
            key = draw(st.sampled_from(sorted(where)) if where and draw(st.integers(0, 9)) else KEYS)
            inner = where.get(key)
            if step == path - 1 or not isinstance(inner, dict) or any(not isinstance(name, str) for name in inner):
                if draw(st.integers(0, 9)):
                    where[key] = draw(VALUES)
                else:
                    where.pop(key, None)
                break
            where = inner
        if any(not isinstance(name, str) for name in content):
            break
    if draw(st.integers(0, 30)) == 0:
        content |= {f"more{n}": n for n in range(draw(st.sampled_from([5, 2_000])))}
    return content


TOKENS = [
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\t", b"\r", b"\x1b[31m", "\u202e".encode(), "\x85".encode(),
    b": ", b"- ", b"[", b"]",
    b"{", b"}", b"&a ", b"*a", b"!!int abc", b"!!bool x", b"!!float y", b"!!timestamp z", b"!!binary =",
    b"!!python/object:os.system",
    b"!x ", b"? ", b"| ", b"> ", b"'", b'"', b'"\\ud800"', b'"\\x00"', b"%YAML 1.1\n---\n", b"---\n", b"...\n", b"#",
    b"<<: *a", b"1e24", b"~",
    b"2021-02-30", b"2021-01-01T00:00:00+99:99", b"0x" + b"f" * 500, b"9" * 6_000, b"1e999999999", b".inf", b".nan",
    b"0o7", b"1_0",
    b"1:30:00", b"[" * 200, b"{" * 200, b"x" * 5_000, b"\n  " * 50,
]  # fmt: skip


@st.composite
def contents(draw: DrawFn) -> bytes:
    """Draw the bytes of the shipped file with tokens of YAML put in and pieces cut out, or any bytes."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300))
    content = SHIPPED_BYTES
    if draw(st.booleans()):
        lines = content.split(b"\n")
        at = draw(st.sampled_from([number for number, line in enumerate(lines) if b": " in line]))
        lines[at] = lines[at].partition(b": ")[0] + b": " + draw(st.sampled_from(TOKENS))
        return b"\n".join(lines)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        cut = draw(st.sampled_from([0, 0, 1, 5, 100]))
        content = content[:at] + draw(st.sampled_from(TOKENS) | st.binary(max_size=5)) + content[at + cut :]
    return content
