"""The people of the practice's tests, met at the animator's desk."""

from tests.discussions.conftest import office, talk, world  # noqa: F401
