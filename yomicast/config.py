"""The YAML edge: files become frozen settings here and nowhere else.

Scalars stay text until the field they are for types them, so `12:30` is no number and `1.10` no 1.1. Duplicate keys,
unknown keys and values out of range are errors with file, line and column; an unknown key names the nearest known one.
Size, depth and the number of nodes are bounded, so that an alias bomb is an error too. Order of what is resolved:
defaults < show.yaml < episode yaml or front matter < command line.
"""

from __future__ import annotations

import dataclasses
import tomllib
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from yomicast.errors import ConfigError, UnknownVoice, nearest
from yomicast.model import Message, Place, Voice
from yomicast.settings import EpisodeSettings, LexiconEntry, ShowSettings, VoiceFile

T = TypeVar("T")
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
MAX_BYTES = 16 * 1024 * 1024
MAX_NODES = 1_000_000
MAX_DEPTH = 40
CORE = "tag:yaml.org,2002:"
PLAIN_TAGS = {"str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value"}
SHOW_FILE = "show.yaml"


@dataclass(frozen=True, slots=True)
class Document:
    """A checked YAML document: plain values, and where each stands."""

    name: str
    value: Value
    places: Mapping[tuple[str | int, ...], Place] = field(default_factory=dict)

    def place(self, path: Sequence[str | int]) -> Place:
        """Where `path` stands, or the innermost part of it that does."""
        for length in range(len(path), -1, -1):
            if (found := self.places.get(tuple(path[:length]))) is not None:
                return found
        return Place(file=self.name)


# --- reading YAML ---------------------------------------------------------------------------------------------------


class _Builder:
    """Turns yaml nodes into plain values, noting places; refuses duplicates, bombs and tags."""

    def __init__(self, name: str, line: int) -> None:
        self.name, self.line = name, line
        self.places: dict[tuple[str | int, ...], Place] = {}
        self.count = 0

    def at(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(file=self.name, line=mark.line + 1 + self.line, column=mark.column + 1)

    def build(self, node: yaml.Node, path: tuple[str | int, ...] = ()) -> Value:
        self.count += 1
        if self.count > MAX_NODES or len(path) > MAX_DEPTH:
            raise ConfigError(
                Message("the file is too deep or too large", "ファイルの入れ子が深すぎるか、大きすぎます"),
                where=self.at(node),
            )
        self.places.setdefault(path, self.at(node))
        if node.tag.removeprefix(CORE) not in PLAIN_TAGS:
            raise ConfigError(
                Message(f"tags such as {node.tag} are not allowed", f"{node.tag} のようなタグは使えません"),
                where=self.at(node),
            )
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, n)) for n, item in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: yaml.Node, path: tuple[str | int, ...]) -> Value:
        out: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError(Message("a key must be text", "キーは文字列にしてください"), where=self.at(key_node))
            key = str(key_node.value)
            if key in out:
                first = self.places[(*path, key)]
                raise ConfigError(
                    Message(f"'{key}' stands twice", f"'{key}' が二度書かれています"),
                    where=self.at(key_node),
                    hint=Message(
                        f"the first is on line {first.line}: keep one",
                        f"一つ目は{first.line}行目です。どちらかを消してください",
                    ),
                )
            self.places[(*path, key)] = self.at(key_node)
            out[key] = self.build(value_node, (*path, key))
        return out


