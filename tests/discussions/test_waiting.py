"""What waits for a check is a whole list, however much was said since, and a page of it costs what it shows."""

import random

from sqlalchemy import event, select

from accounts.models import Space
from core import clock
from core.database import new_id
from discussions import kept_places, threads, waiting
from discussions.attaching import attach
from discussions.checks import check
from discussions.kept_places import Places
from discussions.models import VERDICTS, Post, Thread
from discussions.placing import placements
from tests.discussions.conftest import QUOTE, RULE
from wiki.drafts import DraftText

CHANGED = RULE.replace("three months", "six months")
KEPT = "The back office keeps the file for five years."


def of_kyc(talk, **page):
    with talk.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        return waiting.of_space(session, talk.world.library, space, **{"page_size": 20} | page)


def of(talk, person, **page):
    with talk.world.database.reading() as session:
        return waiting.of_person(session, talk.world.library, talk.world.actor(session, person), **{"page_size": 20} | page)


def ids(found):
    return [one.thread.id for one in found.items]


def many(talk, like, count):
    """Open so many threads about the same words as another, each later than the one before."""
    with talk.world.database.transaction() as session:
        kept = {column.name: getattr(like, column.name) for column in Thread.__table__.columns}
        made = [Thread(**kept | {"id": new_id(), "touched_at": clock.now(), "opened_at": clock.now()}) for _ in range(count)]
        session.add_all(made)
        session.flush()
        session.add_all(
            Post(thread_id=one.id, number=1, author_id=one.opened_by, body="So.", html="<p>So.</p>", created_at=one.opened_at) for one in made
        )
        return made


def look(talk):
    Places(talk.world.database, talk.world.library).look()


def by_the_rule(talk):
    """Return what waits as the rule for one thread says, thread by thread."""
    with talk.world.database.reading() as session:
        everything = list(session.scalars(select(Thread)))
        placed = placements(session, talk.world.library, everything)
        return {thread.id for thread in everything if placed[thread.id].needs_check}


def test_what_waits_is_found_below_more_than_three_hundred_later_threads(talk):
    old = talk.ask(kind="tip", body="The oldest.", quote=QUOTE)
    later = talk.ask(talk.answerer, kind="tip", body="On other words.", quote=KEPT)
    many(talk, later, 320)
    talk.amend(CHANGED)

    before = of_kyc(talk)
    assert (before.items, before.total, before.unseen) == ([], 0, 322 - waiting.LOOKED_AT)
    look(talk)

    found = of_kyc(talk)
    assert (ids(found), found.total, found.unseen) == ([old.id], 1, 0)
    assert ids(of(talk, talk.asker)) == [old.id] and of(talk, talk.answerer).total == 0
    assert (found.items[0].anchor, found.items[0].words) == ("altered", QUOTE.replace("three", "six"))


def test_all_that_waits_is_counted_and_comes_in_pages(talk):
    first = talk.ask(kind="tip", body="The first.", quote=QUOTE)
    made = many(talk, first, 350)
    talk.amend(CHANGED)
    look(talk)

    pages = [of_kyc(talk, page=page, page_size=100) for page in (1, 2, 3, 4, 5)]

    assert [len(one.items) for one in pages] == [100, 100, 100, 51, 0] and {one.total for one in pages} == {351}
    assert len({id for one in pages for id in ids(one)}) == 351 and ids(pages[0])[0] == made[-1].id
    with talk.world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        assert waiting.by_procedure(session, talk.world.library, space) == {"KYC-001": 351}


def test_the_list_says_what_the_rule_for_one_thread_says_whoever_said_what(talk):
    chance = random.Random(7)
    people = [talk.asker, talk.answerer, talk.animator, talk.author]
    for number in range(30):
        thread = talk.ask(chance.choice(people), kind=chance.choice(("tip", "question")), body=f"Number {number}.", quote=chance.choice((QUOTE, KEPT)))
        if thread.kind == "question" and chance.random() < 0.7:
            talk.do(thread.opened_by, threads.accept, thread, talk.reply(thread, person=talk.author).id)
    for text in (CHANGED, CHANGED.replace("six", "nine"), RULE, RULE.replace(QUOTE, "a proof"), CHANGED):
        talk.amend(text)
        for id in sorted(by_the_rule(talk)):
            for person in chance.sample(people[:2], chance.randint(0, 2)):
                with talk.world.database.reading() as session:
                    thread, still = session.get(Thread, id), id in by_the_rule(talk)
                if still:
                    talk.world.act(person, check, thread, chance.choice(VERDICTS))
        wanted = by_the_rule(talk)
        assert {*ids(of_kyc(talk, page_size=100))} == wanted        # looked for by the reader
        look(talk)
        assert {*ids(of_kyc(talk, page_size=100))} == wanted        # and kept


def test_a_thread_that_is_taken_elsewhere_does_not_wait_for_what_it_was_about_before(talk):
    talk.world.submit(talk.author, talk.world.open(talk.author, "kyc", DraftText(markdown=RULE)))
    tip = talk.ask(kind="tip", body="A phone bill.", quote=QUOTE)
    talk.amend(CHANGED)
    look(talk)
    assert ids(of_kyc(talk)) == [tip.id]

    talk.world.act(talk.animator, attach, tip, "KYC-002")
    look(talk)

    assert of_kyc(talk).total == 0


def test_nothing_is_looked_for_twice_unless_the_rules_of_looking_are_others(talk, monkeypatch):
    talk.ask(kind="tip", body="A phone bill.", quote=QUOTE)
    talk.amend(CHANGED)
    look(talk)
    asked = []
    monkeypatch.setattr(kept_places, "spot", lambda thread, text: asked.append(thread.id) or kept_places_spot(thread, text))

    look(talk)
    assert asked == []
    monkeypatch.setattr(kept_places, "RULES", kept_places.RULES + 1)
    look(talk)
    assert len(asked) == 1 and of_kyc(talk).total == 1


kept_places_spot = kept_places.spot


def test_looking_ends_when_it_is_over_and_goes_on_the_next_time(talk, monkeypatch):
    monkeypatch.setattr(kept_places, "_AT_ONCE", 2)
    many(talk, talk.ask(kind="tip", body="A phone bill.", quote=QUOTE), 6)
    talk.amend(CHANGED)
    places, answers = Places(talk.world.database, talk.world.library), iter((False, False, True))

    places.look(lambda: next(answers))
    assert kept(talk) == 4
    places.look()
    assert kept(talk) == 7


def kept(talk):
    with talk.world.database.reading() as session:
        return len(session.execute(select(kept_places.ThreadPlace.thread_id)).all())


def test_a_page_of_a_long_list_takes_as_many_statements_as_one_of_a_short_list(talk):
    first = talk.ask(kind="tip", body="The first.", quote=QUOTE)
    talk.amend(CHANGED)
    look(talk)
    few = statements(talk)
    many(talk, first, 200)
    look(talk)

    assert statements(talk) == few


def statements(talk):
    made = []
    count = lambda *_given: made.append(1)      # noqa: E731
    event.listen(talk.world.database.engine, "before_cursor_execute", count)
    try:
        of_kyc(talk)
    finally:
        event.remove(talk.world.database.engine, "before_cursor_execute", count)
    return len(made)
