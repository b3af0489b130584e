"""The journal of a space on its page and as a file: for whom it is, what it says, and what it never says."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from accounts import grants
from accounts.models import Person, Space
from core import clock
from core.journal import Act
from tests.site import grant, make_person, site_of
from tests.surface.bank import RULE
from tests.surface.test_statements import Counter
from tests.surface.test_versions import day
from wiki import importing

PAGE, FILE = "/spaces/kyc/journal", "/spaces/kyc/journal.csv"


def text(answer) -> str:
    """Return what a page says, its marks taken out and its lines joined."""
    main = answer.text.split("<main")[1].split("</main>")[0]
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", main))


def sequences(answer) -> list[int]:
    return [int(number) for number in re.findall(r'class="number"[^>]*>.*?</span>(\d+)<', answer.text)]


def table(answer) -> list[dict]:
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def acts(bank) -> list[Act]:
    with site_of(bank.app).database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        return list(session.scalars(select(Act).where(Act.chain == space.id).order_by(Act.sequence)))


@pytest.mark.parametrize("path", [PAGE, FILE])
@pytest.mark.parametrize("who, status", [
    ("auditor", 200), ("author", 403), ("approver", 403), ("animator", 403), ("member", 403), ("administrator", 403), ("guest", 404), (None, 401),
])
def test_the_journal_is_for_the_auditors_of_its_space_as_over_the_api(bank, path, who, status):
    assert bank.browser(who).get(path).status_code == status
    if who:
        assert bank(who).get("/journal?space=kyc").status_code == status


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_a_journal_behind_a_wall_is_not_found_and_neither_is_one_that_is_nowhere(bank, path):
    walled, nowhere = (bank.browser("member").get(path.replace("kyc", slug)) for slug in ("vault", "nowhere"))
    assert walled.status_code == nowhere.status_code == 404
    assert bank.browser("auditor").get(path.replace("kyc", "vault")).status_code == 200


def test_an_auditor_of_another_space_does_not_read_it(bank):
    bank.people["outsider"] = make_person(bank.app, "Outsider Martin", password=False)
    grant(bank.app, "wiki", bank.people["outsider"], "auditor")
    assert bank.browser("outsider").get(PAGE).status_code == 403
    assert bank.browser("outsider").get(PAGE.replace("kyc", "wiki")).status_code == 200


def test_the_space_leads_to_it_for_those_who_may(bank):
    assert f'href="{PAGE}"' in bank.browser("auditor").get("/spaces/kyc").text
    assert f'href="{PAGE}"' not in bank.browser("author").get("/spaces/kyc").text


def test_every_act_is_told_in_words_with_who_when_what_and_its_hash(bank):
    page = bank.browser("auditor").get(PAGE)
    said, told = text(page), acts(bank)
    for sentence in (
        "Author Martin began a change: KYC-001", "Approver Martin approved a change: KYC-001", "Approver Martin published: KYC-001, version 1",
        "Member Martin opened a thread: Does a phone bill count?", "Animator Martin wrote a message, in “Does a phone bill count?”",
        "The site gave somebody a role: Auditor Martin", "The site added the space",
    ):
        assert sentence in said, sentence
    for link in ("/procedures/KYC-001/versions/1", f"/threads/{bank.thread}", f"/posts/{bank.answer}", f"/people/{bank.people['member'].id}"):
        assert f'href="{link}"' in page.text
    assert sequences(page) == [act.sequence for act in reversed(told)]
    assert all(act.hash in page.text and clock.rfc3339(act.at) in page.text for act in told) and " UTC" in said
    assert not [act.act for act in told if "_" in act.act and act.act in said]


def test_the_head_stands_there_to_be_noted_down(bank):
    last = acts(bank)[-1]
    lead = bank.browser("auditor").get(PAGE).text.split("<section")[0]
    assert f">act {last.sequence}<" in lead and f">{last.hash}<" in lead


def test_it_speaks_french(bank):
    page = bank.browser("auditor").get(PAGE, headers={"Accept-Language": "fr"})
    assert "Approver Martin a approuvé une modification" in text(page) and "Le site a donné un rôle à quelqu’un\u202f: Author Martin" in text(page)
    assert "a approuvé une modification" in {row["words"] for row in table(bank.browser("auditor").get(FILE, headers={"Accept-Language": "fr"}))}


def test_a_page_holds_fifty_acts(bank):
    for number in range(50):
        bank.write(f"/threads/{bank.thread}/posts", {"body": f"Answer {number}."}, "member", 201)
    auditor, last = bank.browser("auditor"), acts(bank)[-1].sequence
    pages = [auditor.get(f"{PAGE}?page={number}") for number in (1, 2, 3)]
    assert sequences(pages[0]) == list(range(last, last - 50, -1))
    assert sequences(pages[0]) + sequences(pages[1]) == list(range(last, 0, -1)) and "page=2" in pages[0].text
    assert sequences(pages[2]) == [] and "There is nothing on this page." in pages[2].text
    assert len(table(auditor.get(FILE))) == last


def test_acts_of_somebody_and_of_some_days(bank):
    auditor, today = bank.browser("auditor"), clock.now().date()
    old = acts(bank)[2]
    with site_of(bank.app).database.transaction() as session:
        session.get(Act, old.id).at = old.at - timedelta(days=9)

    of_member = auditor.get(f"{PAGE}?who=member+MARTIN")
    assert "opened a thread" in text(of_member) and "began a change" not in text(of_member)
    early = f"since={today - timedelta(days=10)}&until={today - timedelta(days=8)}"
    assert sequences(auditor.get(f"{PAGE}?{early}")) == [old.sequence]
    assert old.sequence not in sequences(auditor.get(f"{PAGE}?since={today - timedelta(days=8)}"))
    assert [int(row["sequence"]) for row in table(auditor.get(f"{FILE}?{early}"))] == [old.sequence]
    assert {row["name"] for row in table(auditor.get(f"{FILE}?who=member"))} == {"Member Martin"}
    assert sequences(auditor.get(f"{PAGE}?until=9999-12-31&since=0001-01-01")) == [act.sequence for act in reversed(acts(bank))]


def test_somebodys_acts_are_looked_for_among_theirs_and_all_are_counted_without_looking(bank, database_kind):
    if database_kind != "sqlite":
        pytest.skip("how SQLite looks for them is what is read here")
    asked, auditor, engine = [], bank.browser("auditor"), site_of(bank.app).database.engine

    def plans(address: str) -> list[tuple[str, str]]:
        asked.clear()
        assert auditor.get(address).status_code == 200
        made = [one for one in asked if "FROM journal" in one[0]]
        with engine.connect() as connection:
            return [(sql, str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all())) for sql, given in made]

    event.listen(engine, "before_cursor_execute", lambda _c, _u, sql, given, *_: asked.append((sql, given)))
    whole = plans(PAGE)
    assert whole and not [sql for sql, _ in whole if "count(" in sql] and not [plan for _, plan in whole if "SCAN journal" in plan]
    for address in (f"{PAGE}?who=member+martin", f"{PAGE}?who=martin&page=2", f"{FILE}?who=martin"):
        of_somebody = plans(address)
        assert of_somebody and [plan for _, plan in of_somebody if "ix_journal_chain_actor (chain=? AND actor=?)" not in plan] == []


@pytest.mark.parametrize("asked, sentence", [
    ("since=yesterday", "Give the day as year-month-day"), ("until=2026-02-30", "Give the day as year-month-day"),
    ("since=2026-03-02&until=2026-03-01", "The last day comes before the first."), ("who=Nobody+Atall", "Nobody of this name did anything"),
    ("who=Guest+Martin", "Nobody of this name did anything"), ("who=" + "x" * 121, "At most 120 characters; these are 121."), ("page=0", "This must be a whole number from 1."),
])
def test_what_cannot_be_asked_is_kept_with_a_sentence(bank, asked, sentence):
    auditor = bank.browser("auditor")
    answer = auditor.get(f"{PAGE}?{asked}")
    assert answer.status_code == 422 and sentence in answer.text and sequences(answer) == []
    name, _, value = asked.partition("&")[0].partition("=")
    assert name == "page" or f'value="{value.replace("+", " ")}"' in answer.text
    assert name == "page" or auditor.get(f"{FILE}?{asked}").status_code == 422
    assert bank.browser("member").get(f"{PAGE}?{asked}").status_code == 403


def test_the_file_carries_what_the_hashes_cover_and_no_formula(bank):
    with site_of(bank.app).database.transaction() as session:
        session.get(Person, bank.people["member"].id).name = "=HYPERLINK(1)"
    rows, told = table(bank.browser("auditor").get(FILE)), list(reversed(acts(bank)))
    for name in ("act", "object", "previous", "hash"):
        assert [row[name] for row in rows] == [getattr(act, name) for act in told]
    assert [row["at"] for row in rows] == [clock.rfc3339(act.at) for act in told]
    assert [row["content_digest"] for row in rows] == [act.content_digest or "" for act in told]
    assert "'=HYPERLINK(1)" in {row["name"] for row in rows} and "The site" in {row["name"] for row in rows}


def test_words_that_were_erased_or_hidden_stand_nowhere_on_it(bank):
    auditor = bank.browser("auditor")
    erased, hidden = bank.ask(body="Zanzibar pays in cash.")["id"], bank.ask(body="Quimper pays in cash.")["id"]
    first = bank.read(f"/threads/{erased}", "member")["posts"][0]["id"]
    bank.write(f"/threads/{hidden}/posts", {"body": "Says who?"}, "author", 201)
    assert "Zanzibar" in auditor.get(PAGE).text and "Quimper" in auditor.get(PAGE).text

    bank.write(f"/posts/{first}", {"reason": "Wallis said so"}, "member", method="DELETE")
    bank.write(f"/threads/{hidden}/hide", {"reason": "Futuna said so"}, "animator")
    for path in (PAGE, FILE):
        answer = auditor.get(path)
        assert not [word for word in ("Zanzibar", "Quimper", "Wallis", "Futuna", "Says who") if word in answer.text]
    said = text(auditor.get(PAGE))
    assert "Member Martin erased a message, with a reason, in a thread without words" in said
    assert "Animator Martin hid a thread, with a reason: a thread without words" in said


def test_a_guest_who_audits_is_led_only_to_people_they_may_see(bank):
    bank.people["inspector"] = make_person(bank.app, "Inspector Martin", password=False, guest=True)
    grant(bank.app, "vault", bank.people["inspector"], "auditor")
    with site_of(bank.app).database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "vault"))
        grants.revoke(session, None, space, session.get(Person, bank.people["animator"].id), "animator")
    page = bank.browser("inspector").get("/spaces/vault/journal")
    seen, gone = bank.people["author"].id, bank.people["animator"].id
    assert f'href="/people/{seen}"' in page.text and bank.browser("inspector").get(f"/people/{seen}").status_code == 200
    assert "Animator Martin" in page.text
    assert f'href="/people/{gone}"' not in page.text and bank.browser("inspector").get(f"/people/{gone}").status_code == 404


def test_every_link_leads_somewhere(bank):
    bank.submit(bank.draft({"code": "KYC-001", "markdown": RULE + "\nMore.\n"}))
    bank.publish({"markdown": "# Gone\n"})
    bank.publish({"action": "retire", "code": "KYC-002"})
    bank.write("/procedures/KYC-001/review", {"version": 1, "verdict": "still_right"})
    text_ = bank.write("/spaces/kyc/regulations", {"title": "A law"}, "author", 201)["id"]
    clause = bank.write(f"/regulations/{text_}/clauses", {"label": "art. 1"}, "author", 201)["id"]
    bank.write(f"/clauses/{clause}", method="DELETE")
    auditor = bank.browser("auditor")
    main = auditor.get(PAGE).text.split("<ol")[1].split("</ol>")[0]
    links = set(re.findall(r'href="([^"]+)"', main))
    assert len(links) > 10 and not [link for link in links if auditor.get(link).status_code not in (200, 302, 303)]
    assert f"/spaces/kyc/regulations/{text_}" in links and f"/clauses/{clause}" not in links and "A law, art. 1" in main


def test_what_an_import_brought_and_what_was_cancelled_are_told_too(bank, tmp_path):
    site, auditor = site_of(bank.app), bank.browser("auditor")
    for number in range(5):
        (tmp_path / f"rule-{number}.md").write_text(f"# Rule {number}\n\nWords.\n")
    importing.bring_in(site.database, site.library, "wiki", str(tmp_path))
    (tmp_path / "rule-1.md").write_text("# Rule 1\n\nOther words.\n")
    importing.bring_in(site.database, site.library, "wiki", str(tmp_path))
    said = text(auditor.get(PAGE.replace("kyc", "wiki")))
    assert said.count("An import published") == 2 and "An import began a change: WIKI-002" in said and "An import published: WIKI-002, version 2" in said

    bank.publish({"code": "KYC-001", "markdown": RULE + "\nLater.\n"}, in_force_from=day(9))
    cancelled = bank.publish({"action": "cancel", "code": "KYC-001"})
    page = auditor.get(PAGE)
    assert "Approver Martin published: the change" in text(page) and f'href="/changes/{cancelled["id"]}">the change' in page.text


def test_the_number_of_statements_is_the_same_whatever_is_on_the_page(bank):
    auditor, found = bank.browser("auditor"), []
    for path in (PAGE, f"{PAGE}?page=9", PAGE):
        auditor.get(path)
        with Counter(bank.app) as counter:
            assert auditor.get(path).status_code == 200
        found.append(counter.made)
        bank.publish({"markdown": RULE})
        bank.write(f"/posts/{bank.answer}/useful", None, "member")
    assert len(set(found)) == 1 and found[0] <= 22, found