def parse(text: str, name: str, *, line: int = 0) -> Document:
    """Parse YAML text; `line` is how many lines of the file stand before it.

    Raises:
        ConfigError: not YAML, duplicate key, bomb, tag.
    """
    if len(text) > MAX_BYTES:
        raise ConfigError(Message("the file is larger than 16 MB", "ファイルが16MBを超えています"), where=name)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _bounded(text, loader, name, line)  # the C composer overflows its stack on deep nesting
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Place(file=name, line=mark.line + 1 + line, column=mark.column + 1) if mark else Place(file=name)
        problem = error.problem or str(error)
        raise ConfigError(
            Message(f"not valid YAML: {problem}", f"YAML として読めません: {problem}"),
            where=where,
            hint=Message(
                "check indentation, colons and quotes there", "その行の字下げ、コロン、引用符を確かめてください"
            ),
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        what = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise ConfigError(Message(f"not valid YAML: {what}", f"YAML として読めません: {what}"), where=name) from error
    if node is None:
        return Document(name, {})
    builder = _Builder(name, line)
    return Document(name, builder.build(node), builder.places)


def _bounded(text: str, loader: type[Any], name: str, line: int) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            mark = event.start_mark
            where = Place(file=name, line=mark.line + 1 + line, column=mark.column + 1) if mark else name
            raise ConfigError(Message("the file is nested too deeply", "ファイルの入れ子が深すぎます"), where=where)


def read_text(path: Path) -> str:
    """A settings file's text: UTF-8, with or without a byte order mark.

    Raises:
        ConfigError: absent, not readable or not UTF-8.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(Message("the file is larger than 16 MB", "ファイルが16MBを超えています"), where=str(path))
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            Message("the file is not UTF-8", "ファイルが UTF-8 ではありません"),
            where=str(path),
            hint=Message("save it as UTF-8", "UTF-8 で保存し直してください"),
        ) from error
    except OSError as error:
        raise ConfigError(
            Message(f"cannot be read: {error.strerror}", f"読めません: {error.strerror}"), where=str(path)
        ) from error


def load(path: Path) -> Document:
    """Read and parse one YAML file."""
    return parse(read_text(path), str(path))


# --- typing ---------------------------------------------------------------------------------------------------------


def _without_nulls(value: Value) -> Any:
    """An empty value means: the default."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def bind(cls: type[T], document: Document, value: Value | None = None, *, at: tuple[str | int, ...] = ()) -> T:
    """The document (or `value`, standing at path `at` of it) as an instance of settings class `cls`.

    Raises:
        ConfigError: with file, line, column and the nearest known key.
    """
    raw = document.value if value is None else value
    try:
        return _adapter(cls).validate_python(_without_nulls(raw))
    except ValidationError as error:
        raise _explained(cls, document, at, error) from error


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(cls: type[T]) -> TypeAdapter[T]:
    """Built once: it takes longer than everything else about reading a settings file."""
    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]


_FAULTS = {
    "greater_than_equal": ("must be at least {ge}", "{ge} 以上にしてください"),
    "less_than_equal": ("must be at most {le}", "{le} 以下にしてください"),
    "literal_error": ("must be {expected}", "{expected} のどれかにしてください"),
    "missing": ("is missing", "がありません"),
    "float_parsing": ("must be a number", "数にしてください"),
    "float_type": ("must be a number", "数にしてください"),
    "finite_number": ("must be a number", "数にしてください"),
    "int_parsing": ("must be a whole number", "整数にしてください"),
    "int_type": ("must be a whole number", "整数にしてください"),
    "bool_parsing": ("must be true or false", "true か false にしてください"),
    "bool_type": ("must be true or false", "true か false にしてください"),
    "string_type": ("must be text", "文字列にしてください"),
    "tuple_type": ("must be a list: [one, two]", "リスト [一つ目, 二つ目] にしてください"),
    "dict_type": ("must be 'key: value' pairs", "「キー: 値」の形にしてください"),
    "dataclass_type": ("must be 'key: value' pairs", "「キー: 値」の形にしてください"),
    "is_geo": (
        "must be degrees north, east, such as 41.77,140.73",
        "「41.77,140.73」のように緯度,経度で書いてください",
    ),
    "is_osm": (
        "must be an OpenStreetMap object such as R4003662",
        "「R4003662」のような OpenStreetMap の番号にしてください",
    ),
    "predicate_failed": ("must hold text that is seen", "見える文字を入れてください"),
    "too_short": ("must not be empty", "空にはできません"),
    "string_too_short": ("must not be empty", "空にはできません"),
    "too_long": ("is too long", "長すぎます"),
    "string_too_long": ("is too long: {max_length} characters at most", "長すぎます({max_length} 文字まで)"),
}
"""What pydantic finds wrong, by its own name of the fault, in words for the author."""


def _explained(cls: type[object], document: Document, at: tuple[str | int, ...], error: ValidationError) -> ConfigError:
    problem = error.errors(include_url=False)[0]
    loc = tuple(problem["loc"])
    place = document.place((*at, *loc))
    key = ".".join(str(step) for step in loc if step not in ("str", "dict", "function-plain"))
    kind, ctx, given = problem["type"], problem.get("ctx", {}), problem.get("input")
    if kind == "unexpected_keyword_argument":
        known = [f.name for f in dataclasses.fields(_class_at(cls, loc[:-1]))]
        return ConfigError(
            Message(f"unknown key '{loc[-1]}'", f"'{loc[-1]}' というキーはありません"),
            where=place,
            hint=nearest(str(loc[-1]), known),
        )
    shown = repr(given) if isinstance(given, str | int | float | bool) else ""
    if kind == "predicate_failed":
        kind = next((name for name in ("is_geo", "is_osm") if name in problem["msg"]), kind)
    english, japanese = _FAULTS.get(kind, (problem["msg"], f"値が合いません({problem['msg']})"))
    en, ja = english.format_map(ctx), japanese.format_map(ctx)
    if not key:
        return ConfigError(
            Message("the file must hold 'key: value' lines", "ファイルは「キー: 値」の行で書いてください"), where=place
        )
    if kind == "missing":
        return ConfigError(Message(f"'{key}' {en}", f"'{key}' {ja}"), where=place)
    now_en, now_ja = (f", not {shown}", f"(いまは {shown})") if shown else ("", "")
    return ConfigError(Message(f"'{key}' {en}{now_en}", f"'{key}' は{ja}{now_ja}"), where=place)


