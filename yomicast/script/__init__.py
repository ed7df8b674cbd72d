"""Script room: an article becomes what a trained narrator would say, with nothing lost in silence.

`write` makes the script, `as_json` shows it as plain data, `explain` accounts for every character of the source, `revised` merges the author's edited sheet,
`announced_headings` is for editions without music, `illustrated` finds the article's pictures by chapter.
"""

from yomicast.script.account import Account, explain
from yomicast.script.illustrate import illustrated
from yomicast.script.revise import revised, sheet_path
from yomicast.script.shape import as_json
from yomicast.script.write import announced_headings, write

__all__ = ["Account", "announced_headings", "as_json", "explain", "illustrated", "revised", "sheet_path", "write"]
