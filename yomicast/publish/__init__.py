"""Room 11: the output folder -> a place. Doors: `publish`, `opened`; the table `PLACES`."""

from yomicast.publish.place import PLACES, Conflict, Headers, Place, Remote, opened
from yomicast.publish.sending import FEED, Compose, Published, publish

__all__ = ["FEED", "PLACES", "Compose", "Conflict", "Headers", "Place", "Published", "Remote", "opened", "publish"]
