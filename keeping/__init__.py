"""Keeping a site: backups, restoring, and leaving with everything."""
