"""The files that come with texts, as somebody downloads them: found by name in a list, never by a path, never active."""

import re
from collections.abc import Iterable
from io import BytesIO

from flask import Response, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Space
from accounts.web import reading
from core.errors import NotFound
from core.web import site
from wiki import changes, pictures, procedures
from wiki.attached import Attachment, content_of, listed
from wiki.kinds import PICTURE_TYPES
from wiki.models import Procedure, Version
from wiki.objects import Missing
from wiki.proposals import texts_of

_POLICY = "sandbox; default-src 'none'"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def version_file(code: str, number: str, name: str) -> Response:
    """Download a file of a version."""
    session, actor = reading()
    found = procedures.readable(session, actor, code)
    version = procedures.version(session, found.procedure, _number(number))
    return _sent(found.space.slug, listed(version), name)


def change_file(id: str, position: str, name: str) -> Response:
    """Download a file of a text of a change; the first text is 1."""
    session, actor = reading()
    change, space = changes.readable(session, actor, id)
    text = next((text for text in texts_of(session, change) if text.position == _number(position) - 1), None)
    return _sent(space.slug, listed(text), name)


def picture(session: Session, space: Space, path: str) -> Response:
    """Return a picture that stood in the collection when a version was published. The space was found readable."""
    code, number = request.args.get("code", ""), request.args.get("version", "")
    version = session.scalar(
        select(Version)
        .join(Procedure, Procedure.id == Version.procedure_id)
        .where(Procedure.code == code, Procedure.space_id == space.id, Version.number == _number(number))
    )
    found = pictures.in_collection(site().library.repository(space.slug), version.commit, path) if version else None
    if found is None:
        raise NotFound()
    return sent(found[0], found[1], path.rpartition("/")[2])


def _sent(slug: str, files: Iterable[Attachment], name: str) -> Response:
    one = next((one for one in files if one.name == name), None)
    if one is None:
        raise NotFound()
    try:
        return sent(content_of(site().library, slug, one), one.type, one.name)
    except Missing:
        raise NotFound() from None


def sent(content: bytes, type: str, name: str) -> Response:
    """Answer with the bytes of a file: a picture in a sandbox of its own, anything else as a download."""
    answer = send_file(
        BytesIO(content), mimetype=type, as_attachment=type not in PICTURE_TYPES, download_name=name, conditional=False, etag=False
    )
    answer.headers["Content-Type"] = type       # and no charset: old tables are in old encodings
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _number(raw: str) -> int:
    if not _NUMBER.fullmatch(raw):
        raise NotFound()
    return int(raw)
