"""Every page of the starter site that a person can open: who looks, at which address, and how it is answered."""

from datetime import timedelta

from sqlalchemy import select

from accounts.models import Person
from core import clock
from discussions.models import Post, Thread
from notices.unsubscribing import token_for
from regulations.models import Clause, Regulation
from tests.journeys.ground import Ground
from wiki.models import Change

# Answered without a page of their own: files, and addresses that only lead to another one.
_NO_PAGE = {
    "static", "receipts.csv", "wiki.role_csv", "wiki.version_file", "wiki.change_file", "wiki.file", "wiki.choose_day",
    "wiki.choose_compare", "discussions.post", "paper.sheet", "paper.version_pdf", "paper.manual_sheet", "paper.manual_pdf",
    "regulations.export", "reviews.feed", "discussions.thread_news", "discussions.procedure_news", "discussions.mentionable",
    "accounts.people_csv", "insights.space_months", "insights.space_procedures", "insights.procedure_months",
    "running.healthz", "running.readyz", "running.metrics", "keeping.space_export",
    "discussions.gaps_csv", "discussions.picture", "audit.journal_csv",
}
PEOPLE = {
    "author": "helene.marchetti", "approver": "margaux.delcourt", "member": "ines.carpentier", "animator": "sofia.lindqvist",
    "auditor": "ruth.abernathy", "guest": "anouk.verhoeven", "administrator": "tomas.iriarte", "nobody": None,
}
# KYC-001 has a version that waits for its day, KYC-003 a change in review, KYC-008 is retired.
_PAGES = {
    "author": [
        "/", "/account", "/spaces/kyc", "/spaces/kyc?state=retired", "/spaces/kyc/new", "/spaces/promises/new", "/spaces/kyc/changes",
        "/procedures/KYC-001", "/procedures/KYC-001/edit", "/procedures/PRO-001/edit", "/procedures/KYC-002/retire",
        "/procedures/KYC-001/cancel", "/procedures/KYC-008/restore", "/procedures/KYC-008/edit", "/procedures/KYC-003",
        "/changes/{change}", "/changes/{change}/edit", "/procedures/KYC-001/audience", "/changes/{change}/history",
        "/procedures/KYC-001/review", "/spaces/kyc/regulations/new", "/spaces/kyc/regulations/list", "/regulations/{regulation}/edit",
        "/clauses/{hole}", "/spaces/kyc/people", "/spaces/brokers/invitations", "/spaces/brokers/seen-as", "/spaces/kyc/insights",
        "/procedures/KYC-001/insights",
    ],
    "approver": ["/changes/{change}", "/procedures/PAI-001", "/spaces/paiements", "/procedures/KYC-001/approvals"],
    "member": [
        "/", "/procedures/KYC-001", "/procedures/KYC-001/versions", "/procedures/KYC-001/versions/1", "/procedures/KYC-001/lines", "/procedures/KYC-001/versions/1/lines",
        "/procedures/KYC-001/versions/4", "/procedures/KYC-001/compare/1...3", "/procedures/KYC-001/compare/3...4",
        "/procedures/KYC-001/compare/3...3", "/procedures/KYC-001/on/{today}", "/procedures/KYC-001/on/{later}",
        "/procedures/KYC-001/on/2001-01-01", "/procedures/KYC-001/threads", "/procedures/KYC-001/threads?about={quoted}", "/procedures/KYC-001/passages", "/procedures/KYC-001/threads?at=2",
        "/procedures/PAI-001/versions", "/procedures/PAI-001/compare/1...2", "/procedures/PAI-005", "/procedures/KYC-008",
        "/spaces/kyc/threads", "/spaces/paiements/threads?kind=question", "/threads/{thread}", "/threads/{thread}?answer={reply}",
        "/threads/{own}", "/threads/{announcement}", "/posts/{reply}/report", "/spaces/kyc/gaps", "/spaces/kyc/gaps?state=closed", "/spaces/kyc/checks", "/checks", "/spaces/kyc/to-read", "/posts/{post}/edit", "/posts/{post}/erase", "/posts/{post}/history",
        "/search?q=proof+of+address", "/search?q=notaire&kind=question", "/search?q=xyzzyx", "/search?q=adress", "/search",
        "/people/{somebody}", "/spaces", "/procedures/KYC-001/propose", "/procedures/KYC-009", "/procedures/KYC-001/receipt", "/procedures/KYC-001/versions/1/print",
        "/spaces/kyc/manual", "/spaces/kyc/manual/print", "/procedures/KYC-001/duties", "/roles", "/roles/adviser", "/calendar",
        "/spaces/kyc/calendar", "/notices", "/notices/following", "/notices/mail", "/spaces/kyc/regulations", "/spaces/kyc/regulations/{regulation}", "/clauses/{clause}",
    ],
    "animator": [
        "/spaces/kyc", "/spaces/kyc/announce", "/threads/{thread}", "/spaces/kyc/desk", "/spaces/kyc/hidden", "/threads/{thread}/moderate", "/posts/{reply}/hide",
        "/threads/{gap}", "/threads/{gap}/gap",
    ],
    "auditor": ["/spaces/kyc", "/spaces/kyc/changes", "/changes/{change}", "/procedures/KYC-001", "/threads/{thread}", "/spaces/kyc/journal", "/spaces/kyc/journal?who=margaux"],
    "guest": ["/", "/spaces", "/spaces/brokers", "/procedures/BRO-001", "/search?q=once", "/account", "/spaces/brokers/people"],
    "administrator": [
        "/", "/account", "/administration", "/administration/health", "/administration/backups", "/administration/export",
        "/administration/mail", "/administration/spaces/kyc/approvals", "/administration/people", "/administration/people?q=in&kind=waiting",
        "/administration/people/new", "/administration/people/list", "/administration/people/{somebody}", "/administration/spaces",
        "/administration/spaces/new", "/administration/spaces/kyc", "/administration/spaces/kyc?who=a", "/administration/spaces/brokers",
        "/administration/spaces/kyc/settings", "/administration/spaces/brokers/settings", "/administration/spaces/brokers/invitations",
    ],
    "nobody": ["/", "/forgotten", "/invitation/{invitation}", "/unsubscribe/{ending}", "/signin", "/spaces", "/spaces/promises", "/procedures/PRO-001", "/procedures/PRO-002/threads", "/link/{link}", "/search?q=letter"],
}
_REFUSED = {
    "author": [("/procedures/KYC-008/edit", 409)],
    "member": [
        ("/procedures/NONE-001", 404), ("/spaces/kyc?page=zero", 422), ("/procedures/KYC-001/on/yesterday", 422),
        ("/search?q=a&kind=poem", 422), ("/spaces/kyc/new", 403), ("/search?q=a&after=never", 422),
        ("/administration/backups", 403),
    ],
    "auditor": [("/spaces/kyc/journal?since=yesterday", 422)],
    "nobody": [("/procedures/KYC-001", 401), ("/account", 401), ("/link/none", 410), ("/invitation/none", 410)],
}


