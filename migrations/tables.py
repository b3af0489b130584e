"""Every table of every package, for Alembic to compare with."""

import importlib

for name in ("core.journal", "core.followers", "accounts.models", "wiki.models", "discussions.models"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        pass
from core.database import Base

metadata = Base.metadata
