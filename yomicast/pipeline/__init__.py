"""The corridor: the only module that knows the order of the rooms.

`render` takes one article to a finished episode in the output folder:

    <out>/feed.xml  <out>/cover.jpg  <out>/<slug>/{<slug>.<hash>.mp3 .vtt … chapters.json episode.json report.json}

Every step is cached by content or written only when it changed, so a killed run resumes by running again, and a second
run speaks nothing and rewrites nothing. The feed is written last: it never points at what is not there.
"""

from __future__ import annotations

from yomicast.pipeline.draft import NO_COVER, NOT_THE_ARTICLES
from yomicast.pipeline.folder import (
    HASHED,
    NUMBERS_FILE,
    OWN_GUID,
    all_episodes,
    changed_since,
    gather,
    make_epub,
    neighbours,
    outlines,
    prune,
    publish_to,
    reserve,
    reserved,
    standing,
    workplace,
)
from yomicast.pipeline.job import (
    CACHE,
    COVER_FILE,
    DEFAULT_VOICE,
    EPISODE_FILE,
    JST,
    REPORT_FILE,
    STAGED,
    Job,
    Neighbours,
    Prepared,
    Progress,
    addresses,
    is_manifest,
    open_job,
    silent,
    slug_of,
    slug_of_target,
)
from yomicast.pipeline.make import Rendered, make, render
from yomicast.pipeline.pictures import Illustration, picture_file
from yomicast.pipeline.prepare import (
    MORAS_PER_SECOND,
    ROLES,
    cast_of,
    lexicon_entries,
    prepare,
    ready,
    sample,
    show_cast,
    written,
)
from yomicast.pipeline.sound import EditionAudio, audition

__all__ = [
    "CACHE",
    "COVER_FILE",
    "DEFAULT_VOICE",
    "EPISODE_FILE",
    "HASHED",
    "JST",
    "MORAS_PER_SECOND",
    "NOT_THE_ARTICLES",
    "NO_COVER",
    "NUMBERS_FILE",
    "OWN_GUID",
    "REPORT_FILE",
    "ROLES",
    "STAGED",
    "EditionAudio",
    "Illustration",
    "Job",
    "Neighbours",
    "Prepared",
    "Progress",
    "Rendered",
    "addresses",
    "all_episodes",
    "audition",
    "cast_of",
    "changed_since",
    "gather",
    "is_manifest",
    "lexicon_entries",
    "make",
    "make_epub",
    "neighbours",
    "open_job",
    "outlines",
    "picture_file",
    "prepare",
    "prune",
    "publish_to",
    "ready",
    "render",
    "reserve",
    "reserved",
    "sample",
    "show_cast",
    "silent",
    "slug_of",
    "slug_of_target",
    "standing",
    "workplace",
    "written",
]
