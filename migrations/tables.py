"""Every table of every package, for Alembic to compare with."""

from sqlalchemy import Index

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
from core.journal import Act

HOMES = (
    core.journal, core.followers, core.upgrading, accounts.models, wiki.models, search.missed, discussions.models, discussions.care,
    receipts.models, regulations.models, reviews.models, running.models, notices.models, keeping.models,
)
metadata = Base.metadata
# What the journal's page asks by person; every act is written into it, so it holds no more than that.
Index("ix_journal_chain_actor", Act.chain, Act.actor)
