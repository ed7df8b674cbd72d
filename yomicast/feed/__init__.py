"""Room 9: episodes -> feed.xml. Doors: `write`, `read`, `adopt`, `check`, `url`, `podcast_guid`.

guid, pubDate and order are stable for life; the feed is made from the episodes alone, without a clock, so that nothing
changes without a cause. All elements stand in one table, `table.py`.
"""

from yomicast.feed.addresses import FEED, podcast_guid, url
from yomicast.feed.check import base_of, check, documents, title_of
from yomicast.feed.read import adopt, read
from yomicast.feed.write import write

__all__ = ["FEED", "adopt", "base_of", "check", "documents", "podcast_guid", "read", "title_of", "url", "write"]
