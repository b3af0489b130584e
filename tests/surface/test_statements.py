"""A page or a list makes as many SQL statements with thirty things on it as with three, whether or not it was seen before."""

from sqlalchemy import event

from tests.site import sign_in, site_of
from tests.surface.bank import RULE
from tests.surface.test_versions import day

QUOTE = "Second words."


class Counter:
    """Counts the statements of a request."""

    def __init__(self, app):
        self.engine, self.made = site_of(app).database.engine, 0

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_):
        event.remove(self.engine, "before_cursor_execute", self._count)

    def _count(self, *_given):
        self.made += 1


def grow(bank, first, last):
    """Bring procedures, versions, changes, threads and posts from one number to another."""
    for number in range(first, last):
        bank.publish({"markdown": f"# Procedure {number}\n\nWords.\n"})
        bank.publish({"code": "KYC-001", "markdown": f"{RULE}\nVersion {number}.\n"})
        bank.submit(bank.draft({"code": "KYC-001", "markdown": f"{RULE}\nIn review {number}.\n"}))
        thread = bank.ask(body=f"Does words number {number} count?", quote=QUOTE, kind=("tip", "question", "gap")[number % 3])
        bank.ask("/spaces/kyc/threads", body=f"Where does {number} belong?")
        bank.write(f"/threads/{thread['id']}/posts", {"body": f"Answer {number}."}, "approver", 201)
        bank.write(f"/threads/{bank.thread}/posts", {"body": f"Answer {number} to one."}, "approver", 201)
    site_of(bank.app).loop.catch_up()


def places(bank):
    """Return each main page and each list of the API, with who looks at it."""
    pages = [
        "/", "/spaces", "/spaces/kyc", "/spaces/kyc/changes", "/spaces/kyc/threads", "/procedures/KYC-001", "/procedures/KYC-001/threads", "/procedures/KYC-001/versions",
        "/procedures/KYC-001/versions/2", "/procedures/KYC-001/compare/1...2", f"/procedures/KYC-001/on/{day(0)}", f"/threads/{bank.thread}",
        f"/changes/{bank.change}", "/search?q=words", "/people/" + bank.people["member"].id, "/spaces/kyc/gaps", "/spaces/kyc/gaps?state=closed", "/spaces/kyc/checks", "/spaces/kyc/desk", "/checks",
        "/spaces/kyc/journal",
    ]
    calls = [
        "/spaces", "/spaces/kyc/procedures", "/procedures/KYC-001", "/procedures/KYC-001/versions", "/procedures/KYC-001/threads", "/spaces/kyc/threads",
        f"/threads/{bank.thread}", f"/changes/{bank.change}", "/search?q=words", "/journal?space=kyc", "/spaces/kyc/gaps", "/spaces/kyc/checks",
        "/spaces/kyc/desk", "/checks", "/people/" + bank.people["member"].id,
    ]
    return [*pages, *(f"/api/v1{call}" for call in calls)]


def gathers(place):
    """Say whether a page gathers a dozen lists: the front page and the desk."""
    return place == "/" or place.endswith("/desk")


def counts(bank, *, cold):
    """Return how many statements each place takes, its caches empty or full."""
    browsers, found = {who: sign_in(bank.app.test_client(), bank.people[who]) for who in ("approver", "animator", "auditor")}, {}
    for place in places(bank):
        who = "auditor" if "journal" in place else "animator" if place.endswith("/desk") else "approver"
        client = browsers[who]
        head = {"Authorization": f"Bearer {bank(who).token}"} if place.startswith("/api/") else {}
        if cold:
            bank.ask(body=f"Something new, so that {place} is made again, {len(found)} {bank.grown}?")
        else:
            assert client.get(place, headers=head).status_code == 200, place
        with Counter(bank.app) as counter:
            assert client.get(place, headers=head).status_code == 200, place
        found[place] = counter.made
    return found


def test_the_number_of_statements_does_not_grow_with_what_is_shown(bank):
    bank.app.extensions["writes"].hit = lambda *_given: True
    bank.publish({"markdown": RULE})
    bank.publish({"code": "KYC-001", "markdown": RULE + "\nMore.\n"})
    bank.thread, bank.grown = bank.ask(quote=QUOTE)["id"], "few"
    bank.ask(kind="tip", body="A tip on words that change.", quote="First words.")
    bank.publish({"code": "KYC-001", "markdown": RULE.replace("First words.", "Other ones, and many more of them.")})
    bank.change = bank.submit(bank.draft({"code": "KYC-001", "markdown": RULE + "\nA proposal.\n"}))["id"]
    grow(bank, 1, 4)
    few = {cold: counts(bank, cold=cold) for cold in (True, False)}

    grow(bank, 4, 31)
    bank.grown = "many"
    bank.browser("approver").get("/procedures/KYC-001/versions")      # how much each version moved is made once and kept
    many = {cold: counts(bank, cold=cold) for cold in (True, False)}

    assert [(place, few[cold][place], now) for cold in many for place, now in many[cold].items() if now > few[cold][place]] == []
    assert max(now for place, now in many[True].items() if not gathers(place)) <= 30
    assert max(now for place, now in many[True].items() if gathers(place)) <= 45
