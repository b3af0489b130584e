"""Everything that a site holds, so that a test can say that nothing moved, and every address that leads to it."""

from core.database import Base
from tests.site import site_of
from tests.surface.bank import Bank
from tests.walls.crawl import addresses, rules, values

_MOVING = {"attempts", "sign_ins", "renderings", "steps", "thread_places"}       # what looking and trying may move
_SPACES = ("kyc", "wiki", "vault")


def state(bank: Bank) -> tuple:
    """Return every row, the tip of each repository and the name of every file, the index's and git's own apart."""
    site = site_of(bank.app)
    with site.database.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in _MOVING]
        rows = {table.name: sorted(map(str, session.execute(table.select()))) for table in tables}
    repositories = [site.library.repository(slug) for slug in _SPACES]
    tips = [repository.tip() for repository in repositories if repository.path.exists()]
    files = sorted(str(path) for path in site.settings.data.rglob("*") if ".git/" not in str(path) and "/search" not in str(path) and "sqlite3-" not in path.name)
    return rows, tips, files


def places(bank: Bank, method: str) -> list[str]:
    """Return every address that takes a method, with everything that it could name."""
    known = values(bank.app)
    return [address for rule in rules(bank.app, method) for address, _ in addresses(rule, known)]
