"""Where the author's words are kept, and putting a word there: shared by `yomicast lexicon` and `yomicast proof`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yomicast import article, config, files, pipeline
from yomicast import reading as reading_room
from yomicast.config import Document, Project
from yomicast.errors import ConfigError, LexiconError, YomicastError
from yomicast.model import Line, Message, Place, Word
from yomicast.reading import amend, lexicon
from yomicast.reading.lexicon import Scope
from yomicast.settings import EpisodeSettings, LexiconEntry

LEXICON = "lexicon.yaml"
READINGS = "readings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A file that holds readings: `under` is the key they stand below, empty for a lexicon."""

    path: Path
    under: str = ""

    @property
    def scope(self) -> Scope:
        """Whom its words bind."""
        return "episode" if self.under else "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What became of a word: where it stands now; `before` is the entry it took the place of."""

    entry: LexiconEntry
    changed: bool
    before: LexiconEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """An episode and the lines (from 1) that will sound different, of how many."""

    name: str
    lines: tuple[int, ...]
    all: int


def project(show_file: Path | None, target: Path | None = None) -> Project:
    """The show of an episode, or the one of this folder."""
    return config.find_project(target or Path("episodes") / "x", show_file=show_file)


def show_shelf(found: Project) -> Shelf:
    """The show's lexicon: the first that exists of those it names, else voices/lexicon.yaml to be."""
    own = _own_folders(found)
    names = [name for name in found.show.lexicon if name.endswith((".yaml", ".yml"))] or [LEXICON]
    for name in names:
        for folder in own:
            if (folder / name).is_file():
                return Shelf(path=folder / name)
    return Shelf(path=own[0] / names[0])


def episode_shelf(target: str) -> Shelf:
    """The manifest of an episode, whether it exists yet or not.

    Raises:
        LexiconError: the episode is an address, or no such file.
    """
    path = Path(target)
    if not path.is_file():
        raise LexiconError(
            Message(
                "readings of one episode are kept beside its file", "一話だけの読みは、記事のファイルの隣に置きます"
            ),
            where=target,
            hint=Message("name the article's file", "記事のファイルを指定してください"),
        )
    return Shelf(path=path if pipeline.is_manifest(path) else path.with_suffix(".yaml"), under=READINGS)


def show_shelves(found: Project) -> list[Shelf]:
    """Every lexicon file of the show that exists, in order of precedence."""
    shelves = []
    for name in found.show.lexicon:
        path = next(
            (folder / name for folder in (*_own_folders(found), *found.voices) if (folder / name).is_file()), None
        )
        if path is not None:
            shelves.append(Shelf(path=path))
    return shelves


def _own_folders(found: Project) -> tuple[Path, ...]:
    """Where an author's lexicon may lie: beside the episodes' folder, or in it."""
    return found.folder.parent / "voices", found.folder / "voices", found.folder


def entries_of(shelf: Shelf) -> tuple[LexiconEntry, ...]:
    """The checked words of a file, each once, with their lines.

    Raises:
        LexiconError, ConfigError: with file and line.
    """
    document = _document(shelf)
    if shelf.under:
        config.bind(EpisodeSettings, document)
    return _checked(document, shelf)


def put(shelf: Shelf, word: str, reading: str, *, replacing: bool = False, **more: str) -> Put:
    """Write a word and its reading into a file; everything else in it stays as it is.

    Args:
        shelf: where to.
        word: as it stands in articles.
        reading: in the lexicon's notation.
        replacing: whether another reading of the word may be replaced.
        more: note, source, class.

    Raises:
        LexiconError: the reading is broken, or the word has another one and `replacing` is not given.
    """
    given = {"reading": reading, **{key: text for key, text in more.items() if text}}
    new = lexicon.entry(word, given, Place(file=str(shelf.path)), scope=shelf.scope)
    document = _document(shelf)
    old = next((one for one in _checked(document, shelf) if _same(one.word, word)), None)
    if old is not None and (old.reading, old.accent) == (new.reading, new.accent) and not any(more.values()):
        return Put(entry=old, changed=False, before=old)
    if old is not None and not replacing:
        raise _taken(old)
    value = amend.value_of(reading, **more)
    change = _replacing(old.word, value) if old else _adding([(word, value)])
    _rewrite(shelf, document, change, {old.word if old else word: given})
    return Put(entry=replace(new, word=old.word if old else word), changed=True, before=old)


