"""A name after an @ leads to the person: of people who may read there and whom the writer knows, and of nobody else."""

import pytest
from sqlalchemy import select

from accounts.models import Space
from core.errors import Invalid
from discussions import mentions, posts
from discussions.models import Mention


@pytest.fixture
def names(talk):
    """More people: two of one name, and a guest who was let into another space."""
    world = talk.world
    with world.database.transaction() as session:
        for person, name in ((talk.asker, "Awa N’Diaye"), (talk.answerer, "Hélène Le Goff")):
            session.get(mentions.Person, person).name = name
    talk.twins = [world.person(f"Anne{number} Martin", team=team) for number, team in enumerate(("Branches", "Back office"))]
    with world.database.transaction() as session:
        for id in talk.twins:
            session.get(mentions.Person, id).name = "Anne Martin"
    return talk


def named(talk, body, person=None):
    """Return whom a message of somebody names."""
    post = talk.reply(talk.ask(), body, person)
    with talk.world.database.reading() as session:
        return set(session.scalars(select(Mention.person_id).where(Mention.post_id == post.id))), post


@pytest.mark.parametrize("body", [
    "@Awa N’Diaye knows.", "Ask @Awa N’Diaye.", "(@awa n’diaye)", "**@Awa N’Diaye**, please", "> @Awa N’Diaye said", "@AWA N’DIAYE’s list", "@Awa  N’Diaye, twice",
])
def test_a_full_name_after_an_at_is_a_link(names, body):
    found, post = named(names, body)

    assert found == {names.asker} and f'href="/people/{names.asker}"' in post.html


@pytest.mark.parametrize("body", [
    "@Awa", "awa@Awa N’Diaye", "`@Awa N’Diaye`", "    @Awa N’Diaye", "[@Awa N’Diaye](https://example.org)", "@Awa N’Diayeux", "Awa N’Diaye", "@Nobody Here", "@ Awa N’Diaye",
])
def test_anything_else_is_plain_words(names, body):
    found, post = named(names, body)

    assert found == set() and "/people/" not in post.html


def test_accents_and_case_need_not_be_right(names):
    assert named(names, "@helene le goff knows.", names.asker)[0] == {names.answerer}


def test_of_two_people_of_one_name_the_team_tells_which_and_without_it_nobody_is_meant(names):
    first, second = names.twins

    assert named(names, "@Anne Martin knows.")[0] == set()
    assert named(names, "@Anne Martin (Branches), and @Anne Martin (Back office) too.")[0] == {first, second}


def test_a_guest_and_a_guests_colleagues_are_not_named_by_those_who_do_not_know_them(names):
    names.world.space("open", approvals=0, visibility="public", prefix="OPEN")
    with names.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "open"))
        guest = names.world.actor(session, names.guest)
        assert [one.id for one in mentions.mentionable(session, guest, space)] == [names.guest]
        colleague = names.world.actor(session, names.asker)
        assert names.guest not in {one.id for one in mentions.mentionable(session, colleague, space)}

    names.world.grant("open", names.guest, "member")
    with names.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "open"))
        assert names.guest in {one.id for one in mentions.mentionable(session, names.world.actor(session, names.asker), space)}


def test_somebody_who_may_not_read_there_cannot_be_named(names):
    names.world.space("vault", approvals=0, visibility="restricted", prefix="VAULT")
    names.world.grant("vault", names.asker, "member")
    with names.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "vault"))
        assert [one.id for one in mentions.mentionable(session, names.world.actor(session, names.asker), space)] == [names.asker]


def test_a_thousand_names_are_refused_in_words_and_twenty_are_taken(names):
    people = [names.world.person(f"Number{number} Person") for number in range(mentions.MOST + 1)]
    many = " ".join(f"@Number{number} Person," for number in range(mentions.MOST + 1))
    with pytest.raises(Invalid, match="at most 20 people"):
        named(names, many)

    assert named(names, many.replace("@Number0 ", "Number0 "))[0] == set(people[1:])
    assert named(names, "@Awa N’Diaye " * 1000)[0] == {names.asker}
    with pytest.raises(Invalid, match="at most 20 people"):
        named(names, "@Awa N’Diaye " * 1001)


def test_a_link_made_by_hand_names_nobody(names):
    found, post = named(names, f"[@Awa N’Diaye](/people/{names.asker}) and [@x](/people/zzzz) and @Claire Animator")

    assert found == {names.animator} and f'href="/people/{names.asker}"' in post.html


def test_an_edit_names_others_and_an_erased_message_nobody(names):
    found, post = named(names, "@Awa N’Diaye knows.", names.answerer)
    edited = names.do(names.answerer, posts.edit, post.id, "@Claire Animator knows.")
    with names.world.database.reading() as session:
        assert set(session.scalars(select(Mention.person_id))) == {names.animator} and names.animator in edited.html

    names.do(names.answerer, posts.erase, post.id, "Wrong.")
    with names.world.database.reading() as session:
        assert list(session.scalars(select(Mention.person_id))) == []


def test_names_are_completed_from_the_beginning_of_any_of_their_words(names):
    with names.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        actor = names.world.actor(session, names.asker)
        found = {typed: [one.written for one in mentions.completed(session, actor, space, typed)] for typed in ("hel", "goff", "ann", "xyz", "", "awa")}

    assert sorted(found.pop("ann")) == ["Anne Author", "Anne Martin (Back office)", "Anne Martin (Branches)"]
    assert found == {"hel": ["Hélène Le Goff"], "goff": ["Hélène Le Goff"], "xyz": [], "": [], "awa": []}


def test_the_first_sentence_being_the_heading_keeps_the_names_after_it(office):
    thread = office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "question", "body": "Who knows? Perhaps @Answerer Martin does."}).json

    page = office.client("asker").get(f"/threads/{thread['id']}").text
    assert f'<a href="/people/{office.people["answerer"].id}"' in page.split("<h1>")[1]


def test_the_page_and_the_api_complete_alike_and_auditors_complete_nothing(office):
    page = office.client("asker").get("/spaces/kyc/mentionable?q=ans").json
    call = office.caller("asker").get("/spaces/kyc/mentionable?q=ans").json

    assert [one["name"] for one in page["items"]] == ["Answerer Martin"] == [one["name"] for one in call["items"]]
    assert office.client("auditor").get("/spaces/kyc/mentionable?q=ans").status_code == 403
    assert office.client("guest").get("/spaces/kyc/mentionable?q=ans").status_code == 404
    assert office.client("asker").get("/spaces/vault/mentionable?q=ans").status_code == 404
