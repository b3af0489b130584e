"""History that explains itself: sizes kept, lines with their origin, and every save of a change, whatever became of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from accounts.models import Space
from core import clock
from tests.site import caller, grant, make_person, make_space, sign_in, site_of
from tests.wiki.samples import pdf
from tests.wiki.test_importing import Source
from tests.world import World
from wiki import changes, importing, proposing, steps
from wiki.attached import received
from wiki.difference import counted, difference, kept_lines, lines_of
from wiki.drafts import Draft, DraftText
from wiki.lines import lines
from wiki.models import Save, Step
from wiki.past import happenings, saves

FIRST = "# Opening\n\n## Principle\n\nNobody is refused.\n\nWe keep the file.\n"
SECOND = "# Opening\n\n## Principle\n\nNobody is refused without a reason.\n\nWe keep the file.\n"
THIRD = SECOND + "\nFor five years.\n"


def since(world: World, slug: str, code: str, number: int | None = None) -> list[tuple[str, int]]:
    """Return the lines of a version with the number of the version that each stands since."""
    with world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == slug))
        standing = world.standing(code)
        version = next(one for one in standing.versions if one.number == number) if number else standing.shown
        found = lines(session, world.database, world.library, space, standing.versions, version)
    return [(line.text, line.since.number) for line in found if line.text]


def past(world: World, change, page: int = 1, page_size: int = 20):
    """Return the saves and the happenings of a change."""
    with world.database.reading() as session:
        space, present = session.get(Space, change.space_id), session.get(type(change), change.id)
        saved, total = saves(session, world.library, space, present, page=page, page_size=page_size)
        told = happenings(session, present, saved)
        return saved, total, [(one.what, one.person.name if one.person else None, one.words.replace("%(name)s", one.by)) for one in told]


def test_words_are_counted_as_people_count_them():
    assert counted(difference("One two three.\n", "One four three, and five.\n")) == (3, 1)
    assert counted(difference("", "One two.\n")) == (2, 0)
    assert counted(difference("Same.\n", "Same.\n")) == (0, 0)


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.lists(st.sampled_from("abcde"), max_size=12))
def test_lines_that_are_kept_are_the_same_in_both_texts(old, new):
    before, after = "\n".join(old) + "\n", "\n".join(new) + "\n"
    one, other = lines_of(before), lines_of(after)
    last = (0, 0)
    for here, there, many in kept_lines(before, after):
        assert here >= last[0] and there >= last[1]
        assert [line.rstrip() for line in one[here : here + many]] == [line.rstrip() for line in other[there : there + many]]
        last = (here + many, there + many)


def test_each_line_says_since_which_version_it_stands_fr_4(world, people):
    for text, code in ((FIRST, None), (SECOND, "KYC-001"), (THIRD, "KYC-001")):
        world.publish(people.author, people.approver, "kyc", DraftText(code=code, markdown=text))

    assert since(world, "kyc", "KYC-001") == [
        ("# Opening", 1), ("## Principle", 1), ("Nobody is refused without a reason.", 2), ("We keep the file.", 1), ("For five years.", 3),
    ]
    assert dict(since(world, "kyc", "KYC-001", 1))["Nobody is refused."] == 1


def test_blank_lines_bring_nothing_new(world, people):
    for text, code in (("# A\n\nOne.\nTwo.\n", None), ("# A\n\n\nOne.\n\nTwo.", "KYC-001")):
        world.publish(people.author, people.approver, "kyc", DraftText(code=code, markdown=text))

    assert {number for _, number in since(world, "kyc", "KYC-001")} == {1}


def test_a_text_that_comes_back_is_as_old_as_it_was(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=FIRST))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", action="retire"))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", action="restore"))

    assert {number for _, number in since(world, "kyc", "KYC-001")} == {1}
    assert since(world, "kyc", "KYC-001", 2) == []


def test_a_version_that_replaced_a_scheduled_one_descends_from_it(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=FIRST))
    world.publish(people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=SECOND), in_force_from=world.day(9))
    world.publish(
        people.author, people.approver, "kyc", DraftText(code="KYC-001", markdown=THIRD), in_force_from=world.day(10), replaces_scheduled=True
    )

    assert dict(since(world, "kyc", "KYC-001", 3))["Nobody is refused without a reason."] == 2


def test_lines_of_an_imported_past_follow_a_file_that_moved(world, tmp_path):
    source = Source(tmp_path / "source")
    source.commit("First", a_md="# A\n\nOne.\n\nTwo.\n\n" + "More words.\n\n" * 9)
    source.git("mv", "a.md", "renamed.md")
    source.commit("Moved")
    source.commit("Third", renamed_md="# A\n\nOne.\n\nTwo, and a half.\n\n" + "More words.\n\n" * 9)
    slug = world.space("old", prefix="OLD")
    importing.bring_in(world.database, world.library, slug, str(source.folder))

    found = dict(since(world, "old", "OLD-001"))
    assert found["One."] == 1 and found["Two, and a half."] == 3


def test_a_comparison_is_made_once_and_kept(world, people):
    for text, code in ((FIRST, None), (SECOND, "KYC-001")):
        world.publish(people.author, people.approver, "kyc", DraftText(code=code, markdown=text))
    since(world, "kyc", "KYC-001")
    with world.database.transaction() as session:
        assert len(session.scalars(select(Step)).all()) == 2
        for row in session.scalars(select(Step)):
            row.added = 777

    with world.database.reading() as session:
        space, standing = session.scalar(select(Space)), world.standing("KYC-001")
        found = steps.steps(session, world.database, world.library, space, standing.versions, standing.versions)
    assert {step.added for step in found.values()} == {777}


def test_what_cannot_be_compared_in_one_request_goes_on_in_the_next(world, people, monkeypatch):
    monkeypatch.setattr(steps, "PATIENCE_S", -1.0)
    for text, code in ((FIRST, None), (SECOND, "KYC-001"), (THIRD, "KYC-001")):
        world.publish(people.author, people.approver, "kyc", DraftText(code=code, markdown=text))

    for _ in range(2):
        with pytest.raises(Exception, match="being compared"):
            since(world, "kyc", "KYC-001")
    assert dict(since(world, "kyc", "KYC-001"))["For five years."] == 3


def disputed(world: World, people):
    """A change that was saved twice, approved, changed by somebody else in review, and declined."""
    with world.database.transaction() as session:
        session.scalar(select(Space).where(Space.slug == "kyc")).approvals_required = 2
    change = world.open(people.author, "kyc", DraftText(markdown=FIRST), reason="First reason")
    draft = Draft("Better reason", "material", (DraftText(markdown=SECOND),))
    change = world.act(people.author, changes.save, change.id, change.digest, draft)
    change = world.submit(people.author, change)
    change = world.approve(people.approver, change, comment="Clear.", meaning="review")
    draft = Draft("Better reason", "material", (DraftText(markdown=THIRD),), in_force_from=world.day(5))
    change = world.act(people.second, changes.save, change.id, change.digest, draft)
    with world.database.transaction() as session:
        return changes.decline(session, world.actor(session, people.approver), change.id, "Not five.")


def test_every_save_stays_readable_with_what_it_changed_p11_5(world, people):
    saved, total, _ = past(world, disputed(world, people))

    assert total == 3 and [one.person.name for one in saved] == ["Anne Author", "Anne Author", "Chloé Second"]
    assert [one.texts[0].markdown for one in saved] == [FIRST, SECOND, THIRD]
    assert [piece.text for piece in saved[1].texts[0].found.pieces if piece.op == "added"] == [" without a reason"]
    assert [one.moved for one in saved] == [(), ("reason",), ("in_force_from",)]


def test_the_past_of_a_change_tells_approvals_given_and_fallen_and_how_it_ended_p11_5(world, people):
    _, _, told = past(world, disputed(world, people))

    assert told == [
        ("save", "Anne Author", ""), ("save", "Anne Author", ""), ("submit", None, ""), ("review", "Boris Approver", "Clear."),
        ("save", "Chloé Second", ""), ("fall", "Boris Approver", "Chloé Second changed it afterwards."), ("decline", "Boris Approver", "Not five."),
    ]


def test_the_pages_of_a_long_past_miss_nothing(world, people):
    change = disputed(world, people)
    whole = past(world, change)[2]

    parts = [past(world, change, page=page, page_size=1) for page in (1, 2, 3)]
    assert [one for _, _, told in parts for one in told] == whole
    assert [saved[0].number for saved, _, _ in parts] == [1, 2, 3]
    assert parts[1][0][0].moved == ("reason",)


def test_a_first_save_is_compared_with_the_version_it_started_from(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=FIRST))
    change = world.open(people.author, "kyc", DraftText(code="KYC-001", markdown=SECOND))

    saved, _, _ = past(world, change)
    assert [piece.text for piece in saved[0].texts[0].found.pieces if piece.op != "same"] == [" without a reason"]


def test_a_save_tells_the_files_and_the_words_for_readers_that_it_moved(world, people):
    form = received(world.library, "form.pdf", pdf())
    change = world.open(people.author, "kyc", DraftText(markdown=FIRST, added=(form,)), for_you=("One more form",))
    draft = Draft("Because", "material", (DraftText(markdown=FIRST, removed=("form.pdf",)),), for_you=("No form",))
    change = world.act(people.author, changes.save, change.id, change.digest, draft)

    saved, _, _ = past(world, change)
    assert [[(one.name, one.change) for one in save.texts[0].files] for save in saved] == [[("form.pdf", "added")], [("form.pdf", "removed")]]
    assert saved[1].moved == ("for_you",) and not saved[1].changes_nothing


def test_a_proposal_tells_who_proposed_and_who_took_it_over(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=FIRST))
    with world.database.transaction() as session:
        draft = Draft("Clearer", None, (DraftText(code="KYC-001", markdown=SECOND),))
        space, actor = session.scalar(select(Space).where(Space.slug == "kyc")), world.actor(session, people.member)
        change = proposing.propose(session, world.library, actor, space, draft)
    draft = Draft("Clearer", "material", (DraftText(code="KYC-001", markdown=THIRD),))
    change = world.act(people.author, changes.save, change.id, change.digest, draft)

    saved, _, told = past(world, change)
    assert [(what, name) for what, name, _ in told] == [("propose", "Dora Member"), ("take_over", "Anne Author"), ("save", "Anne Author")]
    assert [one.changes_nothing for one in saved] == [False, True, False]


def test_a_save_that_was_rebuilt_from_git_says_what_it_can(world, people):
    change = world.publish(people.author, people.approver, "kyc", DraftText(markdown=FIRST))
    with world.database.transaction() as session:
        session.scalar(select(Save)).content = {}

    saved, _, told = past(world, change)
    assert saved[0].texts == () and told[-1][0] == "publish"


@pytest.fixture
def office(app, settings, database):
    """A restricted space with two versions, its people, and the change behind the second."""
    from wiki.repository import Library

    world = World(database, Library(settings.data, settings.timezone))
    names = ("Anne Auteur", "Boris Decideur", "Ruth Audit", "Dora Membre", "Omar Dehors")
    people = {name.split()[0].lower(): make_person(app, name) for name in names}
    make_space(app, "kyc", visibility="restricted")
    for who, role in (("anne", "author"), ("boris", "approver"), ("ruth", "auditor"), ("dora", "member")):
        grant(app, "kyc", people[who], role)
    world.publish(people["anne"].id, people["boris"].id, "kyc", DraftText(markdown=FIRST), reason="The beginning")
    change = world.publish(people["anne"].id, people["boris"].id, "kyc", DraftText(code="KYC-001", markdown=SECOND), reason="The regulator asked")
    return world, people, change


def seen(app, person, path):
    return sign_in(app.test_client(), person).get(path)


@pytest.mark.parametrize("ending", ["published", "declined", "withdrawn", "draft"])
def test_the_past_of_a_change_is_for_those_who_may_see_it_whatever_became_of_it_p11_5(app, office, ending):
    world, people, change = office
    if ending != "published":
        change = world.open(people["anne"].id, "kyc", DraftText(code="KYC-001", markdown=THIRD), reason="A proposal")
    if ending == "declined":
        change = world.submit(people["anne"].id, change)
        with world.database.transaction() as session:
            changes.decline(session, world.actor(session, people["boris"].id), change.id, "Too long.")
    if ending == "withdrawn":
        with world.database.transaction() as session:
            changes.withdraw(session, world.actor(session, people["anne"].id), change.id)

    for who in ("anne", "boris", "ruth"):
        page = seen(app, people[who], f"/changes/{change.id}/history")
        assert page.status_code == 200 and "Anne Auteur began it." in page.text
        assert ("Too long." in page.text) is (ending == "declined")
    for who in ("dora", "omar"):
        assert seen(app, people[who], f"/changes/{change.id}/history").status_code == 404
        assert caller(app, people[who]).get(f"/changes/{change.id}/saves").status_code == 404


def test_the_versions_say_why_who_how_much_and_from_which_thread_iso_8_fr_4(app, office):
    _, people, change = office
    author = caller(app, people["anne"])
    thread = author.post("/procedures/KYC-001/threads", {"kind": "gap", "body": "We always give a reason."}).json["id"]
    with site_of(app).database.transaction() as session:
        from discussions.models import Citation

        session.add(Citation(change_id=change.id, thread_id=thread))

    page = seen(app, people["dora"], "/procedures/KYC-001/versions").text
    for expected in ("The regulator asked", "Written by Anne Auteur", "Boris Decideur", "3 words added", f"/threads/{thread}", "We always give a reason.", "compare/1...2"):
        assert expected in page, expected


def test_the_page_of_a_version_leads_to_the_threads_it_grew_out_of_that_its_reader_may_read(app, office):
    _, people, change = office
    author = caller(app, people["anne"])
    threads = [author.post("/procedures/KYC-001/threads", {"kind": "gap", "body": body}).json["id"] for body in ("We give a reason.", "We shout.")]
    with site_of(app).database.transaction() as session:
        from discussions.models import Citation, Thread

        session.add_all(Citation(change_id=change.id, thread_id=thread) for thread in threads)
        session.get(Thread, threads[1]).hidden_at = clock.now()

    page = seen(app, people["dora"], "/procedures/KYC-001/versions/2").text
    assert "Grew out of" in page and f'href="/threads/{threads[0]}">We give a reason.</a>' in page
    assert f"/threads/{threads[1]}" not in page and "We shout." not in page
    assert "Grew out of" not in seen(app, people["dora"], "/procedures/KYC-001/versions/1").text


def test_the_way_to_a_change_is_shown_to_those_who_may_go_there(app, office):
    world, people, change = office
    link = f"/changes/{change.id}/history"

    for page in ("/procedures/KYC-001/versions", "/procedures/KYC-001/versions/2", "/procedures/KYC-001", f"/changes/{change.id}"):
        for who in ("anne", "boris", "ruth"):
            assert link in seen(app, people[who], page).text, (page, who)
        assert link not in seen(app, people["dora"], page).text


def test_who_opened_a_change_finds_it_without_a_role_and_nobody_gets_their_page(app, office):
    world, people, change = office
    from accounts import grants

    with site_of(app).database.transaction() as session:
        space = session.scalar(select(Space))
        grants.grant(session, None, space, session.get(type(people["anne"]), people["anne"].id), "member")
        grants.revoke(session, None, space, session.get(type(people["anne"]), people["anne"].id), "author")

    assert f"/changes/{change.id}/history" in seen(app, people["anne"], "/procedures/KYC-001/versions").text
    assert f"/changes/{change.id}/history" not in seen(app, people["dora"], "/procedures/KYC-001/versions").text


def test_a_page_of_a_hundred_versions_costs_a_few_statements_and_is_kept(app, office):
    world, people, change = office
    with site_of(app).database.transaction() as session:
        session.get(Space, change.space_id).approvals_required = 0
    for number in range(110):
        world.submit(people["anne"].id, world.open(people["anne"].id, "kyc", DraftText(code="KYC-001", markdown=f"{FIRST}\nLine {number}.\n")))
    client, told = sign_in(app.test_client(), people["ruth"]), []
    event.listen(site_of(app).database.engine, "before_cursor_execute", lambda _c, _u, sql, *_: told.append(sql))

    first = client.get("/procedures/KYC-001/versions")
    cold, told[:] = len(told), []
    assert client.get("/procedures/KYC-001/versions").text == first.text
    assert first.text.count('id="v') == 100 and cold < 350 and len(told) <= 6
    assert 'id="v1"' in client.get("/procedures/KYC-001/versions?page=2").text


def test_a_page_of_versions_that_waits_for_comparing_is_not_kept(app, office, monkeypatch):
    _, people, _ = office
    monkeypatch.setattr(steps, "PATIENCE_S", -1.0)

    assert "9 words<" not in seen(app, people["dora"], "/procedures/KYC-001/versions").text
    assert "9 words<" in seen(app, people["dora"], "/procedures/KYC-001/versions").text


def test_lines_on_a_page_lead_to_their_versions(app, office):
    _, people, _ = office
    page = seen(app, people["dora"], "/procedures/KYC-001/lines").text

    assert "Nobody is refused without a reason." in page and "The regulator asked" in page and "The beginning" in page
    assert seen(app, people["dora"], "/procedures/KYC-001/versions/1/lines").status_code == 200
    for path in ("/procedures/KYC-001/lines", "/procedures/KYC-001/versions/1/lines"):
        assert seen(app, people["omar"], path).status_code == 404
    assert seen(app, people["dora"], "/procedures/KYC-001/versions/9/lines").status_code == 404


def test_the_pages_speak_french(app, office):
    _, people, change = office
    client = sign_in(app.test_client(), people["ruth"])
    french = {"headers": {"Accept-Language": "fr"}}

    assert "3 mots ajoutés" in client.get("/procedures/KYC-001/versions", **french).text
    assert "Depuis quelle version" in client.get("/procedures/KYC-001/lines", **french).text
    assert "Anne Auteur l’a commencée." in client.get(f"/changes/{change.id}/history", **french).text


def test_why_an_approval_fell_is_said_in_the_language_of_the_reader(app, office):
    world, people, _ = office
    with site_of(app).database.transaction() as session:
        session.scalar(select(Space)).approvals_required = 2
    change = world.open(people["anne"].id, "kyc", DraftText(code="KYC-001", markdown=THIRD))
    change = world.approve(people["boris"].id, world.submit(people["anne"].id, change), comment="100% clear")
    draft = Draft("Because", "material", (DraftText(code="KYC-001", markdown=FIRST + "\nMore.\n"),))
    world.act(people["anne"].id, changes.save, change.id, change.digest, draft)
    client, path = sign_in(app.test_client(), people["ruth"]), f"/changes/{change.id}/history"

    assert "Anne Auteur changed it afterwards." in client.get(path).text
    french = client.get(path, headers={"Accept-Language": "fr"}).text
    assert "Anne Auteur l’a changée ensuite." in french and "100% clear" in french


def test_the_words_of_a_save_are_escaped(app, office):
    world, people, _ = office
    change = world.open(people["anne"].id, "kyc", DraftText(code="KYC-001", markdown=FIRST + "\n<script>alert(1)</script>\n"), reason="<b>x</b>")

    page = seen(app, people["ruth"], f"/changes/{change.id}/history").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "<b>x</b>" not in page


def test_the_api_gives_lines_and_saves(app, office):
    _, people, change = office
    asks = caller(app, people["ruth"])

    found = asks.get("/procedures/KYC-001/lines").json
    assert found["version"] == 2 and {"text": "Nobody is refused without a reason.", "since": 2} in found["lines"]
    assert [one["version"] for one in found["versions"]] == [2, 1]
    assert {line["since"] for line in asks.get("/procedures/KYC-001/lines?version=1").json["lines"]} == {1}
    saved = asks.get(f"/changes/{change.id}/saves").json
    assert saved["total"] == 1 and saved["items"][0]["author"]["name"] == "Anne Auteur" and saved["items"][0]["texts"][0]["markdown"] == SECOND
    assert [piece["op"] for piece in saved["items"][0]["texts"][0]["difference"]] == ["same", "added", "same"]


def test_an_act_in_the_space_renews_the_page_of_versions(app, office):
    world, people, _ = office
    before = seen(app, people["ruth"], "/procedures/KYC-001/versions").text
    world.publish(people["anne"].id, people["boris"].id, "kyc", DraftText(code="KYC-001", markdown=THIRD), reason="Five years it is")

    assert "Five years it is" not in before and "Five years it is" in seen(app, people["ruth"], "/procedures/KYC-001/versions").text
