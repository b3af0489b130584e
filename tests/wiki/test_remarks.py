"""Remarks beside the editor, on a change, in the API and on the command line: warnings, never walls, and nothing typed is lost."""

import re

import pytest
from sqlalchemy import event, select

from core.journal import Act
from discussions.models import Post, Thread
from tests.pace import ends
from tests.site import PASSWORD, caller, grant, make_person, make_space, post, sign_in, site_of
from tests.world import World
from wiki.attached import received
from wiki.drafts import DraftText
from wiki.models import Change, LeftRemark

HOW = "To release, open Payments,\nclick Release and then Confirm."
RULE = "---\ntitle: Releasing a payment\nregulations: ISO 9001\n---\n\n## Who does what\n\n| Who | What |\n|---|---|\n| Branch manager | Decides. |\n| Adviser | Calls. |\n"
DRAFT = f"{RULE}\n{HOW}\n\nThe file must be kept.\n"


@pytest.fixture
def world(app) -> World:
    made = World(site_of(app).database, site_of(app).library)
    make_space(app, "kyc", approvals=1)
    made.author, made.approver = make_person(app, "Anne Martin"), make_person(app, "Boris Durand")
    made.member = make_person(app, "Dora Petit", password=False)
    grant(app, "kyc", made.author, "author")
    grant(app, "kyc", made.approver, "approver")
    for _ in range(2):
        made.publish(made.author.id, made.approver.id, "kyc", DraftText(markdown=RULE))
    site_of(app).loop.catch_up()
    return made


@pytest.fixture
def author(app, world):
    return sign_in(app.test_client(), world.author)


def edit(author, markdown=DRAFT, path="/procedures/KYC-001/edit", **more):
    code = "KYC-001" if "KYC-001" in path or "changes" in path else ""
    fields = {"code": code, "action": "amend" if code else "create", "base": "1" if code else "", "markdown": markdown, "reason": "Because, indeed", "kind": "editorial"}
    return post(author, path, fields | more)


def keys(page, name):
    return re.findall(rf'name="{name}" value="(\d+:[0-9a-f]+)"', page.text)


def typed(page):
    import html

    return html.unescape(re.search(r'<textarea id="md-1".*?>\n(.*?)</textarea>', page.text, re.S)[1])


def threads(world):
    with world.database.reading() as session:
        return session.execute(select(Thread.kind, Thread.opened_by, Post.body).join(Post, Post.thread_id == Thread.id)).all()


def acts(world, act):
    with world.database.reading() as session:
        return session.scalars(select(Act.object).where(Act.act == act)).all()


def test_the_check_keeps_everything_typed_and_saves_nothing(author, world):
    page = edit(author, then="check", in_force_from="2199-01-01")

    assert page.status_code == 200 and typed(page) == DRAFT
    assert "Because, indeed" in page.text and 'value="2199-01-01"' in page.text and re.search(r'value="editorial"[^>]* checked', page.text)
    assert "2 things before you send it" in page.text and "The file must be kept." in page.text and "data-unsaved" in page.text
    with world.database.reading() as session:
        assert session.scalar(select(Change.id).where(Change.state == "draft")) is None


def test_remarks_stand_in_nobodys_way(author, world):
    assert edit(author, then="submit").status_code == 303
    with world.database.reading() as session:
        assert session.scalar(select(Change.state).order_by(Change.opened_at.desc())) == "in_review"


def test_the_editor_speaks_the_language_of_its_reader_and_checks_in_that_of_the_text(app, world):
    author = sign_in(app.test_client(), world.author)
    french = DRAFT.replace("---\ntitle", "---\nlanguage: fr\ntitle").replace("The file must be kept.", "Le dossier doit être conservé.")

    assert "Who does it?" in edit(author, french, then="check").text
    author.set_cookie("language", "fr")
    page = edit(author, french, then="check").text
    assert "Qui le fait\u202f?" in page and "Relire le texte" in page and "Le dossier doit être conservé." in page


def test_the_preview_answers_the_sheet_and_the_remarks(author, world):
    answer = post(author, "/preview", {"space": "kyc", "of": "KYC-001", "n": "1", "code": "KYC-001", "markdown": DRAFT})

    assert set(answer.json) == {"sheet", "remarks"}
    assert "<h2" in answer.json["sheet"] and "2 things before you send it" in answer.json["remarks"]
    assert 'name="tip"' in answer.json["remarks"]
    left = re.search(r'name="leave" value="1:([0-9a-f]+)"', answer.json["remarks"])[1]
    again = post(author, "/preview", {"space": "kyc", "of": "KYC-001", "n": "1", "markdown": DRAFT, "left": left})
    assert "1 thing before you send it" in again.json["remarks"] and "1 thing is left as it is" in again.json["remarks"]


