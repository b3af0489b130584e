"""The files of texts in the JSON API: brought and taken away through the same verb as every save of a change."""

import base64
import binascii
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from accounts.actors import Actor
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading, writing
from core.api import Endpoint
from core.errors import Invalid, N_, NotFound
from core.web import site
from wiki import changes, file_views
from wiki.answers import ChangeAnswer
from wiki.attached import Attachment, listed, received
from wiki.drafts import Draft, DraftText
from wiki.filenames import folded
from wiki.models import Change, ChangeText
from wiki.proposals import texts_of


class NewAttachment(BaseModel):
    """A file to add to a text of a change, or to put in the place of the one of its name: its bytes in base64, at most 10 MiB.

    `digest` is the one of the change as it was seen; `code` may be left out where the change has one text.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    digest: str
    name: str
    content: str
    code: str | None = Field(None, max_length=24)


class GoneAttachment(BaseModel):
    """From which text of a change a file goes, and the digest of the change as it was seen."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(max_length=64)
    code: str | None = Field(None, max_length=24)


def endpoints(telling: Callable[[str], AbstractContextManager], shape: Callable[[Session, Actor, Change], dict]) -> list[Endpoint]:
    """Return the calls about files; `telling` and `shape` answer with a change as all calls about changes do."""
    api = _Api(telling, shape)
    change = {"answer": ChangeAnswer}
    return [
        Endpoint("POST", "/changes/<id>/attachments", api.add, body=NewAttachment, takes_files=True, **change),
        Endpoint("DELETE", "/changes/<id>/attachments/<path:name>", api.remove, query=GoneAttachment, **change),
        Endpoint("GET", "/changes/<id>/files/<position>/<path:name>", file_views.change_file, media="*/*"),
        Endpoint("GET", "/procedures/<code>/versions/<number>/files/<path:name>", file_views.version_file, media="*/*"),
    ]


@dataclass(frozen=True)
class _Api:
    telling: Callable[[str], AbstractContextManager]
    shape: Callable[[Session, Actor, Change], dict]

    def add(self, id: str, body: NewAttachment) -> dict:
        """Add a file to a text of a change, or replace the one of its name; in review the approvals fall."""
        session, actor = reading()
        _, space = changes.readable(session, actor, id)
        require(actor, Permission.WRITE, space)
        file = received(site().library, body.name, _content(body.content))
        return self._saved(id, body.digest, body.code, lambda text: {"added": (file,)})

    def remove(self, id: str, name: str, query: GoneAttachment) -> dict:
        """Take a file away from a text of a change; in review the approvals fall."""
        return self._saved(id, query.digest, query.code, lambda text: {"removed": frozenset({_held(text, name).name})})

    def _saved(self, id: str, digest: str, code: str | None, alter: Callable[[ChangeText], dict]) -> dict:
        with self.telling(id), writing() as (session, actor):
            change, space = changes.readable(session, actor, id)
            require(actor, Permission.WRITE, space)
            changes.check_unmoved(change, digest)
            texts = texts_of(session, change)
            chosen = _chosen(texts, code)
            draft = Draft(
                change.reason, change.kind, tuple(_kept(text, alter(text) if text is chosen else {}) for text in texts),
                change.in_force_from, change.replaces_scheduled,
            )
            return self.shape(session, actor, changes.save(session, site().library, actor, id, digest, draft))


def _content(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(N_("This is not base64."), field="content") from None


def _chosen(texts: Sequence[ChangeText], code: str | None) -> ChangeText:
    found = [text for text in texts if code in (None, text.code)]
    if len(found) != 1:
        raise Invalid(N_("Say to which procedure of this change the file belongs."), field="code")
    return found[0]


def _held(text: ChangeText, name: str) -> Attachment:
    found = next((one for one in listed(text) if folded(one.name) == folded(name)), None)
    if found is None:
        raise NotFound()
    return found


def _kept(text: ChangeText, more: dict) -> DraftText:
    markdown = text.markdown if text.action in ("create", "amend") else None
    return replace(DraftText(text.action, text.code, markdown, text.base, text.path), **more)