def put_all(
    shelf: Shelf, entries: Iterable[LexiconEntry], heading: str
) -> tuple[list[LexiconEntry], list[LexiconEntry]]:
    """Add every entry whose word is not there yet, below a comment; (added, left out because the word is read otherwise)."""
    document = _document(shelf)
    known = {lexicon.written(one.word): one for one in _checked(document, shelf)}
    added = [one for one in entries if lexicon.written(one.word) not in known]
    other = [one for one in entries if (old := known.get(lexicon.written(one.word))) and _sound(old) != _sound(one)]
    if added:
        rows = [(one.word, amend.value_of(lexicon.notation(one), note=one.note)) for one in added]
        wanted = {one.word: {"reading": lexicon.notation(one), "note": one.note} for one in added}
        _rewrite(shelf, document, _adding(rows, heading), wanted)
    return added, other


def _sound(one: LexiconEntry) -> tuple[str, int | None]:
    return one.reading, one.accent


def _same(one: str, other: str) -> bool:
    return lexicon.written(one) == lexicon.written(other)


def _taken(old: LexiconEntry) -> LexiconError:
    said = lexicon.notation(old)
    return LexiconError(
        Message(f"'{old.word}' is already read {said}", f"「{old.word}」はすでに {said} と登録されています"),
        where=Place(file=old.file, line=old.line),
        hint=Message("to change it add --replace", "変えるなら --replace を付けてください"),
    )


def _document(shelf: Shelf) -> Document:
    name = str(shelf.path)
    document = config.load(shelf.path) if shelf.path.is_file() else Document(name, {})
    if not isinstance(document.value, dict):
        said = Message("the file must hold 'key: value' lines", "ファイルは「キー: 値」の行で書いてください")
        raise ConfigError(said, where=name)
    return document


def _mapping(document: Document, shelf: Shelf) -> Mapping[str, object]:
    value = document.value if isinstance(document.value, dict) else {}
    inner = value.get(shelf.under) or {} if shelf.under else value
    if isinstance(inner, dict):
        return inner
    said = Message(
        f"'{shelf.under}' must hold 'word: reading' lines", f"'{shelf.under}' は「語: よみ」で書いてください"
    )
    raise LexiconError(said, where=document.place((shelf.under,)))


def _checked(document: Document, shelf: Shelf) -> tuple[LexiconEntry, ...]:
    path = (shelf.under,) if shelf.under else ()
    rows = _mapping(document, shelf).items()
    return lexicon.distinct(
        lexicon.entry(word, value, document.place((*path, word)), scope=shelf.scope) for word, value in rows
    )


Change = Callable[[str, Shelf, Document], str]


def _adding(rows: Sequence[tuple[str, str]], heading: str = "") -> Change:
    def change(text: str, shelf: Shelf, document: Document) -> str:
        new = amend.commented(text, heading) if heading else text
        if len(rows) > 1:
            return amend.listed(new, rows)
        return amend.added(new, *rows[0], places=document.places, under=shelf.under)

    return change


def _replacing(word: str, value: str) -> Change:
    return lambda text, shelf, document: amend.replaced(text, word, value, places=document.places, under=shelf.under)


