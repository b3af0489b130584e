"""The pictures of posts in the JSON API."""

import base64
import binascii

from pydantic import BaseModel, ConfigDict

from accounts.permissions import Permission
from accounts.policy import require
from accounts.web import reading, writing
from core.api import Endpoint
from core.errors import Invalid, N_
from core.web import site
from discussions import picture_views, pictures, posts
from discussions.answers import PostAnswer
from discussions.models import Post
from discussions.shapes import post_shape
from discussions.voices import said


class NewPicture(BaseModel):
    """A picture to put with one's own post: its bytes in base64, at most 10 MiB."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    content: str


def add_picture(id: str, body: NewPicture) -> dict:
    """Put a picture with one's own post."""
    session, actor = reading()
    require(actor, Permission.TAKE_PART, posts.readable(session, actor, id).place.space)
    files = pictures.judged(site().library, [(body.name, _bytes(body.content))])
    with writing() as (session, actor):
        return _post(session, pictures.add(session, actor, id, files))


def remove_picture(id: str, name: str) -> dict:
    """Take a picture away from one's own post."""
    with writing() as (session, actor):
        return _post(session, pictures.remove(session, actor, id, name))


ENDPOINTS = [
    Endpoint("POST", "/posts/<id>/pictures", add_picture, body=NewPicture, answer=PostAnswer, takes_files=True),
    Endpoint("GET", "/posts/<id>/pictures/<path:name>", picture_views.picture, media="*/*"),
    Endpoint("DELETE", "/posts/<id>/pictures/<path:name>", remove_picture, answer=PostAnswer),
]


def _bytes(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(N_("The content of a file is its bytes in base64."), field="content") from None


def _post(session, post: Post) -> dict:
    return post_shape(said(session, Post.id == post.id)[0])
