import pytest
from sqlalchemy import event, select

from accounts import acquaintances, actors, attempts, grants, people, sign_ins, spaces, tokens
from accounts.actors import NOBODY
from accounts.models import Person, Token
from core import journal
from core.errors import Conflict, Denied, Invalid, NotFound, TooMany
from core.journal import Act
from tests.site import PASSWORD

pytestmark = pytest.mark.both


def add(database, email="anne@bank.example", name="Anne Martin", **more) -> Person:
    with database.transaction() as session:
        return people.add(session, None, email=email, name=name, **more)


def acting(database, person):
    with database.reading() as session:
        return actors.by_id(session, person.id)


def acts(database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(journal.Act.act).order_by(journal.Act.id)))


def test_a_person_is_added_once_however_the_address_is_written(database):
    anne = add(database, "Anne@Bank.Example")

    assert anne.email == "anne@bank.example"
    for same in ("anne@bank.example", "ANNE@BANK.EXAMPLE", "ａnne@bank.example", " anne@bank.example "):
        with pytest.raises(Conflict, match="already"):
            add(database, same)
    assert add(database, "anna@bank.example").email == "anna@bank.example"


@pytest.mark.parametrize("email", ["", "anne", "anne@", "@bank.example", "a b@bank.example", "anne@bank..example", "a@b\nc", "a@b\x00", "é@bank.example", "x" * 250 + "@bank.example", "-->@x.y"])
def test_an_address_that_is_none_is_refused(database, email):
    with pytest.raises(Invalid) as refused:
        add(database, email)

    assert refused.value.field == "email"


@pytest.mark.parametrize("name", ["", "   ", "Boss <boss@x> 1 +0000\ncommitter Boss", "a>b", "12", "Ann\x00", "evil\u202ename", "x" * 121])
def test_a_name_that_could_be_read_as_something_else_is_refused(database, name):
    with pytest.raises(Invalid) as refused:
        add(database, name=name)

    assert refused.value.field == "name"


def test_a_name_is_kept_in_one_form_and_on_one_line(database):
    person = add(database, name="  Chloe\u0301  \n Dupre\u0301 ")

    assert person.name == "Chloé Dupré"


def test_only_administrators_add_people(database):
    boss, anne = add(database, "boss@bank.example", administrator=True), add(database)

    with pytest.raises(Denied), database.transaction() as session:
        people.add(session, acting(database, anne), email="new@bank.example", name="New Person")
    with database.transaction() as session:
        assert people.add(session, acting(database, boss), email="new@bank.example", name="New Person").id


def test_a_guest_cannot_be_an_administrator(database):
    with pytest.raises(Invalid):
        add(database, guest=True, administrator=True)

    assert add(database, guest=True).guest_since


@pytest.mark.parametrize("password", ["short", "password123", "Motdepasse2026!", "1234567890", "aaaaaaaaaaaa", "anne@bank.example", "Anne Martin", "x" * 201])
def test_a_password_that_anybody_would_try_is_refused(database, password):
    with pytest.raises(Invalid) as refused:
        add(database, password=password)

    assert refused.value.field == "password"


def test_a_password_is_kept_so_that_only_the_right_one_is_recognised(database):
    anne = add(database, password=PASSWORD)

    assert PASSWORD not in anne.password_hash and anne.password_hash.startswith("scrypt:")
    with database.transaction() as session:
        people.confirm_password(session, acting(database, anne), PASSWORD)
    with pytest.raises(Invalid) as refused, database.transaction() as session:
        people.confirm_password(session, acting(database, anne), PASSWORD + "x")
    assert refused.value.field == "password"


def test_somebody_without_a_password_is_told_to_set_one_first(database):
    anne = add(database)

    with pytest.raises(Invalid, match="account page") as refused, database.transaction() as session:
        people.confirm_password(session, acting(database, anne), "anything at all")
    assert refused.value.field == "password"


def test_ten_wrong_passwords_slow_the_eleventh_even_if_it_is_right(database):
    anne = add(database, password=PASSWORD)
    actor = acting(database, anne)
    for _ in range(attempts.PER_ACCOUNT):
        with pytest.raises(Invalid), database.transaction() as session:
            people.confirm_password(session, actor, "wrong and wrong")

    with pytest.raises(TooMany) as refused, database.transaction() as session:
        people.confirm_password(session, actor, PASSWORD)
    assert 0 < refused.value.retry_after_s <= 15 * 60 + 1
    assert "%(minutes)s minutes" in str(refused.value.sentence) and "seconds" in str(TooMany(60).sentence)


def test_a_stranger_who_guesses_at_the_door_keeps_nobody_from_signing(database):
    anne = add(database, password=PASSWORD)
    with database.transaction() as session:
        attempts.add(session, *[attempts.account(anne.email)] * attempts.PER_ACCOUNT)

    with database.transaction() as session:
        people.confirm_password(session, acting(database, anne), PASSWORD)
    with pytest.raises(TooMany), database.transaction() as session:
        sign_ins.begin_try(session, anne.email, "10.0.0.1")


