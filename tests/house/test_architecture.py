"""The house rules, each broken on purpose once and caught here."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "yomicast"
SHARED = {
    "model",
    "settings",
    "errors",
    "files",
    "programs",
    "loudness",
    "chapters",
    "memory",
    "patterns",
    "shownotes",
    "__init__",
}
HOMES = {
    "yaml": ["config.py"],
    "subprocess": ["programs.py"],
    "mutagen": ["export/"],
    "pydub": ["mix/"],
    "TTS": ["speech/"],
    "torch": ["speech/"],
    "feedgen": ["feed/"],
    "lameenc": ["encode/"],
    "pydantic": ["config.py"],
    "distributed": ["cluster.py"],
    "obstore": ["publish/"],
    "segno": ["site/", "cli/"],
    "rich": ["cli/"],
}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def imports(path):
    """Absolute module names imported anywhere in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_room_imports_shared_modules_and_itself_only(path):
    room = room_of(path)
    if room in {"cli", "pipeline", "batch", "config", "cluster", "__main__"}:
        return
    for name in imports(path):
        if name == "yomicast" or name.startswith("yomicast."):
            parts = name.split(".")
            target = parts[1] if len(parts) > 1 else "__init__"
            allowed = SHARED | {room} if room not in SHARED else SHARED
            assert target in allowed or target == "__version__", f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_foreign_package_has_one_home(path):
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        if homes is not None:
            assert any(name_of(path).startswith(home) for home in homes), f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_module_is_a_drawer(path):
    assert path.stem not in {"utils", "common", "helpers", "misc", "core", "base", "manager"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_functions_fit_in_the_head(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= 80, f"{name_of(path)}: {node.name} has {length} lines"
