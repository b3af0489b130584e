"""Files on pages and in the API: brought, shown and downloaded, with nothing typed lost and nothing active served."""

import base64
import errno
import re
from html import unescape
from io import BytesIO

import pytest

from tests.site import caller, grant, make_person, make_space, post, sign_in, site_of
from tests.wiki.samples import docx, pdf, png
from tests.world import World
from wiki.attached import received
from wiki.drafts import DraftText
from wiki.models import Change

WORDS = "# Opening\n\nFirst words.\n"


class Office:
    """A space with its author, approver, reader and a stranger, over HTTP."""

    def __init__(self, app):
        self.app = app
        self.people = {name: make_person(app, name) for name in ("Anne Author", "Boris Approver", "Dora Member")}
        self.people["Gil Guest"] = make_person(app, "Gil Guest", guest=True)
        make_space(app, "kyc", prefix="KYC")
        grant(app, "kyc", self.people["Anne Author"], "author")
        grant(app, "kyc", self.people["Boris Approver"], "approver")
        self.world = World(site_of(app).database, site_of(app).library)

    def browser(self, name="Anne Author"):
        """Return a browser in which somebody is signed in."""
        return sign_in(self.app.test_client(), self.people[name])

    def caller(self, name="Anne Author"):
        """Return a client of the API with somebody's token."""
        return caller(self.app, self.people[name])

    def given(self, **files):
        """Return files as they were received."""
        return tuple(received(self.world.library, name.replace("_", "."), content) for name, content in files.items())

    def publish(self, text):
        """Publish one text."""
        return self.world.publish(self.people["Anne Author"].id, self.people["Boris Approver"].id, "kyc", text)

    def open(self, text):
        """Open a draft of one text."""
        return self.world.open(self.people["Anne Author"].id, "kyc", text)


@pytest.fixture
def office(app) -> Office:
    return Office(app)


def form(markdown=WORDS, code="", action="create", base="", **more):
    return {"code": code, "action": action, "base": base, "markdown": markdown, "reason": "Because", "kind": "material"} | more


def upload(name, content):
    return (BytesIO(content), name)


def send(browser, path, data):
    return post(browser, path, data, content_type="multipart/form-data")


def changes(office):
    with site_of(office.app).database.reading() as session:
        return session.query(Change).all()


FILE = "/procedures/KYC-001/versions/1/files/"


def test_a_file_is_downloaded_whole_and_never_acts(office):
    office.publish(DraftText(markdown=WORDS, added=office.given(form_pdf=pdf(), letter_docx=docx(), notes_txt=b"<b>\xe9</b>", seal_png=png())))

    browser = office.browser("Dora Member")
    for name, content, type, disposition in (
        ("form.pdf", pdf(), "application/pdf", "attachment"),
        ("letter.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
        ("notes.txt", b"<b>\xe9</b>", "text/plain", "attachment"),
        ("seal.png", png(), "image/png", "inline"),
    ):
        answer = browser.get(FILE + name)
        assert answer.status_code == 200 and answer.data == content
        headers = answer.headers
        assert headers["Content-Type"] == type and headers["Content-Disposition"] == f"{disposition}; filename={name}"
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin" and "ETag" not in headers
        assert browser.head(FILE + name).status_code == 200


def test_a_name_in_any_letters_is_downloaded_under_it(office):
    office.publish(DraftText(markdown=WORDS, added=(received(office.world.library, "Relevé n° 1 & 2%.csv", b"a;b"),)))
    browser = office.browser()

    link = re.search(r'href="(/procedures/KYC-001/versions/1/files/[^"]+)"', browser.get("/procedures/KYC-001").text).group(1)
    answer = browser.get(unescape(link))

    assert answer.data == b"a;b" and "filename*=UTF-8''Relev%C3%A9%20n%C2%B0%201%20" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "name", ["other.pdf", "FORM.PDF", "../kyc-001.md", "kyc-001/form.pdf", "form.pdf/", "./form.pdf", "form.pdf%00", "%2e%2e/kyc-001.md", "..%2fform.pdf", " form.pdf"],
)
def test_only_the_names_of_that_versions_list_are_there(office, name):
    office.publish(DraftText(markdown=WORDS, added=office.given(form_pdf=pdf())))
    office.publish(DraftText(code="KYC-001", markdown=WORDS + "More.\n", removed=frozenset({"form.pdf"})))
    browser = office.browser()

    assert browser.get(FILE + name).status_code == 404
    for path in ("/procedures/KYC-001/versions/2/files/form.pdf", "/procedures/KYC-001/versions/9/files/form.pdf", "/procedures/KYC-001/versions/x/files/form.pdf"):
        assert browser.get(path).status_code == 404
    assert browser.get(FILE + "form.pdf").data == pdf()