def _rewrite(shelf: Shelf, document: Document, change: Change, wanted: Mapping[str, Mapping[str, str]]) -> None:
    """Change the text, read it again, and keep it only if nothing but the wanted words is different."""
    path = shelf.path
    before = path.read_bytes() if path.is_file() else b""
    text = before.decode("utf-8")
    mark = text[: len(text) - len(text.removeprefix("\ufeff"))]
    new = change(text.removeprefix("\ufeff"), shelf, document)
    words = {**_mapping(document, shelf), **{word: _as_yaml(given) for word, given in wanted.items()}}
    expected = {**_top(document), shelf.under: words} if shelf.under else words
    try:
        kept = _top(config.parse(new, str(path)))
    except ConfigError:
        kept = {}
    if kept != expected:
        row = next(iter(wanted))
        raise LexiconError(
            Message("the file is written in a way that cannot be extended", "自動では書き足せない書き方のファイルです"),
            where=str(path),
            hint=Message(f"write '{row}' into it by hand", f"「{row}」を手で書き足してください"),
        )
    with files.whole(path) as part:
        part.write_bytes(f"{mark}{new}".encode())
        if (path.read_bytes() if path.is_file() else b"") != before:
            raise LexiconError(
                Message(
                    "the file changed meanwhile: nothing was written", "途中でファイルが変わったので、書きませんでした"
                ),
                where=str(path),
                hint=Message("run it again", "もう一度実行してください"),
            )


def _as_yaml(given: Mapping[str, str]) -> object:
    """The value as the YAML edge will read it back."""
    kept = {key: text for key, text in given.items() if text}
    return kept["reading"] if set(kept) == {"reading"} else kept


def _top(document: Document) -> Mapping[str, object]:
    return document.value if isinstance(document.value, dict) else {}


# --- episodes --------------------------------------------------------------------------------------------------------


def episode_targets(found: Project) -> list[str]:
    """Manifests and articles in the show's folder, each episode once."""
    suffixes = {suffix for row in article.READERS.values() for suffix in row.suffixes}
    here = sorted(path for path in found.folder.glob("*") if path.is_file() and path.name != config.SHOW_FILE)
    articles = [path for path in here if path.suffix.lower() in suffixes]
    manifests = [path for path in here if pipeline.is_manifest(path)]
    alone = [path for path in manifests if path.stem not in {one.stem for one in articles}]
    return [str(path) for path in (*articles, *alone)]


def affected(
    found: Project, before: Sequence[LexiconEntry], after: Sequence[LexiconEntry], targets: Iterable[str], out: Path
) -> tuple[list[Affected], list[YomicastError]]:
    """Which lines of which episodes two lexicons have spoken differently; and why some cannot be looked at."""
    changed: list[Affected] = []
    failed: list[YomicastError] = []
    for target in targets:
        try:
            job = pipeline.open_job(target, out=out, show_file=found.show_file)
            own = _own_readings(job, after)
            lines = pipeline.prepare(job).script.lines
            numbers = changed_lines([*own, *before], [*own, *after], lines)
        except YomicastError as error:
            failed.append(error)
            continue
        if numbers:
            changed.append(Affected(name=job.slug, lines=numbers, all=len(lines)))
    return changed, failed


def changed_lines(
    before: Sequence[LexiconEntry], after: Sequence[LexiconEntry], lines: Sequence[Line]
) -> tuple[int, ...]:
    """Numbers (from 1) of the lines whose words differ: found by their text, proved by reading them both ways."""
    return tuple(
        number + 1
        for number in amend.affected(before, after, [line.spoken for line in lines])
        if _heard(lines[number], before) != _heard(lines[number], after)
    )


def _heard(line: Line, entries: Sequence[LexiconEntry]) -> list[Word]:
    words = reading_room.words(line.spoken, line.rubies, entries)
    return [replace(word, step="", doubts=(), candidates=()) for word in words]


def _own_readings(job: pipeline.Job, after: Sequence[LexiconEntry]) -> list[LexiconEntry]:
    """The episode's own readings, which a change of the show's does not touch; not the one that is being changed."""
    asked = {lexicon.written(one.word) for one in after if one.scope == "episode"}
    readings = job.settings.readings.items()
    return [
        lexicon.entry(word, value, Place(file=job.source), scope="episode")
        for word, value in readings
        if lexicon.written(word) not in asked
    ]
