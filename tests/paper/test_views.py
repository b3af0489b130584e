"""Paper as people take it: which version, what it says of itself, and only what they may read. P11-2, A11-4, A11-12, FR-3."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from tests.paper.library import pages, read, words
from tests.site import caller, grant, make_person, make_space, sign_in
from tests.world import World
from wiki.drafts import DraftText

RULE = "---\ntitle: Ouvrir un compte\nowner: Conformité\nregulations: [Article L. 561-5]\n---\n\n## Principe\n\nAucun compte n’est ouvert.\n"


@pytest.fixture
def office(app, settings, database):
    """A restricted space with four versions of one procedure: superseded, in force, cancelled, and one that waits."""
    from wiki.repository import Library

    world = World(database, Library(settings.data, settings.timezone))
    author, approver, outsider = make_person(app, "Anne Auteur"), make_person(app, "Boris Decideur"), make_person(app, "Omar Dehors")
    make_space(app, "kyc", visibility="restricted", name="Customer files")
    grant(app, "kyc", author, "author")
    grant(app, "kyc", approver, "approver")
    publish = lambda text, **more: world.publish(author.id, approver.id, "kyc", text, **more)  # noqa: E731
    publish(DraftText(markdown=RULE), reason="The law asks it")
    publish(DraftText(code="KYC-001", markdown=RULE + "\nNi fermé.\n"), reason="It was missing")
    publish(DraftText(code="KYC-001", markdown=RULE + "\nBientôt.\n"), reason="Soon", in_force_from=world.day(30))
    publish(DraftText(code="KYC-001", markdown=RULE + "\nPlus tard.\n"), reason="Later", in_force_from=world.day(60), replaces_scheduled=True)
    publish(DraftText(markdown="# Closing\n\nWords."), reason="New")
    return world, author, approver, outsider


@pytest.fixture
def reader(office, client):
    return sign_in(client, office[1])


def pdf(client, number, **more):
    return client.get(f"/procedures/KYC-001/versions/{number}/print.pdf", **more)


def test_a_copy_carries_name_date_and_meaning_of_each_approval_p11_12(reader):
    answer = pdf(reader, 2)
    found = words(answer.data)

    assert answer.mimetype == "application/pdf"
    assert f"Boris Decideur, {datetime.now(UTC).day} " in found and " UTC" in found and "“I approve this text for use.”" in found
    assert "Written by Anne Auteur, " in found and "“I wrote this text.” Why It was missing" in found


def test_a_copy_is_complete_and_readable_p11_2_a11_4(reader):
    found = words(pdf(reader, 2).data)

    for expected in ("Ouvrir un compte", "Owner: Conformité.", "1 Principe", "Aucun compte n’est ouvert.", "Ni fermé.", "Article L. 561-5", "Commit ", "Digest of what"):
        assert expected in found, expected


def test_every_page_of_a_copy_says_how_it_stands_iso_14(reader):
    expected = {
        1: ("superseded on", "Superseded on"),
        2: ("version 2, in force from", "Version 4 takes over on"),
        3: ("version 3, cancelled: do not use", "Cancelled, do not use"),
        4: ("version 4, not in force before", "Not in force before"),
    }
    for number, said in expected.items():
        for page in pages(pdf(reader, number).data):
            assert all(words_ in page for words_ in said), (number, said, page)
            assert "Check before use: http://127.0.0.1:8000/procedures/KYC-001" in page
            assert "Approved by Boris Decideur (" in page
    assert "do not use" not in words(pdf(reader, 2).data)


def test_a_retired_procedure_says_so_on_its_last_text_and_on_its_end(office, reader):
    world, author, approver, _ = office
    world.publish(author.id, approver.id, "kyc", DraftText(code="KYC-002", action="retire"))

    last = words(reader.get("/procedures/KYC-002/versions/1/print.pdf").data)
    end = words(reader.get("/procedures/KYC-002/versions/2/print.pdf").data)
    assert "Retired on" in last and "do not use" in last and "Words." in last
    assert "Retired on" in end and "it has no text" in end


def test_the_state_is_that_of_the_day_of_printing_not_of_the_day_read(office, reader):
    world = office[0]
    page = reader.get(f"/procedures/KYC-001/on/{world.day(40).isoformat()}").text

    assert '<p class="across" aria-hidden="true">' not in page      # version 2 is in force today and on that day
    assert '<p class="across" aria-hidden="true">Not in force before' in reader.get(f"/procedures/KYC-001/on/{world.day(61).isoformat()}").text


def test_two_copies_of_one_day_are_the_same_bytes(reader, monkeypatch):
    first, later = pdf(reader, 2).data, clock.now() + timedelta(days=1)
    assert pdf(reader, 2).data == first

    monkeypatch.setattr(clock, "now", lambda: later)
    assert pdf(reader, 2).data != first      # the day of printing


def test_a_copy_speaks_french(reader):
    found = pdf(reader, 1, headers={"Accept-Language": "fr"}).data

    for expected in ("remplacée le", "Remplacée le", "ne pas utiliser", "À vérifier avant usage : http", "Approuvée par Boris", "Imprimé"):
        assert expected in words(found), expected
    assert f"Page 1 sur {len(pages(found))}" in words(found)
    assert read(found).metadata.title == "KYC-001 Ouvrir un compte"


def test_the_address_is_the_sites_whatever_the_request_says(office, app):
    found = words(caller(app, office[1]).get("/procedures/KYC-001/pdf", headers={"Host": "evil.example"}).data)

    assert "evil" not in found and "Check before use: http://127.0.0.1:8000" in found


@pytest.mark.parametrize("number", ["0", "9", "02", "x"])
def test_a_version_that_is_not_there_has_no_copy(reader, number):
    assert pdf(reader, number).status_code == 404
    assert reader.get(f"/procedures/KYC-001/versions/{number}/print").status_code == 404


def test_a_draft_has_no_copy_and_its_page_says_so_across(office, reader):
    world, author, _, _ = office
    change = world.open(author.id, "kyc", DraftText(markdown="# A draft\n\nWords."))

    assert reader.get("/procedures/KYC-003/versions/1/print.pdf").status_code == 404
    assert "Draft: not in force" in reader.get(f"/changes/{change.id}").text


def test_paper_has_the_walls_of_the_space(office, client):
    outsider = sign_in(client, office[3])
    for path in ("/procedures/KYC-001/versions/2/print.pdf", "/procedures/KYC-001/versions/2/print", "/spaces/kyc/manual", "/spaces/kyc/manual.pdf", "/spaces/kyc/manual/print"):
        refused, absent = outsider.get(path), outsider.get(path.replace("KYC-001", "XYZ-001").replace("/kyc", "/xyz"))
        assert refused.status_code == absent.status_code == 404


def test_the_print_view_says_what_the_pdf_says(reader):
    page = reader.get("/procedures/KYC-001/versions/1/print").text

    for expected in ("Superseded on", "Boris Decideur", "UTC", "I approve this text for use.", "Check before use: http://127.0.0.1:8000/procedures/KYC-001", "Commit ", "print.pdf"):
        assert expected in page, expected


def test_the_colophon_leads_to_paper(reader):
    page = reader.get("/procedures/KYC-001").text

    assert "/procedures/KYC-001/versions/2/print\"" in page and "/procedures/KYC-001/versions/2/print.pdf" in page


def test_the_manual_holds_what_is_in_force_on_its_day_and_nothing_else_p11_2(office, reader):  # SOX-2
    world = office[0]
    now, later = reader.get("/spaces/kyc/manual.pdf").data, reader.get(f"/spaces/kyc/manual.pdf?on={world.day(61)}").data

    assert "Ni fermé." in words(now) and "Words." in words(now) and "Plus tard." not in words(now)
    assert "Plus tard." in words(later) and "Ni fermé." not in words(later)
    assert "Not in force before" in pages(later)[1] and "Not in force before" not in pages(later)[2]
    assert "2 procedures in force on" in pages(now)[0] and "KYC-001 Ouvrir un compte 2" in pages(now)[0]


def test_the_manual_of_a_day_without_anything_says_so(reader):
    assert reader.get("/spaces/kyc/manual.pdf?on=2001-01-01").status_code == 422
    assert "Nothing was in force in this space on that day." in reader.get("/spaces/kyc/manual?on=2001-01-01").text
    assert reader.get("/spaces/kyc/manual?on=yesterday").status_code == 422


def test_the_manual_names_the_pages_of_each_procedure(office, reader):
    style = reader.get(f"/spaces/kyc/manual/print.css?on={office[0].day(61)}").text

    assert "@page KYC-001 {" in style and "#KYC-002 { page: KYC-002; }" in style
    assert "@right-middle { content: \"Not in force before" in style


def test_a_superseded_text_in_a_manual_of_the_past_says_so(office, reader, monkeypatch):
    world = office[0]
    today, day = world.day(0), clock.now() + timedelta(days=90)
    monkeypatch.setattr(clock, "now", lambda: day)
    sign_in(reader, office[1])

    found = pages(reader.get(f"/spaces/kyc/manual.pdf?on={today}").data)
    assert "Superseded on" in found[1] and "Superseded on" not in found[2]


def test_the_api_gives_the_same_pdfs(office, app, reader):
    author = caller(app, office[1])

    assert author.get("/procedures/KYC-001/pdf").data == pdf(reader, 2).data
    assert author.get("/procedures/KYC-001/pdf?version=1&language=fr").data == pdf(reader, 1, headers={"Accept-Language": "fr"}).data
    assert author.get("/spaces/kyc/manual").data == reader.get("/spaces/kyc/manual.pdf").data
    assert "en vigueur le" in words(author.get("/spaces/kyc/manual?language=fr&on=2999-01-01").data)
    assert author.get("/procedures/KYC-001/pdf?version=9").status_code == 404
    assert author.get("/procedures/KYC-001/pdf?language=xx").status_code == 422
    assert caller(app, office[3]).get("/spaces/kyc/manual").status_code == 404


def test_the_api_describes_its_pdfs(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]

    for path in ("/api/v1/procedures/{code}/pdf", "/api/v1/spaces/{slug}/manual"):
        assert "application/pdf" in paths[path]["get"]["responses"]["200"]["content"]


