"""Texts from the data are shown as texts: nothing in them becomes a part of the page, or deceives."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from recommender.reporting.templating import environment, foreign

SHOWN = "\N{REPLACEMENT CHARACTER}"
CONTROLS = ["\0", "\t", "\n", "\r", "\x1b", "\x7f", "\x85", "\x9b"]
DIRECTIONS = [chr(code) for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
OTHERS = ["\u2028", "\u2029", "\ufeff"]
KEPT = [
    "Crème brûlée",
    "e\u0301",
    "\U0001f469\u200d\U0001f4bb",
    "\u2764\ufe0f",
    "नमस्\u200dते",
    "می\u200cشود",
    "עברית",
    "العربية",
    "日本語",
    "a\u00a0b",
]


def test_a_text_from_the_data_cannot_become_a_part_of_the_page() -> None:
    hostile = "</bdi><script>alert('1')</script><!--origin-->&amp;\""
    assert foreign(hostile) == (
        "<bdi>&lt;/bdi&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&lt;!--origin--&gt;&amp;amp;&#34;</bdi>"
    )
    template = environment().from_string("{{ one }} {{ one | foreign }}")
    assert template.render(one="<b>") == "&lt;b&gt; <bdi>&lt;b&gt;</bdi>"


@pytest.mark.parametrize("character", [*CONTROLS, *DIRECTIONS, *OTHERS], ids=ascii)
def test_what_controls_a_device_or_turns_the_direction_is_replaced(character: str) -> None:
    assert foreign(f"a{character}b{character}") == f"<bdi>a{SHOWN}b{SHOWN}</bdi>"


@pytest.mark.parametrize("text", KEPT, ids=ascii)
def test_what_people_write_stays(text: str) -> None:
    assert foreign(text) == f"<bdi>{text}</bdi>"


def test_a_name_that_a_template_does_not_know_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ no_such_part }}").render()


def test_numbers_are_written_by_name() -> None:
    rendered = environment().from_string("{{ 1234 | count }} {{ 1 | share(4) }}").render()
    assert rendered == "1,234 25 %"


def test_other_templates_may_include_those_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "own.html.jinja").write_text(
        '{% from "parts.html.jinja" import table %}\n{% if rows %}\n{{ table(rows) }}\n{% endif %}\n'
    )
    rows = {"caption": "<c>", "header": ["", "<h>"], "rows": [["<r>", "1"]]}
    rendered = environment(tmp_path).get_template("own.html.jinja").render(rows=rows)
    assert "<caption>&lt;c&gt;</caption>" in rendered
    assert '<tr><td></td><th scope="col">&lt;h&gt;</th></tr>' in rendered
    assert '<tr><th scope="row"><bdi>&lt;r&gt;</bdi></th><td><bdi>1</bdi></td></tr>' in rendered
    assert "\n\n\n" not in rendered