def test_files_have_the_walls_of_their_page(office):
    office.publish(DraftText(markdown=WORDS, added=office.given(form_pdf=pdf())))
    draft = office.open(DraftText(code="KYC-001", markdown=WORDS + "More.\n", added=office.given(new_txt=b"new")))
    of_change = f"/changes/{draft.id}/files/1/new.txt"

    for name, published, proposed in (("Anne Author", 200, 200), ("Boris Approver", 200, 200), ("Dora Member", 200, 404), ("Gil Guest", 404, 404)):
        assert office.browser(name).get(FILE + "form.pdf").status_code == published, name
        assert office.browser(name).get(of_change).status_code == proposed, name
        assert office.caller(name).get(FILE + "form.pdf").status_code == published, name
        assert office.caller(name).get(of_change).status_code == proposed, name
    assert office.app.test_client().get(FILE + "form.pdf").status_code == 401
    assert office.app.test_client().get("/api/v1" + FILE + "form.pdf").status_code == 404
    author = office.browser()
    for path in (f"/changes/{draft.id}/files/2/new.txt", f"/changes/{draft.id}/files/0/new.txt", f"/changes/{draft.id}/files/1/no.txt"):
        assert author.get(path).status_code == 404


def test_a_new_procedure_takes_its_file_on_the_way(office):
    browser = office.browser()

    answer = send(browser, "/spaces/kyc/new", form(then="attach", **{"file-0": upload("form.pdf", pdf())}))
    assert answer.status_code == 303 and answer.location.endswith("/edit#files")
    page = browser.get(answer.location).text
    assert "form.pdf" in page and "PDF document" in page and "First words." in page and "Because" in page
    change = changes(office)[0]
    answer = send(browser, f"/changes/{change.id}/edit", form(code="KYC-001", digest=change.digest, then="submit", **{"file-0": upload("C:\\x\\list.csv", b"a;b")}))

    assert answer.status_code == 303 and answer.location == f"/changes/{change.id}"
    page = browser.get(answer.location).text
    assert "form.pdf" in page and "list.csv" in page and changes(office)[0].state == "in_review"


def test_a_file_is_taken_away_by_its_box_and_replaced_by_its_name(office):
    office.publish(DraftText(markdown=WORDS, added=office.given(form_txt=b"first", gone_txt=b"gone", kept_txt=b"kept")))
    browser = office.browser()
    assert {"form.txt", "gone.txt", "kept.txt"} <= set(re.findall(r"\w+\.txt", browser.get("/procedures/KYC-001/edit").text))

    data = form(code="KYC-001", action="amend", base="1", then="keep", **{"remove-0": "gone.txt", "file-0": upload("form.txt", b"second")})
    location = send(browser, "/procedures/KYC-001/edit", data).location
    page = browser.get(location).text
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))

    assert "form.txt, replaced before: form.txt plain text, 5 bytes; now: form.txt plain text, 6 bytes" in words
    assert "gone.txt, removed gone.txt" in words and "kept.txt plain text, 4 bytes, unchanged" in words
    links = re.findall(r'href="(/(?:changes|procedures)/[^"]+/files/[^"]+)"', page)
    assert [browser.get(link).data for link in links] == [b"first", b"second", b"gone", b"kept"]


REFUSED = [
    ("lie.pdf", png(), 422, "PNG picture"),
    ("page.html", b"<html>", 422, "web page"),
    ("seal.svg", b"<svg xmlns='x'/>", 422, "SVG picture"),
    (".gitattributes", b"words", 422, "starts with"),
    ("CON.txt", b"words", 422, "keep for themselves"),
    ("empty.txt", b"", 422, "empty"),
    ("big.txt", b"x" * (10 * 1024 * 1024 + 1), 413, "10 MiB"),
    ("huge.txt", b"x" * (30 * 1024 * 1024), 413, "10 MiB"),
]


