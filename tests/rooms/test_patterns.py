"""The store of compiled expressions: what comes out of it is what Python's compiler makes, or it is not used."""

import hashlib
import marshal
import re
import subprocess
import sys

import pytest

from yomicast import cli, files, patterns
from yomicast.patterns import expression, keep

SOURCES = [
    (r"[一-鿿々〆ヶ]+(?P<rest>さん|氏)?", 0),
    (r"(?i)k8s|(?P<a>x)(?P<b>y)(?P=a)", 0),
    (r"^(?<!注)[ぁ-ん]{2,4}$", re.MULTILINE),
    (r"a.b", re.DOTALL | re.IGNORECASE),
    (rb"charset=([\w-]+)", re.IGNORECASE),
    (r"[\U00020000-\U0002ffff㐀-䶿]", 0),
]


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty store in `tmp_path`, read anew each time `again` is called."""

    def again():
        patterns._known.cache_clear()
        patterns._fresh.clear()

    monkeypatch.setattr(patterns, "compiled_folder", lambda beside: tmp_path)
    again()
    yield again
    again()


def made(tmp_path):
    (found,) = tmp_path.glob("patterns-*")
    return found


@pytest.mark.parametrize(("source", "flags"), SOURCES)
def test_what_is_kept_is_what_python_compiles(store, monkeypatch, source, flags):
    assert expression(source, flags) == re.compile(source, flags)
    keep()
    store()
    with monkeypatch.context() as patch:
        patch.setattr(patterns, "_compiled", None)  # calling it would raise
        again = expression(source, flags)
    # Patterns are equal when flags and code are; names of groups are no part of that.
    assert again == re.compile(source, flags)
    assert (again.groups, dict(again.groupindex)) == (
        re.compile(source, flags).groups,
        dict(re.compile(source, flags).groupindex),
    )


PROGRAM = """
import importlib, pkgutil, re
import yomicast
from yomicast import patterns

for module in pkgutil.walk_packages(yomicast.__path__, "yomicast."):
    if not module.name.endswith("__main__") and "cluster" not in module.name:
        importlib.import_module(module.name)
asked = {**patterns._known(), **patterns._fresh}
unlike = [source for (source, flags), known in asked.items() if patterns._taken(source, known) != re.compile(source, flags)]
print(len(asked), unlike)
"""


def test_every_expression_of_the_program_is_what_python_compiles():
    # In a process of its own: what is asked for while modules load is not asked for again in this one.
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120)
    count, unlike = ran.stdout.strip().split(" ", 1)
    assert int(count) > 600
    assert unlike == "[]"


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[:40],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data[:-32] + b"\0" * 32,
        lambda data: b"junk" + hashlib.sha256(b"junk").digest(),
    ],
)
def test_a_damaged_store_counts_as_none(store, tmp_path, harm):
    expression("雨")
    keep()
    path = made(tmp_path)
    path.write_bytes(harm(path.read_bytes()))
    store()
    assert expression("雨") == re.compile("雨")
    assert patterns._fresh
    keep()
    store()
    assert ("雨", 0) in patterns._known()


def test_code_that_python_does_not_take_is_compiled_anew(store, tmp_path):
    expression("雨")
    keep()
    path = made(tmp_path)
    for code in (b"\xff\xff\xff\x7f", b"", None, b"abc"):
        body = marshal.dumps({("雨", 0): (32, code, 0, {}, (None,))})
        path.write_bytes(body + hashlib.sha256(body).digest())
        store()
        assert expression("雨") == re.compile("雨")


def test_what_is_no_expression_is_refused_as_ever(store):
    with pytest.raises(re.error):
        expression("(")


def test_a_python_that_compiles_in_another_way_is_asked_by_its_front_door(store, monkeypatch):
    from re import _compiler

    monkeypatch.delattr(_compiler, "_code")
    with monkeypatch.context() as patch:
        patch.setattr(re, "compile", lambda source, flags: (source, flags))
        assert expression("雨") == ("雨", 0)
    assert not patterns._fresh


def test_where_nothing_can_be_written_nothing_is_kept(store, tmp_path, monkeypatch):
    monkeypatch.setattr(patterns, "compiled_folder", lambda beside: None)
    expression("雨")
    keep()
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(patterns, "compiled_folder", lambda beside: tmp_path / "file" / "folder")
    keep()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_command_keeps_what_it_compiled_whatever_it_ends_with(store, tmp_path):
    expression("雨")
    assert cli.main(["plan", str(tmp_path / "gone.txt")]) != 0
    store()
    assert ("雨", 0) in patterns._known()


def test_a_folder_that_is_given_is_the_only_one(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    module = tmp_path / "package" / "module.py"
    assert files.compiled_folder(module) == tmp_path / "package" / "__pycache__"
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert files.compiled_folder(tmp_path / "file" / "module.py") == tmp_path / "home" / "yomicast"
    assert files.compiled_folder(module, str(tmp_path / "given")) == tmp_path / "given"
    assert files.compiled_folder(module, str(tmp_path / "file" / "given")) is None


def test_a_store_that_is_full_begins_again(store, monkeypatch):
    monkeypatch.setattr(patterns, "MOST", 3)
    for source in ("雨", "雪"):
        expression(source)
    keep()
    store()
    for source in ("風", "雲"):
        expression(source)
    keep()
    store()
    assert {source for source, _ in patterns._known()} == {"風", "雲"}
