"""Every table of every package, for Alembic to compare with."""

import accounts.models
import core.followers
import core.journal
import discussions.care
import core.upgrading
import discussions.models
import keeping.models
import notices.models
import receipts.models
import regulations.models
import reviews.models
import search.missed
import running.models
import wiki.models
from core.database import Base

HOMES = (
    core.journal, core.followers, core.upgrading, accounts.models, wiki.models, search.missed, discussions.models, discussions.care,
    receipts.models, regulations.models, reviews.models, running.models, notices.models, keeping.models,
)
metadata = Base.metadata
