"""Kept fresh: when each procedure is due for review, what happened since, and what the reviewer says."""
