# ruff: noqa: PT017 - a refusal is one of two good outcomes here
"""Readers under mutation: a broken source gives an article or an explained refusal, never a crash, never raw tags."""

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yomicast import article, config
from yomicast.errors import InputError

DATA = Path(__file__).resolve().parents[1] / "data" / "articles"
PAGES = sorted(path for path in DATA.iterdir() if path.suffix != ".json")
TOKENS = [
    b"<",
    b">",
    b"</div>",
    b"<div>",
    b"<script>alert(1)</script>",
    b"<!--",
    b"-->",
    b"&amp;",
    b"&#0;",
    b"&#xD800;",
    b"<table><tr><td>",
    b"<ruby>",
    b"</rt>",
    b"\x00",
    b"\xff\xfe",
    b"```\n",
    b"\n:::details\n",
    b"{{<",
    b">}}",
    b"[^1]",
    b"$$",
    b"\n---\n",
    b"\n> ",
    b"\n.. note::\n",
    b"\n====\n",
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "「".encode(),
    "《".encode(),
    "｜".encode(),
    b"{a|",
    b"javascript:",
    b' style="display:none"',
    b"\r",
    b"\x1b$B",
    "\u202e".encode(),
    "\U0001f9d9\u200d".encode(),
]
TAGS = re.compile(r"<(?:script|style|div|p|span|ruby|rt|table|td|li|ul|h[1-6])(?:\s[^<>]*)?>")
MUTATION = st.tuples(
    st.integers(0, 2**31),
    st.sampled_from(["cut", "insert", "copy", "flip"]),
    st.sampled_from(TOKENS),
    st.integers(1, 400),
)


def mutated(data, mutations):
    for place, how, token, size in mutations:
        at = place % (len(data) + 1)
        if how == "cut":
            data = data[:at] + data[at + size :]
        elif how == "insert":
            data = data[:at] + token + data[at:]
        elif how == "copy":
            data = data[:at] + data[at // 2 : at // 2 + size] + data[at:]
        elif at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << size % 8)]) + data[at + 1 :]
    return data


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
@settings(
    max_examples=125,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(MUTATION, min_size=1, max_size=12))
def test_sixteen_times_125_mutations(tmp_path, path, mutations):
    target = tmp_path / path.name
    data = mutated(path.read_bytes(), mutations)
    target.write_bytes(data)
    try:
        found = article.read(str(target), front_matter=config.front_matter)
    except InputError as error:
        assert error.message.ja
        assert error.hint is None or error.hint.ja
        return
    spoken = [block.text for block in found.blocks if block.kind not in ("code", "math")]
    assert all(len(TAGS.findall(text)) <= 3 for text in spoken), "a stray < stays a sign, a page of tags does not"


@settings(
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(MUTATION, min_size=1, max_size=6))
def test_containers(tmp_path, mutations):
    """EPUB whose chapter, package or zip structure is broken."""
    path = tmp_path / "b.epub"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
        )
        book.writestr(
            "p.opf",
            '<package><metadata><title>題</title></metadata><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        book.writestr("a.xhtml", mutated("<html><body><h1>章</h1><p>本文です。</p></body></html>".encode(), mutations))
    path.write_bytes(mutated(path.read_bytes(), mutations[:2]))
    try:
        assert article.read(str(path)).form == "epub"
    except InputError as error:
        assert error.message.ja
