"""The tidying of uploads: what no draft refers to any more goes, a day later."""

from collections.abc import Callable, Collection

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from core.database import Database
from wiki.attached import listed
from wiki.models import ChangeText
from wiki.repository import Library


def sweep(database: Database, library: Library, *others: Callable[[Session], Collection[str]]) -> int:
    """Remove the uploads that nothing has used for a day and return how many went; `others` say what is used beside drafts."""
    return library.uploads.sweep(lambda: _used(database, others))


def _used(database: Database, others: Collection[Callable[[Session], Collection[str]]]) -> Collection[str]:
    with database.reading() as session:
        rows = session.scalars(select(ChangeText).where(cast(ChangeText.attachments, String) != "[]"))
        drafts = {one.sha256 for text in rows for one in listed(text) if one.blob is None}
        return drafts.union(*(used(session) for used in others))
