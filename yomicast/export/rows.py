"""JSON with a row a line: as quick as Python writes JSON, and still a file a person can read and compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping


def rows_json(value: Mapping[str, object], *, depth: int = 1, default: Callable[[object], object] | None = None) -> str:
    """`value` as JSON; each entry of it stands on a line, and each item of a list that is one of its entries.

    `depth`: how many objects inside each other are laid out like this.

    Raises:
        ValueError: a number is none or infinite. TypeError: something JSON has no word for, as `default` says.
    """

    def plain(one: object) -> str:
        return json.dumps(one, ensure_ascii=False, default=default, allow_nan=False)

    lines = []
    for name, one in value.items():
        if isinstance(one, list | tuple) and one:
            text = "[\n" + ",\n".join(map(plain, one)) + "\n]"
        elif isinstance(one, Mapping) and depth > 1:
            text = rows_json(one, depth=depth - 1, default=default)
        else:
            text = plain(one)
        lines.append(f"{plain(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}"