@pytest.mark.parametrize(("name", "content", "status", "sentence"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_was_typed_is_kept_when_a_file_is_refused(office, name, content, status, sentence):
    browser = office.browser()

    answer = send(browser, "/spaces/kyc/new", form(markdown="# Mine\n\nA careful sentence.\n", reason="A good reason", **{"file-0": upload(name, content)}))

    assert answer.status_code == status and sentence in answer.text
    assert "A careful sentence." in answer.text and "A good reason" in answer.text and "Choose the file again" in answer.text
    assert changes(office) == []
    assert send(browser, "/spaces/kyc/new", form(**{"file-0": upload("form.txt", b"x")})).status_code == 303


def test_files_that_are_there_stay_listed_when_another_is_refused(office):
    change = office.open(DraftText(markdown=WORDS, added=office.given(form_pdf=pdf())))

    answer = send(office.browser(), f"/changes/{change.id}/edit", form(code="KYC-001", digest=change.digest, markdown="Typed", **{"file-0": upload("lie.pdf", b"words")}))

    assert answer.status_code == 422 and f"/changes/{change.id}/files/1/form.pdf" in answer.text and "Typed" in answer.text


def test_a_file_is_kept_when_sending_for_review_is_refused(office):
    browser = office.browser()

    answer = send(browser, "/spaces/kyc/new", form(reason="", **{"file-0": upload("form.txt", b"x")}))

    change = changes(office)[0]
    assert answer.status_code == 422 and "Say why" in answer.text and change.state == "draft"
    assert f'action="/changes/{change.id}/edit"' in answer.text and f"/changes/{change.id}/files/1/form.txt" in answer.text
    answer = send(browser, f"/changes/{change.id}/edit", form(code="KYC-001", digest=change.digest, then="submit"))
    assert answer.status_code == 303 and changes(office)[0].state == "in_review"


def test_a_full_disk_answers_503_and_keeps_what_was_typed(office, monkeypatch):
    browser = office.browser()

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("wiki.uploads.write_flushed", full)
    answer = send(browser, "/spaces/kyc/new", form(markdown="A careful sentence.", **{"file-0": upload("form.txt", b"x")}))

    assert answer.status_code == 503 and "disk" in answer.text and "A careful sentence." in answer.text and changes(office) == []


def test_an_upload_cut_in_the_middle_leaves_nothing(office):
    browser = office.browser()
    token = browser.get("/nothing-here").text.split('name="csrf_token" value="')[1].split('"')[0]
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="markdown"\r\n\r\nWords\r\n'
        '--x\r\nContent-Disposition: form-data; name="file-0"; filename="form.txt"\r\n\r\nhalf of the wor'
    ).encode()

    for length in (len(body), len(body) + 500_000):
        answer = browser.post(
            "/spaces/kyc/new", headers={"Content-Type": "multipart/form-data; boundary=x"},
            environ_overrides={"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(length)},
        )
        assert answer.status_code in (400, 422)
    assert changes(office) == [] and not list(site_of(office.app).library.uploads.folder.glob("*"))


def test_only_where_files_are_taken_and_only_from_somebody_is_more_than_two_mebibytes_read(office):
    big = form(**{"file-0": upload("big.txt", b"x" * (3 * 1024 * 1024))})
    browser = office.browser()

    assert send(browser, "/spaces/kyc/new", big).status_code == 303
    answer = send(browser, "/preview", {"space": "kyc", "markdown": "x", "file-0": upload("big.txt", b"x" * (3 * 1024 * 1024))})
    assert answer.status_code == 413 and "2 MiB" in answer.text
    assert send(office.app.test_client(), "/spaces/kyc/new", form(**{"file-0": upload("big.txt", b"x" * (3 * 1024 * 1024))})).status_code == 413
    answer = send(browser, "/spaces/kyc/new", form(markdown="x" * (3 * 1024 * 1024)))
    assert answer.status_code == 413 and "2 MiB" in answer.text
    answer = send(browser, "/spaces/kyc/new", form(**{"file-0": upload("big.txt", b"x" * (65 * 1024 * 1024))}))
    assert answer.status_code == 413 and "64 MiB" in answer.text
    assert office.caller().post("/changes", {"space": "kyc", "texts": [], "reason": "x" * (3 * 1024 * 1024)}).status_code == 413


def test_a_member_brings_nothing(office):
    answer = send(office.browser("Dora Member"), "/spaces/kyc/new", form(**{"file-0": upload("form.txt", b"x")}))

    assert answer.status_code == 403 and not list(site_of(office.app).library.uploads.folder.glob("*"))


@pytest.mark.parametrize("called", ["seal.png", "kyc-001/seal.png", "./seal.png", "/seal.png"])
def test_a_picture_in_a_text_is_that_versions_after_an_update_too(office, called):
    words, second = f"# Seal\n\n![Our seal]({called})\n", png(colour=b"\1\2\3")
    office.publish(DraftText(markdown=words, added=office.given(seal_png=png())))
    browser = office.browser()
    shown = lambda page: browser.get(re.search(r'<img src="([^"]+)" alt="Our seal"', browser.get(page).text).group(1)).data  # noqa: E731
    assert shown("/procedures/KYC-001") == png()

    change = office.open(DraftText(code="KYC-001", markdown=words, added=office.given(seal_png=second)))
    assert shown(f"/changes/{change.id}/edit") == second
    office.world.approve(office.people["Boris Approver"].id, office.world.submit(office.people["Anne Author"].id, change))

    assert shown("/procedures/KYC-001") == second and shown("/procedures/KYC-001/versions/1") == png()
    assert shown(f"/procedures/KYC-001/on/{office.world.day(0)}") == second


def test_a_picture_that_is_not_there_shows_as_its_words(office):
    office.publish(DraftText(markdown='# T\n\n![A "form" <b>](other.png) ![](form.pdf) ![Far](https://a.example/x.png)', added=office.given(form_pdf=pdf())))
    page = office.browser().get("/procedures/KYC-001").text

    assert page.count('<span class="no-picture">') == 3 and "<img" not in page and "[A \"form\" &lt;b&gt;]" in page.replace("&quot;", '"')


def test_a_link_in_a_text_leads_to_that_versions_file(office):
    words = "# T\n\n[The form](kyc-001/form.txt), [again](form.txt), [elsewhere](other.txt)\n"
    office.publish(DraftText(markdown=words, added=office.given(form_txt=b"first")))
    office.publish(DraftText(code="KYC-001", markdown=words, added=office.given(form_txt=b"second")))
    browser = office.browser("Dora Member")
    links = lambda page: re.findall(r'href="([^"]+)"[^>]*>(?:The form|again)</a>', browser.get(page).text)  # noqa: E731

    assert [browser.get(link).data for link in links("/procedures/KYC-001")] == [b"second"] * 2
    assert [browser.get(link).data for link in links("/procedures/KYC-001/versions/1")] == [b"first"] * 2


def test_the_preview_shows_the_pictures_of_the_draft_and_of_no_other_space(office):
    office.publish(DraftText(markdown=WORDS, added=office.given(seal_png=png())))
    change = office.open(DraftText(markdown=WORDS, added=office.given(new_png=png())))
    make_space(office.app, "hr", prefix="HR")
    grant(office.app, "hr", office.people["Anne Author"], "author")
    browser = office.browser()

    assert f"/changes/{change.id}/files/1/new.png" in post(browser, "/preview", {"space": "kyc", "change": change.id, "from": "KYC-002", "markdown": "![x](new.png)"}).text
    fields = {"from": "KYC-001", "base": "1", "markdown": "![x](seal.png)"}
    assert FILE + "seal.png" in post(browser, "/preview", {"space": "kyc"} | fields).text
    assert "no-picture" in post(browser, "/preview", {"space": "hr"} | fields).text
    assert post(browser, "/preview", {"space": "kyc", "change": "nothing", "markdown": "x"}).status_code == 404


def test_pages_say_which_files_changed(office):
    office.publish(DraftText(markdown=WORDS, added=office.given(form_txt=b"first")))
    office.publish(DraftText(code="KYC-001", markdown=WORDS, removed=frozenset({"form.txt"}), added=office.given(list_csv=b"a")))
    browser = office.browser("Dora Member")
    words = lambda path: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", browser.get(path).text))  # noqa: E731

    assert "list.csv CSV table, 1 byte" in words("/procedures/KYC-001")
    assert "Files: form.txt removed, list.csv added." in words("/procedures/KYC-001/versions")
    compared = words("/procedures/KYC-001/compare/1...2")
    assert "Files that differ form.txt, removed form.txt plain text, 5 bytes" in compared and "list.csv, added list.csv" in compared
    assert "Files that differ" not in words("/procedures/KYC-001/compare/2...2")


def encoded(content):
    return base64.b64encode(content).decode()


def test_the_api_does_what_the_pages_do(office):
    there = office.caller()
    made = there.post("/changes", {"space": "kyc", "reason": "Because", "kind": "material", "texts": [{"markdown": WORDS}]}).json
    assert made["texts"][0]["attachments"] == []

    path = f"/changes/{made['id']}/attachments"
    added = there.post(path, {"digest": made["digest"], "name": "form.pdf", "content": encoded(pdf())})
    assert added.status_code == 200 and added.json["digest"] != made["digest"]
    one = added.json["texts"][0]["attachments"][0]
    assert (one["name"], one["type"], one["size"]) == ("form.pdf", "application/pdf", len(pdf())) and len(one["sha256"]) == 64
    assert there.get(one["url"].removeprefix("/api/v1")).data == pdf()
    assert added.json["texts"][0]["files"] == [{"name": "form.pdf", "change": "added"}]

    moved = there.post(path, {"digest": made["digest"], "name": "b.txt", "content": encoded(b"b")})
    assert moved.status_code == 409 and moved.json["present"]["digest"] == added.json["digest"]
    both = there.post(path, {"digest": added.json["digest"], "code": "KYC-001", "name": "b.txt", "content": encoded(b"b")}).json
    gone = there.delete(f"{path}/form.pdf?code=KYC-001&digest={both['digest']}")
    assert [one["name"] for one in gone.json["texts"][0]["attachments"]] == ["b.txt"]
    assert there.delete(f"{path}/b.txt?digest={made['digest']}").status_code == 409
    assert there.delete(f"{path}/form.pdf?digest={gone.json['digest']}").status_code == 404

    there.post(f"/changes/{made['id']}/submit")
    kept = there.put(f"/changes/{made['id']}", {"digest": gone.json["digest"], "texts": [{"markdown": WORDS + "More.\n"}]}).json
    assert [one["name"] for one in kept["texts"][0]["attachments"]] == ["b.txt"]
    approved = office.caller("Boris Approver").post(f"/changes/{made['id']}/approve", {"digest": kept["digest"], "password": "a quiet brown horse"})
    assert approved.json["state"] == "published"
    read = there.get("/procedures/KYC-001").json
    assert [one["name"] for one in read["attachments"]] == ["b.txt"] and there.get(read["attachments"][0]["url"].removeprefix("/api/v1")).data == b"b"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": "lie.pdf", "content": encoded(png())}, 422, "file"),
        ({"name": "../.htaccess", "content": encoded(b"x")}, 422, "name"),
        ({"name": "a.txt", "content": "not base64!"}, 422, "content"),
        ({"name": "a.txt", "content": ""}, 422, "file"),
        ({"name": "a.txt", "content": encoded(b"x"), "code": "KYC-999"}, 422, "code"),
        ({"name": "a.txt", "content": encoded(b"x"), "type": "text/html"}, 422, "type"),
        ({"name": "a.txt", "content": encoded(b"x" * (10 * 1024 * 1024 + 1))}, 413, "file"),
    ],
)
def test_the_api_refuses_with_a_sentence_and_a_field(office, body, status, field):
    change = office.open(DraftText(markdown=WORDS))
    there = office.caller()

    refused = there.post(f"/changes/{change.id}/attachments", {"digest": change.digest} | body)
    assert (refused.status_code, refused.json["field"]) == (status, field) and refused.json["detail"].endswith(".")
    taken = there.post(f"/changes/{change.id}/attachments", {"digest": change.digest, "name": "a.txt", "content": encoded(b"x")})
    assert taken.status_code == 200


@pytest.mark.parametrize(("who", "status"), [("Dora Member", 404), ("Gil Guest", 404), ("Boris Approver", 403)])
def test_the_api_takes_files_from_authors_alone(office, who, status):
    change = office.open(DraftText(markdown=WORDS, added=office.given(form_txt=b"x")))
    there, path = office.caller(who), f"/changes/{change.id}/attachments"

    assert there.post(path, {"digest": change.digest, "name": "a.txt", "content": encoded(b"x")}).status_code == status
    assert there.delete(f"{path}/form.txt?digest={change.digest}").status_code == status
    assert office.app.test_client().post(f"/api/v1{path}", json={}).status_code == 401


def test_a_withdrawn_change_keeps_its_files_to_be_read_and_takes_no_more(office):
    change = office.open(DraftText(markdown=WORDS, added=office.given(form_txt=b"x")))
    there = office.caller()
    there.post(f"/changes/{change.id}/withdraw")

    assert there.get(f"/changes/{change.id}/files/1/form.txt").data == b"x"
    assert there.post(f"/changes/{change.id}/attachments", {"digest": change.digest, "name": "a.txt", "content": encoded(b"x")}).status_code == 409
