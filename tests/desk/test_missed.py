"""Searches that found nothing: counted per space, without a person, and never across a wall."""

from datetime import date

import pytest
from sqlalchemy import select

from accounts.models import Space
from core.errors import Denied, NotFound
from search import missed
from search.asking import Results, Wanted
from search.engine import Found
from search.missed import Missed


def spaces_of(session, *slugs):
    found = {space.slug: space for space in session.scalars(select(Space))}
    return [found[slug] for slug in slugs]


def meant(talk, who, slugs, total=0, **wanted):
    def verb(session, actor):
        results = Results(Wanted(**{"text": "lost badge"} | wanted), Found([], total), [], spaces_of(session, *slugs))
        return [space.slug for space in missed.meant(actor, results)]

    return talk.look(who, verb)


@pytest.fixture
def several(talk):
    talk.world.space("payments", visibility="public")
    talk.world.space("vault", visibility="restricted")
    talk.world.grant("vault", talk.answerer, "member")
    return talk


def test_a_search_is_kept_for_the_space_that_was_chosen(several):
    assert meant(several, several.answerer, ["kyc", "payments", "vault"], space="vault") == ["vault"]
    assert meant(several, several.asker, ["kyc", "payments"], space="kyc") == ["kyc"]


def test_where_none_was_chosen_it_is_kept_for_those_they_have_a_role_in_or_can_take_part_in(several):
    assert meant(several, several.animator, ["kyc", "payments"]) == ["kyc"]
    assert meant(several, several.asker, ["kyc", "payments"]) == ["kyc", "payments"]


def test_nothing_is_kept_of_somebody_who_reads_a_walled_space_and_chose_none(several):
    assert meant(several, several.answerer, ["kyc", "payments", "vault"]) == []
    assert meant(several, several.guest, ["payments"]) == ["payments"]


@pytest.mark.parametrize(
    "narrowed", [{"kind": "tip"}, {"language": "fr"}, {"author": "x"}, {"after": date(2001, 1, 1)}, {"page": 2}, {"text": " "}, {"text": "🤷 ?"}, {"text": "x" * 101}]
)
def test_a_narrowed_empty_or_endless_search_is_not_kept_nor_one_that_found_something(several, narrowed):
    assert meant(several, several.asker, ["kyc"], **narrowed) == []
    assert meant(several, several.asker, ["kyc"], total=1) == []
    assert meant(several, None, ["payments"]) == []
    assert meant(several, several.auditor, ["kyc"]) == []
    assert meant(several, several.asker, ["kyc"]) == ["kyc"]


def test_the_same_words_are_one_entry_that_counts_and_names_nobody(talk):
    for words in ("Lost  badge", "lost badge", "LOST BÁDGE", "other"):
        with talk.world.database.transaction() as session:
            missed.miss(session, spaces_of(session, "kyc")[0], words)

    with talk.world.database.reading() as session:
        found = missed.missed(session, spaces_of(session, "kyc")[0])
        assert [(one.words, one.times) for one in found] == [("Lost badge", 3), ("other", 1)]
    assert {column.name for column in Missed.__table__.columns} == {"id", "space_id", "folded", "words", "times", "last_at"}


def test_an_animator_puts_one_away_and_nobody_else(talk):
    with talk.world.database.transaction() as session:
        missed.miss(session, spaces_of(session, "kyc")[0], "lost badge")
        id = session.scalar(select(Missed.id))

    for who, refusal in ((talk.asker, Denied), (talk.auditor, Denied), (talk.guest, NotFound)):
        with pytest.raises(refusal):
            talk.do(who, missed.forget, id)
    talk.do(talk.animator, missed.forget, id)
    with pytest.raises(NotFound):
        talk.do(talk.animator, missed.forget, id)


def test_no_more_are_kept_than_a_page_of_them_can_ever_be_read(talk, monkeypatch):
    monkeypatch.setattr(missed, "MOST", 3)
    for number in range(6):
        with talk.world.database.transaction() as session:
            missed.miss(session, spaces_of(session, "kyc")[0], f"word {number}")

    with talk.world.database.reading() as session:
        assert {one.words for one in missed.missed(session, spaces_of(session, "kyc")[0])} == {"word 3", "word 4", "word 5"}


def test_a_search_on_the_page_is_kept_and_one_made_while_typing_is_not(office):
    reader, animator = office.client("asker"), office.client("animator")
    office.app.extensions["procedures"].loop.catch_up()
    for words, headers in (("xyzzyx", {}), ("xyzz", {"Sec-Fetch-Dest": "empty"})):
        assert reader.get(f"/search?q={words}&space=kyc", headers=headers).status_code == 200
    office.caller("asker").get("/search?q=xyzzyxx&space=kyc")

    page = animator.get("/spaces/kyc/desk").text
    assert "xyzzyx" in page and page.count("xyzz") == page.count("xyzzyx") and "xyzzyxx" not in page
    assert office.client("asker").get("/spaces/kyc/desk").status_code == 403
    assert office.caller("guest").get("/spaces/kyc/desk").status_code == 404