def test_what_is_left_is_kept_with_the_change_under_a_name_and_shown_to_the_approver(app, author, world):
    page = edit(author, then="check")
    page = edit(author, leave=keys(page, "leave")[1])
    assert "1 thing is left as it is" in page.text and typed(page) == DRAFT
    left = re.findall(r'name="left" value="([0-9a-f]+)"', page.text)
    assert len(left) == 1

    saved = edit(author, then="submit", left=left[0])
    change = saved.headers["Location"]
    shown = sign_in(app.test_client(), world.approver).get(change)
    assert "2 remarks on this text" in shown.text and "1 left as it is" in shown.text and "Left as it is by Anne Martin." in shown.text
    assert acts(world, "leave_remark") == [f"change:{change.rsplit('/', 1)[1]}"]
    assert "Left as it is by Anne Martin." in author.get(f"{change}/edit").text


def test_keys_that_no_text_deserves_are_not_kept(author, world):
    edit(author, then="keep", left="0" * 16)

    with world.database.reading() as session:
        assert session.scalars(select(LeftRemark)).all() == []


def test_leaving_a_remark_lets_no_approval_fall(app, author, world):
    change = edit(author, then="submit").headers["Location"]
    key = caller(app, world.author).get(f"/changes/{change.rsplit('/', 1)[1]}/remarks").json["items"][0]["key"]
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', sign_in(app.test_client(), world.approver).get(change).text)[1]

    assert caller(app, world.author).post(f"/changes/{change.rsplit('/', 1)[1]}/remarks/leave", {"remarks": [key]}).status_code == 200
    done = post(sign_in(app.test_client(), world.approver), f"{change}/approve", {"digest": digest, "password": PASSWORD})
    assert done.status_code == 303 and done.headers["Location"] == "/procedures/KYC-001"


def test_a_paragraph_becomes_a_tip_with_exactly_its_words(author, world):
    page = edit(author, tip=keys(edit(author, then="check"), "tip")[0])

    assert page.status_code == 200 and typed(page) == f"{RULE}\nThe file must be kept.\n"
    assert [tuple(row) for row in threads(world)] == [("tip", world.author.id, HOW.replace("\n", " "))]
    assert "These words are a tip now" in page.text and "Because, indeed" in page.text
    assert len(acts(world, "open_thread")) == 1


def test_steps_become_a_tip_as_the_list_they_are(author, world):
    steps = "2. Click Release.\n3. Click Confirm,\n   then Close."
    text = f"{RULE}\nThe manager:\n\n1. Decides.\n{steps}\n4. Signs.\n"
    page = edit(author, text, tip=keys(edit(author, text, then="check"), "tip")[0])

    assert typed(page) == f"{RULE}\nThe manager:\n\n1. Decides.\n4. Signs.\n" and threads(world)[0].body == steps


def test_the_same_button_pressed_twice_opens_one_tip(author, world):
    key = keys(edit(author, then="check"), "tip")[0]

    assert typed(edit(author, tip=key)) == typed(edit(author, tip=key))
    assert len(threads(world)) == 1


def test_whatever_fails_the_words_are_still_somewhere(author, world, monkeypatch):
    """The tip is committed before the words leave the box: a failure before it leaves the text whole, one after it leaves both."""
    key = keys(edit(author, then="check"), "tip")[0]

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("discussions.threads.journal.add", fail)
        assert edit(author, tip=key).status_code == 507
    assert threads(world) == []
    with monkeypatch.context() as broken:
        broken.setattr("wiki.remark_views._without", fail)
        assert edit(author, tip=key).status_code == 507
    assert [row.body for row in threads(world)] == [HOW.replace("\n", " ")]
    assert typed(edit(author, tip=key)) == f"{RULE}\nThe file must be kept.\n" and len(threads(world)) == 1


def test_a_paragraph_too_long_for_a_tip_stays_with_a_sentence(author, world):
    long = DRAFT.replace("then Confirm.", "then Confirm " + "again " * 4000 + ".")
    page = edit(author, long, tip=keys(edit(author, long, then="check"), "tip")[0])

    assert page.status_code == 422 and typed(page) == long and "At most 20,000 characters; these are " in page.text
    assert threads(world) == []


