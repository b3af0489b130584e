"""The pictures of a post: brought with it or on the page of an edit, shown in a sandbox, taken away."""

from flask import Blueprint, Response, redirect, request, url_for

from accounts.models import Space
from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading, writing
from core.errors import NotFound, Problem
from core.web import site
from discussions import pictures
from wiki.attached import Attachment
from wiki.file_views import sent
from wiki.objects import Missing


def add_to(pages: Blueprint) -> None:
    """Add these addresses to the practice's blueprint."""
    pages.add_url_rule("/posts/<id>/pictures/<path:name>", "picture", picture)
    pages.add_url_rule("/posts/<id>/pictures/<path:name>/remove", "remove_picture", remove_picture, methods=["POST"])


def brought(space: Space) -> tuple[list[Attachment], Problem | None]:
    """Return the pictures that a form brought, kept, or the problem with one; only of somebody who may take part in the space."""
    given = [(file.filename, file.stream.read()) for file in request.files.getlist("file") if file.filename]
    if not given:
        return [], None
    require(reading()[1], Permission.TAKE_PART, space)
    try:
        return pictures.judged(site().library, given), None
    except Problem as problem:
        return [], problem


def picture(id: str, name: str) -> Response:
    """Answer with a picture of a post."""
    session, actor = reading()
    found = pictures.readable(session, actor, id, name)
    try:
        return sent(site().library.uploads.get(found.sha256), found.type, found.name)
    except Missing:
        raise NotFound() from None


def remove_picture(id: str, name: str):
    """Take a picture away from one's own post."""
    with writing() as (session, actor):
        pictures.remove(session, actor, id, name)
    return redirect(url_for("discussions.edit", id=id), 303)
