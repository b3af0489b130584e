"""Every table of every package, for Alembic to compare with."""

import accounts.models
import core.followers
import core.journal
import discussions.models
import wiki.models
from core.database import Base

HOMES = (core.journal, core.followers, accounts.models, wiki.models, discussions.models)
metadata = Base.metadata