def rules(ground: Ground) -> set[str]:
    """Return the endpoints of the pages that the site has."""
    found = ground.app.url_map.iter_rules()
    return {rule.endpoint for rule in found if "GET" in rule.methods and not rule.rule.startswith("/api/")} - _NO_PAGE


def looked_at(ground: Ground) -> set[str]:
    """Return the endpoints that somebody looks at."""
    adapter, known = ground.app.url_map.bind("localhost"), values(ground)
    return {adapter.match(path.format(**known).partition("?")[0])[0] for who in PEOPLE for path, _ in sights(who)}


def sights(who: str) -> list[tuple[str, int]]:
    """Return what somebody looks at: patterns of addresses, and the status of each answer."""
    refused = _REFUSED.get(who, [])
    return [(path, 200) for path in _PAGES[who] if path not in dict(refused)] + refused


def values(ground: Ground) -> dict[str, str]:
    """Return what stands in the patterns of addresses."""
    today = clock.today(ground.world.library.zone)
    with ground.world.database.reading() as session:
        def first(column, *where) -> str:
            return session.scalar(select(column).where(*where).limit(1))

        ines = first(Person.id, Person.email == "ines.carpentier@aubrac.example")
        thread = first(Thread.id, Thread.title == "Does a mobile phone bill count?")
        return {
            "ending": token_for(ground.app.secret_key, ines),
            "today": str(today), "later": str(today + timedelta(days=60)), "link": _secret(ground), "invitation": ground.invitation("brokers"), "somebody": ines,
            "change": first(Change.id, Change.state == "in_review"), "thread": thread, "quoted": thread,
            "reply": first(Post.id, Post.thread_id == thread, Post.number == 2),
            "own": first(Thread.id, Thread.title == "And a joint account?"),
            "announcement": first(Thread.id, Thread.kind == "announcement"), "gap": first(Thread.id, Thread.title == "Six months is too long for us"),
            "post": first(Post.id, Post.author_id == ines),
            "regulation": first(Regulation.id, Regulation.short == "CMF"),
            "clause": first(Clause.id, Clause.label == "L. 561-5"), "hole": first(Clause.id, Clause.label == "L. 561-34"),
        }


def _secret(ground: Ground) -> str:
    return ground.link(ground.sample("ines.carpentier")).rpartition("/")[2]