def _class_at(cls: Any, path: Sequence[str | int]) -> Any:
    """The settings class that stands at `path` below `cls`."""
    here: Any = cls
    for step in path:
        here = _settings_class(here)
        if dataclasses.is_dataclass(here) and isinstance(step, str):
            here = get_type_hints(here, include_extras=True).get(step, here)
        else:
            here = get_args(here)[-1] if get_origin(here) is not tuple else get_args(here)[0]
    return _settings_class(here)


def _settings_class(hint: Any) -> Any:
    """A type hint without Annotated, Optional and the like."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _settings_class(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return _settings_class(next((arg for arg in inner if dataclasses.is_dataclass(arg)), inner[0]))
    return hint


def schema(cls: type[object]) -> dict[str, Any]:
    """The JSON Schema of a settings class, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **TypeAdapter(cls).json_schema()}


# --- show and episode -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A show on disk: its settings, the folder of its episodes and the folders where voices are looked for.

    `own_voices`: those of the folders that are the author's, where lexicons are looked for too.
    """

    show: ShowSettings
    folder: Path
    voices: tuple[Path, ...]
    own_voices: tuple[Path, ...] = ()
    show_file: Path | None = None


BUILT_IN_VOICES = tuple(
    folder for folder in (Path(__file__).parent / "voices", Path(__file__).parent.parent / "voices") if folder.is_dir()
)
"""The voices that ship: inside the installed package, or at the top level of a checkout."""


def find_project(target: Path, *, show_file: Path | None = None) -> Project:
    """The show that an article belongs to: show.yaml beside it, else ./episodes/show.yaml, else all defaults."""
    beside = target if target.is_dir() else target.parent
    places = [beside / SHOW_FILE, Path("episodes") / SHOW_FILE]
    found = show_file or next((path for path in places if path.is_file()), None)
    show = bind(ShowSettings, load(found)) if found else ShowSettings()
    folder = found.parent if found else beside
    own = [folder.parent / "voices", folder / "voices", Path("voices")]
    mine = tuple(dict.fromkeys(path.resolve() for path in own if path.is_dir()))
    voices = tuple(dict.fromkeys([*mine, *(path.resolve() for path in BUILT_IN_VOICES)]))
    return Project(show=show, folder=folder, voices=voices, own_voices=mine, show_file=found)


def load_episode(path: Path, show: ShowSettings) -> EpisodeSettings:
    """episodes/<slug>.yaml; what it says of sound and script is laid over the show's."""
    return _over_show(load(path), show)


def _over_show(document: Document, show: ShowSettings) -> EpisodeSettings:
    found = bind(EpisodeSettings, document)  # first alone, so that an error points at what the author wrote
    said: dict[str, Any] = document.value if isinstance(document.value, dict) else {}
    sections: dict[str, Any] = {"sound": show.sound, "script": show.script}
    laid = {
        key: bind(type(base), document, _laid(dataclasses.asdict(base), said[key]), at=(key,))
        for key, base in sections.items()
        if isinstance(said.get(key), dict)
    }
    return dataclasses.replace(found, **laid) if laid else found


def _laid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with all that `over` says, also inside mappings; music asked for by mood takes the place of a file."""
    under = {**base, "file": ""} if "file" in base and {"mood", "seed"} & set(over) and "file" not in over else base
    inner = {
        key: _laid(mine, value)
        for key, value in over.items()
        if isinstance(value, Mapping) and isinstance(mine := under.get(key), Mapping)
    }
    return {**under, **over, **inner}


def episode_from(settings: Mapping[str, object], name: str, show: ShowSettings) -> EpisodeSettings:
    """An article's front matter as episode settings. Keys that other tools put there (tags, layout) are left alone."""
    known = {f.name for f in dataclasses.fields(EpisodeSettings)}
    theirs = {"date": "published", "canonical": "link", "canonical_url": "link", "description": "summary"}
    kept: dict[str, Value] = {}
    for key, value in settings.items():
        target = key if key in known else theirs.get(key.lower(), "")
        if target and target not in kept and _fits(target, value):
            kept[target] = _plain(value)
    return _over_show(Document(name, kept), show)


