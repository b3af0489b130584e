"""What has no domain: settings, the database's one transaction edge, the journal, errors."""