@pytest.mark.parametrize("value", ["1:0000000000000000", "9:x", "x", "0:", "-1:x", "1", "99999999999999999999:x", "²:x"])
@pytest.mark.parametrize("name", ["tip", "leave", "use"])
def test_a_remark_that_is_not_there_is_said_so(author, world, name, value):
    page = edit(author, **{name: value})

    assert page.status_code == 422 and "no longer in the text" in page.text and typed(page) == DRAFT


def test_a_new_procedure_is_advised_in_words_only(author, world):
    page = edit(author, path="/spaces/kyc/new", then="check")

    assert "Once the procedure is published" in page.text and keys(page, "tip") == []
    assert edit(author, path="/spaces/kyc/new", tip=keys(page, "leave")[0]).status_code == 422
    assert threads(world) == []


def test_a_code_of_another_space_gets_no_tip(app, author, world):
    make_space(app, "other", approvals=1, visibility="restricted")
    grant(app, "other", world.author, "author")
    grant(app, "other", world.approver, "approver")
    world.publish(world.author.id, world.approver.id, "other", DraftText(markdown=RULE))

    page = edit(author, code="OTHER-001", then="check")
    assert keys(page, "tip") == []
    assert threads(world) == []


def test_a_role_is_called_as_the_space_calls_it(author, world):
    wrong = DRAFT.replace("| Branch manager |", "| Branch manger |") + "\nBranch mangers know.\n"
    page = edit(author, wrong, then="check")
    assert "Did you mean “Branch manager”?" in page.text

    assert typed(edit(author, wrong, use=keys(page, "use")[0])) == DRAFT + "\nBranch mangers know.\n"


@pytest.mark.parametrize(("words", "is_dead"), [
    ("See KYC-002.", False), ("See KYC-044.", True), ("See OTHER-044.", False), ("[there](kyc-002.md)", False), ("[there](kyc-044.md)", True),
    ("[there](/procedures/KYC-044)", True), ("[up](#who-does-what)", False), ("[up](#nowhere)", True), ("[out](https://x.example/kyc-044.md)", False),
])
def test_links_inside_the_space_are_looked_up(author, world, words, is_dead):
    page = edit(author, f"{RULE}\n{words}\n", then="check")

    assert any(sentence in page.text for sentence in ("leads nowhere", "no procedure of this code", "No heading of this text")) is is_dead


def test_a_draft_of_somebody_else_is_not_there_for_the_check(app, world):
    """Whether a code was given to a draft is not told by a remark that is missing."""
    drafted = world.open(world.author.id, "kyc", DraftText(markdown=f"{RULE}\nSee KYC-001.\n"))
    world.publish(world.author.id, world.approver.id, "kyc", DraftText(code="KYC-001", markdown=f"{RULE}\nSee KYC-003.\n"))

    assert drafted and "link" in [one["kind"] for one in caller(app, world.member).get("/procedures/KYC-001/remarks").json["items"]]


def test_the_api_checks_a_text_in_force_a_text_being_written_and_a_change(app, author, world):
    api, reader = caller(app, world.author), caller(app, world.member)

    assert reader.get("/procedures/KYC-001/remarks").json["items"] == []
    found = api.post("/remarks", {"space": "kyc", "code": "KYC-001", "markdown": DRAFT}).json
    assert [(one["kind"], one["act"], one["line"], one["end_line"]) for one in found["items"]] == [("how", "tip", 13, 14), ("passive", None, 16, 16)]
    assert found["items"][0]["sentence"].startswith("This tells how") and found["total"] == 2
    assert reader.post("/remarks", {"space": "kyc", "markdown": DRAFT}).status_code == 403
    assert caller(app, None).post("/remarks", {"space": "kyc", "markdown": DRAFT}).status_code == 401
    assert api.post("/remarks", {"space": "nowhere", "markdown": DRAFT}).status_code == 404
    assert api.post("/remarks", {"space": "kyc", "markdown": DRAFT, "x": 1}).status_code == 422
    assert api.post("/remarks", {"space": "kyc", "markdown": "x" * (1024 * 1024 + 1)}).status_code == 422

    id = edit(author, then="submit").headers["Location"].rsplit("/", 1)[1]
    listed = caller(app, world.approver).get(f"/changes/{id}/remarks").json
    assert [one["kind"] for one in listed["items"]] == ["how", "passive"]
    assert reader.get(f"/changes/{id}/remarks").status_code == 404
    left = api.post(f"/changes/{id}/remarks/leave", {"remarks": [listed["items"][0]["key"]]})
    assert [one["left_by"] for one in left.json["items"]] == ["Anne Martin", None]
    assert api.post(f"/changes/{id}/remarks/leave", {"remarks": ["0" * 16]}).status_code == 422
    assert caller(app, world.approver).post(f"/changes/{id}/remarks/leave", {"remarks": [listed["items"][1]["key"]]}).status_code == 403
    assert api.post(f"/changes/{id}/withdraw").status_code == 200
    assert api.post(f"/changes/{id}/remarks/leave", {"remarks": [listed["items"][1]["key"]]}).status_code == 409
    assert api.get(f"/changes/{id}/remarks").json["items"] == []


