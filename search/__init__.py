"""One full-text search over both halves. The index can be deleted at any time."""
