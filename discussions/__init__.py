"""The practice: threads attached to procedures, their posts, and the words they are about."""