def test_a_text_of_a_megabyte_is_checked_and_kept(author, world):
    long = "The file must be kept. " * 40_000
    with ends():
        answer = caller(author.application, world.author).post("/remarks", {"space": "kyc", "markdown": long})

    assert answer.status_code == 200
    assert "unread" in [one["kind"] for one in answer.json["items"]]


@pytest.mark.parametrize("words", ["<script>alert(1)</script> must be kept.", "{{7*7}} %(a)s %s must be kept.", "[x](javascript:alert(1)) must be kept."])
def test_what_is_quoted_is_words(author, world, words):
    page = edit(author, f"{RULE}\n{words}\n", then="check")

    assert page.status_code == 200 and "Who does it?" in page.text
    assert "<script>alert" not in page.text and 'href="javascript' not in page.text and ">49" not in page.text


def test_the_command_lists_a_whole_space_and_ends_well(app, world):
    world.publish(world.author.id, world.approver.id, "kyc", DraftText(code="KYC-002", markdown=DRAFT))
    site_of(app).loop.catch_up()
    flask = lambda *words: app.test_cli_runner().invoke(args=list(words))      # noqa: E731

    told = flask("check", "kyc")
    assert told.stderr.strip().endswith(f"{len(told.stdout.splitlines())} remarks.")
    assert told.exit_code == 0 and told.stdout.count("\n") == 2
    assert told.stdout.splitlines()[1] == "KYC-002: line 16, “The file must be kept.”: Who does it? Begin with the role: the sentence gets shorter and leaves no doubt."
    assert "Qui le fait" in flask("check", "kyc", "--language", "fr").stdout
    assert flask("check", "nowhere").exit_code == 1 and flask("check", "kyc", "--language", "de").exit_code == 2


def statements(app, client, path):
    made = []
    count = lambda *given: made.append(given[2])     # noqa: E731
    engine = site_of(app).database.engine
    event.listen(engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(made)


def test_the_number_of_statements_does_not_grow_with_texts_links_and_roles(app, author, world):
    change = world.submit(world.author.id, world.open(world.author.id, "kyc", DraftText(code="KYC-001", markdown=f"{DRAFT}\nSee [x](kyc-001.md).\n")))
    few = [statements(app, author, f"/changes/{change.id}"), statements(app, author, "/procedures/KYC-001/edit")]
    for number in range(5):
        world.publish(world.author.id, world.approver.id, "kyc", DraftText(markdown=RULE.replace("Adviser", f"Adviser {number}")))
    texts = [DraftText(code=code, markdown=f"{DRAFT}\nSee KYC-00{n}, [x](kyc-00{n}.md).\n") for n, code in enumerate(("KYC-002", "KYC-003", "KYC-004"))]
    site_of(app).loop.catch_up()
    other = world.submit(world.author.id, world.open(world.author.id, "kyc", *texts))

    assert [statements(app, author, f"/changes/{other.id}"), statements(app, author, "/procedures/KYC-001/edit")] == few


def test_a_file_that_comes_with_the_text_is_there_for_the_check(app, author, world):
    added = (received(world.library, "form.txt", b"Words"),)
    change = world.open(world.author.id, "kyc", DraftText(code="KYC-001", markdown=RULE, added=added))
    words = f"{RULE}\n[the form](form.txt) and [another](gone.txt)\n"

    page = post(author, f"/changes/{change.id}/edit", {"code": "KYC-001", "action": "amend", "base": "1", "markdown": words, "then": "check"})
    assert "gone.txt" in page.text and page.text.count("leads nowhere") == 1
