"""The world and the people of the rule's tests."""

from tests.wiki.conftest import people, world

__all__ = ["people", "world"]