def _fits(key: str, value: object) -> bool:
    """Whether a front-matter value can be meant for us: Hugo's `cover: {image: …}` is not our cover."""
    hint = _settings_class(get_type_hints(EpisodeSettings, include_extras=True)[key])
    if get_origin(hint) is tuple:
        return isinstance(value, list)
    if dataclasses.is_dataclass(hint) or get_origin(hint) is Mapping:
        return isinstance(value, dict)
    return value is not None and not isinstance(value, dict | list)


def _plain(value: object) -> Value:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if value is None else str(value)


def front_matter(text: str, form: str) -> Mapping[str, object]:
    """Front matter (`form`: yaml or toml) as plain values; text scalars stay text.

    Raises:
        ConfigError: it cannot be parsed.
    """
    if form == "toml":
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(
                Message(f"front matter is not valid TOML: {error}", f"フロントマターが TOML として読めません: {error}")
            ) from error
    value = parse(text, "front matter", line=1).value
    return value if isinstance(value, dict) else {}


def merged(base: EpisodeSettings, over: EpisodeSettings) -> EpisodeSettings:
    """`base` with everything that `over` says; mappings and lists are joined."""
    changes: dict[str, object] = {}
    for item in dataclasses.fields(EpisodeSettings):
        mine, theirs = getattr(base, item.name), getattr(over, item.name)
        default = item.default if item.default is not dataclasses.MISSING else ()
        if isinstance(theirs, Mapping):
            changes[item.name] = {**(mine or {}), **theirs}
        elif isinstance(theirs, tuple):
            changes[item.name] = tuple(dict.fromkeys((*mine, *theirs)))
        elif theirs != default:
            changes[item.name] = theirs
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]  # names come from fields()


# --- voices and lexicon ---------------------------------------------------------------------------------------------


def voice_names(folders: Iterable[Path]) -> dict[str, Path]:
    """Voice files by name; the first folder wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if path.stem != "lexicon":
                found.setdefault(path.stem, path)
    return found


def load_voice(path: Path, *, settings_type: Callable[[str], type[object]]) -> Voice:
    """A voice file: its common keys, and the engine's own by the engine's own settings type.

    Raises:
        ConfigError: a key or value is wrong. UnknownEngine: from `settings_type`, with this file as its place.
    """
    document = load(path)
    if not isinstance(document.value, dict):
        raise ConfigError(
            Message("a voice file is a mapping", "声のファイルは「キー: 値」で書いてください"), where=str(path)
        )
    known = {f.name for f in dataclasses.fields(VoiceFile)}
    common = {key: value for key, value in document.value.items() if key in known}
    file = bind(VoiceFile, document, common)
    try:
        own_type = settings_type(file.engine)
    except Exception as error:
        if hasattr(error, "where"):
            error.where = document.place(("engine",))
        raise
    rest: dict[str, Value] = {key: value for key, value in document.value.items() if key not in known}
    own = bind(own_type, document, rest)
    return Voice(
        name=path.stem,
        engine=file.engine,
        settings=own,
        speed=file.speed,
        pitch=file.pitch,
        volume=file.volume,
        intonation=file.intonation,
        pauses=file.pauses,
        licence=file.licence,
        speaker=file.speaker or path.stem,
        chain=file.chain,
    )


def find_voice(
    name: str, folders: Sequence[Path], *, settings_type: Callable[[str], type[object]], where: Place | str = "cast"
) -> Voice:
    """The voice called `name`; `where` says who asks for it.

    Raises:
        UnknownVoice: with the nearest name.
    """
    files = voice_names(folders)
    if name not in files:
        raise UnknownVoice(
            Message(f"no voice '{name}'", f"'{name}' という声はありません"),
            where=where,
            hint=nearest(name, files),
        )
    return load_voice(files[name], settings_type=settings_type)


def load_lexicon(path: Path, entry: Callable[[str, object, Place], LexiconEntry]) -> tuple[LexiconEntry, ...]:
    """A lexicon file: `word: reading` or `word: {reading, accent, note, source}`; `entry` checks each."""
    document = load(path)
    if not isinstance(document.value, dict):
        raise ConfigError(
            Message("a lexicon is a mapping", "辞書が「語: よみ」の形ではありません"),
            where=str(path),
            hint=Message("one line a word, e.g. NATO: ナ'トー", "一行に一語、たとえば NATO: ナ'トー と書きます"),
        )
    return tuple(entry(word, value, document.place((word,))) for word, value in document.value.items())
