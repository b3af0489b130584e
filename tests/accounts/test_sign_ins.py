from datetime import timedelta

import pytest

from accounts import actors, attempts, people, sign_ins
from accounts.actors import NOBODY
from accounts.models import Attempt, OneTimeLink, Person, SignIn
from core import clock
from core.errors import Denied, Invalid, TooMany
from tests.site import PASSWORD

pytestmark = pytest.mark.both


@pytest.fixture
def anne(database) -> Person:
    with database.transaction() as session:
        return people.add(session, None, email="anne@bank.example", name="Anne Martin", password=PASSWORD)


def sign_in(database, email="anne@bank.example", password=PASSWORD, address="10.0.0.1"):
    with database.transaction() as session:
        begun = sign_ins.begin_try(session, email, address)
    with database.reading() as session:
        person = sign_ins.judge(session, begun, password)
    with database.transaction() as session:
        return sign_ins.end_try(session, begun, person)


def whose(database, secret):
    with database.reading() as session:
        return actors.by_sign_in(session, secret).id


def link(database, person, by=None):
    with database.transaction() as session:
        return sign_ins.add_link(session, by, session.get(Person, person.id))


def use(database, secret):
    with database.transaction() as session:
        return sign_ins.use_link(session, secret)


def test_the_right_password_signs_in_and_each_time_anew(database, anne):
    first, second = sign_in(database), sign_in(database, "ANNE@bank.example")

    assert first != second
    assert whose(database, first) == whose(database, second) == anne.id


@pytest.mark.parametrize(("email", "password"), [("anne@bank.example", "wrong and wrong"), ("nobody@bank.example", PASSWORD), ("not an address", PASSWORD), ("anne@bank.example", ""), ("\x00", "\x00"), ("", "")])
def test_wrong_and_unknown_are_refused_in_the_same_words(database, anne, email, password):
    with pytest.raises(Invalid, match="^The e-mail address or the password is wrong.$") as refused:
        sign_in(database, email, password)

    assert refused.value.field == "password"


def test_only_a_hash_of_a_secret_is_kept(database, anne):
    secret, way_in = sign_in(database), link(database, anne)

    with database.reading() as session:
        kept = [row.token_hash for model in (SignIn, OneTimeLink) for row in session.query(model)]
    assert len(kept) == 2 and secret not in kept and way_in not in kept


def test_ten_failures_close_an_account_for_a_while_whatever_its_case_and_from_everywhere(database, anne):
    for number in range(attempts.PER_ACCOUNT):
        with pytest.raises(Invalid):
            sign_in(database, "Anne@Bank.Example" if number % 2 else "anne@bank.example", "wrong and wrong", f"10.0.0.{number}")

    with pytest.raises(TooMany):
        sign_in(database, address="10.0.1.1")


def test_sixty_failures_from_one_address_close_it_for_a_while(database, anne):
    with database.transaction() as session:
        attempts.add(session, *[attempts.address("10.0.0.1")] * attempts.PER_ADDRESS)

    with pytest.raises(TooMany):
        sign_in(database)
    assert sign_in(database, address="10.0.0.2")


def test_a_quarter_of_an_hour_opens_again(database, anne):
    with database.transaction() as session:
        attempts.add(session, *[attempts.account("anne@bank.example")] * attempts.PER_ACCOUNT)
        for row in session.query(Attempt):
            row.at = clock.now() - attempts.WINDOW - timedelta(seconds=1)

    assert sign_in(database)


def test_success_forgets_the_failures(database, anne):
    for _ in range(attempts.PER_ACCOUNT - 1):
        with pytest.raises(Invalid):
            sign_in(database, password="wrong and wrong")
    sign_in(database)

    with database.reading() as session:
        assert session.query(Attempt).filter_by(subject=attempts.account("anne@bank.example")).count() == 0


def test_signing_out_ends_that_sign_in_and_no_other(database, anne):
    first, second = sign_in(database), sign_in(database)
    with database.transaction() as session:
        sign_ins.end(session, actors.by_id(session, anne.id), first)

    assert whose(database, first) is None
    assert whose(database, second) == anne.id


def test_signing_out_elsewhere_keeps_this_one(database, anne):
    first, second = sign_in(database), sign_in(database)
    with database.transaction() as session:
        sign_ins.end_others(session, actors.by_id(session, anne.id), second)

    assert whose(database, first) is None
    assert whose(database, second) == anne.id


def test_nobody_ends_the_sign_in_of_another(database, anne):
    secret = sign_in(database)
    with database.transaction() as session:
        boris = people.add(session, None, email="boris@bank.example", name="Boris Weber")
        sign_ins.end(session, actors.by_id(session, boris.id), secret)

    assert whose(database, secret) == anne.id


def test_a_sign_in_ends_by_itself_after_thirty_days(database, anne, monkeypatch):
    secret = sign_in(database)
    now = clock.now()

    monkeypatch.setattr(clock, "now", lambda: now + sign_ins.LASTS - timedelta(minutes=1))
    assert whose(database, secret) == anne.id
    monkeypatch.setattr(clock, "now", lambda: now + sign_ins.LASTS + timedelta(minutes=1))
    assert whose(database, secret) is None


def test_a_link_works_once(database, anne):
    secret = link(database, anne)

    assert whose(database, use(database, secret)) == anne.id
    with pytest.raises(Invalid):
        use(database, secret)


def test_looking_at_a_link_does_not_use_it_up(database, anne):
    secret = link(database, anne)
    with database.reading() as session:
        assert sign_ins.is_usable(session, secret) and sign_ins.is_usable(session, secret)
        assert not sign_ins.is_usable(session, secret + "x")

    assert use(database, secret)


def test_a_link_ends_after_seven_days_or_when_another_is_made(database, anne, monkeypatch):
    first = link(database, anne)
    second = link(database, anne)
    with pytest.raises(Invalid):
        use(database, first)

    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + sign_ins.LINK_LASTS + timedelta(minutes=1))
    with pytest.raises(Invalid):
        use(database, second)


def test_a_change_of_password_ends_unused_links(database, anne):
    secret = link(database, anne)
    with database.transaction() as session:
        people.set_password(session, actors.by_id(session, anne.id), "another quiet horse", present=PASSWORD)

    with pytest.raises(Invalid):
        use(database, secret)


def test_the_disabled_neither_sign_in_nor_get_a_link(database, anne):
    with database.transaction() as session:
        people.disable(session, None, session.get(Person, anne.id))

    with pytest.raises(Invalid):
        sign_in(database)
    with pytest.raises(Invalid):
        link(database, anne)


def test_only_administrators_make_links(database, anne):  # P11-18
    with database.reading() as session:
        actor = actors.by_id(session, anne.id)

    with pytest.raises(Denied):
        link(database, anne, by=actor)


def test_nobody_is_whom_an_unknown_secret_belongs_to(database):
    with database.reading() as session:
        for secret in ("", "x", "\x00", "é" * 500):
            assert actors.by_sign_in(session, secret) is actors.by_token(session, secret) is NOBODY
