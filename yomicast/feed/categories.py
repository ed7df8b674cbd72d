"""Apple's podcast categories (Apple Podcasts for Creators, "Apple Podcasts categories"): others are refused there."""

from __future__ import annotations

from collections.abc import Iterable

from yomicast.errors import FeedError, nearest
from yomicast.model import Message

CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": ("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News",
    ),
    "Religion & Spirituality": (
        "Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality",
    ),
    "Science": (
        "Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature",
        "Physics", "Social Sciences",
    ),
    "Society & Culture": (
        "Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships",
    ),
    "Sports": (
        "Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running",
        "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling",
    ),
    "Technology": (),
    "True Crime": (),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
}  # fmt: skip
PARENT = {sub: top for top, subs in CATEGORIES.items() for sub in subs}


def tree(names: Iterable[str]) -> dict[str, list[str]]:
    """Top categories in the order given, each with the subcategories named; a subcategory brings its parent.

    Raises:
        FeedError: Apple has no such category.
    """
    found: dict[str, list[str]] = {}
    for name in names:
        if name in CATEGORIES:
            found.setdefault(name, [])
        elif name in PARENT:
            found.setdefault(PARENT[name], []).append(name)
        else:
            raise FeedError(
                Message(f"Apple has no category '{name}'", f"Apple のカテゴリーに '{name}' はありません"),
                where="category",
                hint=nearest(name, [*CATEGORIES, *PARENT]),
            )
    return found