def test_a_change_of_password_asks_for_the_present_one_and_ends_every_sign_in(database):
    anne = add(database, password=PASSWORD)
    with database.transaction() as session:
        secret = sign_ins.start(session, anne.id)
        people.set_password(session, acting(database, anne), "another quiet horse", present=PASSWORD)

    with database.reading() as session:
        assert actors.by_sign_in(session, secret) is NOBODY
    with pytest.raises(Invalid) as refused, database.transaction() as session:
        people.set_password(session, acting(database, anne), "yet another horse", present=PASSWORD)
    assert refused.value.field == "present"


def test_disabling_ends_every_way_in_and_keeps_the_person(database):  # P11-15
    boss, anne = add(database, "boss@bank.example", administrator=True), add(database, password=PASSWORD)
    with database.transaction() as session:
        secret, key = sign_ins.start(session, anne.id), tokens.add(session, None, session.get(Person, anne.id), name="t")
        link = sign_ins.add_link(session, None, session.get(Person, anne.id))
    with database.reading() as session:
        assert actors.by_sign_in(session, secret).id == actors.by_token(session, key).id == anne.id

    with database.transaction() as session:
        people.disable(session, acting(database, boss), session.get(Person, anne.id))

    with database.reading() as session:
        assert actors.by_sign_in(session, secret) is actors.by_token(session, key) is actors.by_id(session, anne.id) is NOBODY
        assert not sign_ins.is_usable(session, link)
        assert session.get(Person, anne.id).name == "Anne Martin"
        assert session.scalar(select(Token.revoked_at))
    assert acts(database)[-1] == "disable"


def test_nobody_disables_themselves(database):
    boss = add(database, "boss@bank.example", administrator=True)

    with pytest.raises(Denied), database.transaction() as session:
        people.disable(session, acting(database, boss), session.get(Person, boss.id))


def test_an_actor_is_loaded_with_their_roles_in_one_statement(database):
    anne = add(database)
    with database.transaction() as session:
        secret = sign_ins.start(session, anne.id)
        space = spaces.add(session, None, slug="kyc", name="KYC")
        for role in ("author", "approver"):
            grants.grant(session, None, space, session.get(Person, anne.id), role)
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    with database.reading() as session:
        actor = actors.by_sign_in(session, secret)

    assert actor.roles == {space.id: {"author", "approver"}}
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 1


def test_guests_see_only_people_of_spaces_they_were_let_into(database):
    anne, boris = add(database), add(database, "boris@bank.example", "Boris Weber")
    guest = add(database, "guest@else.example", "Greta Guest", guest=True)
    with database.transaction() as session:
        shared = spaces.add(session, None, slug="brokers", name="Brokers", visibility="restricted")
        spaces.add(session, None, slug="open", name="Open", visibility="public")
        for person, role in ((anne, "author"), (guest, "member")):
            grants.grant(session, None, shared, session.get(Person, person.id), role)

    with database.reading() as session:
        actor = actors.by_id(session, guest.id)
        assert [space.slug for space in acquaintances.readable(session, actor, anne.id).spaces] == ["brokers"]
        with pytest.raises(NotFound):
            acquaintances.readable(session, actor, boris.id)
        assert acquaintances.readable(session, actor, guest.id).person.id == guest.id


def test_employees_see_each_other_and_only_the_guests_they_share_a_space_with(database):
    anne, boris = add(database), add(database, "boris@bank.example", "Boris Weber")
    guest = add(database, "guest@else.example", "Greta Guest", guest=True)
    with database.transaction() as session:
        shared = spaces.add(session, None, slug="brokers", name="Brokers", visibility="restricted")
        for person, role in ((anne, "author"), (guest, "member")):
            grants.grant(session, None, shared, session.get(Person, person.id), role)

    with database.reading() as session:
        assert acquaintances.readable(session, actors.by_id(session, boris.id), anne.id).spaces == []
        assert acquaintances.readable(session, actors.by_id(session, anne.id), guest.id).spaces[0].slug == "brokers"
        with pytest.raises(NotFound):
            acquaintances.readable(session, actors.by_id(session, boris.id), guest.id)
        with pytest.raises(NotFound):
            acquaintances.readable(session, NOBODY, anne.id)


def test_a_team_is_said_by_administrators_kept_on_one_line_and_an_act(database):
    anne, boris = add(database), add(database, "boris@bank.example", "Boris Weber", administrator=True)
    with database.transaction() as session:
        people.choose_team(session, actors.by_id(session, boris.id), session.get(Person, anne.id), "  Back\n office ")
        assert session.get(Person, anne.id).team == "Back office"
        assert session.scalar(select(Act.act).order_by(Act.id.desc()).limit(1)) == "choose_team"
        with pytest.raises(Denied):
            people.choose_team(session, actors.by_id(session, anne.id), session.get(Person, boris.id), "Branches")
        with pytest.raises(Invalid):
            people.choose_team(session, None, session.get(Person, anne.id), "x" * 81)
