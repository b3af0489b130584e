import pytest
from sqlalchemy import select

from accounts import actors
from accounts.models import Person, Space
from core.database import Database
from tests.site import PASSWORD, caller, grant, make_person, make_space, post, site_of


@pytest.fixture
def flask(app):
    """Run a command as the command line does and return its result."""
    return lambda *words, **more: app.test_cli_runner().invoke(args=list(words), **more)


def add_anne(flask):
    return flask("people", "add", "anne@bank.example", "--name", "Anne Martin")


def test_adding_a_person_prints_a_link_that_signs_in_once(app, flask):
    result = add_anne(flask)

    assert result.exit_code == 0
    link = result.stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/link/") and "\n" not in link
    assert app.test_client().get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_password_comes_from_the_standard_input_and_no_link_is_printed(app, flask):
    result = flask("people", "add", "anne@bank.example", "--name", "Anne Martin", "--administrator", "--password-stdin", input=PASSWORD + "\n")

    assert result.exit_code == 0 and result.stdout == ""
    with site_of(app).database.reading() as session:
        anne = session.scalar(select(Person))
    assert anne.password_hash and anne.administrator_since and not anne.guest_since


@pytest.mark.parametrize(("words", "told"), [
    (["people", "add", "anne", "--name", "Anne"], "Give an e-mail address"),
    (["people", "add", "b@bank.example", "--name", "<b>"], "Give a full name"),
    (["people", "add", "b@bank.example", "--name", "Bo", "--guest", "--administrator"], "guest cannot"),
    (["people", "disable", "nobody@bank.example"], "Nobody has"),
    (["people", "link", "nobody@bank.example"], "Nobody has"),
    (["spaces", "add", "K Y C", "--name", "x"], "small letters"),
    (["spaces", "add", "kyc", "--name", "x", "--approvals", "9"], "Between 0 and"),
    (["spaces", "grant", "none", "anne@bank.example", "author"], "There is no space"),
    (["spaces", "revoke", "none", "anne@bank.example", "author"], "There is no space"),
    (["people", "enable", "nobody@bank.example"], "Nobody has"),
    (["people", "reset", "nobody@bank.example"], "Nobody has"),
    (["people", "appoint", "nobody@bank.example"], "Nobody has"),
    (["people", "dismiss", "nobody@bank.example"], "Nobody has"),
    (["spaces", "edit", "none", "--name", "x"], "There is no space"),
    (["spaces", "archive", "none"], "There is no space"),
    (["spaces", "reopen", "none"], "There is no space"),
    (["invitations", "add", "none", "a@b.example", "--inviter", "anne@bank.example"], "There is no space"),
    (["invitations", "end", "none", "a@b.example"], "There is no space"),
    (["tokens", "add", "nobody@bank.example", "--name", "x"], "Nobody has"),
])
def test_bad_input_ends_with_1_and_a_sentence(flask, words, told):
    result = flask(*words)

    assert result.exit_code == 1 and told in result.stderr and "Traceback" not in result.output


@pytest.mark.parametrize("words", [["people", "add"], ["people", "add", "a@b.example"], ["spaces", "add", "kyc", "--name", "x", "--visibility", "secret"], ["spaces", "grant", "kyc"], ["people", "nothing"]])
def test_wrong_usage_ends_with_2(flask, words):
    assert flask(*words).exit_code == 2


def test_a_weak_password_is_refused(flask):
    result = flask("people", "add", "anne@bank.example", "--name", "Anne", "--password-stdin", input="password123\n")

    assert result.exit_code == 1 and "first that anybody would try" in result.stderr


def test_a_space_gets_the_defaults_of_the_surface(app, flask):
    assert flask("spaces", "add", "kyc", "--name", "Customer care").exit_code == 0
    assert flask("spaces", "add", "wiki", "--name", "Wiki", "--visibility", "public", "--approvals", "0", "--language", "fr", "--prefix", "WK").exit_code == 0

    with site_of(app).database.reading() as session:
        kyc, wiki = session.scalars(select(Space).order_by(Space.slug))
    assert (kyc.visibility, kyc.approvals_required, kyc.language, kyc.prefix) == ("internal", 1, "en", "KYC")
    assert (wiki.visibility, wiki.approvals_required, wiki.language, wiki.prefix) == ("public", 0, "fr", "WK")


def test_granting_and_revoking_say_what_became_of_it(app, flask):
    add_anne(flask)
    flask("spaces", "add", "kyc", "--name", "Customer care")

    told = [flask("spaces", verb, "kyc", "anne@bank.example", "author").stdout for verb in ("grant", "grant", "revoke", "revoke")]
    assert told == [
        "Anne Martin is now author of kyc.\n", "Anne Martin is already author of kyc.\n",
        "Anne Martin is no longer author of kyc.\n", "Anne Martin was not author of kyc.\n",
    ]
    assert flask("spaces", "grant", "kyc", "anne@bank.example", "owner").exit_code == 1


def test_a_token_is_alone_on_its_line_and_acts_as_its_owner(app, flask):
    add_anne(flask)
    result = flask("tokens", "add", "anne@bank.example", "--name", "laptop")

    assert result.exit_code == 0 and len(result.stdout.splitlines()) == 1
    me = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {result.stdout.strip()}"})
    assert me.json["name"] == "Anne Martin"


def test_disabling_ends_tokens_and_links(app, flask):
    link = add_anne(flask).stdout.strip()
    token = flask("tokens", "add", "anne@bank.example", "--name", "laptop").stdout.strip()

    assert flask("people", "disable", "anne@bank.example").exit_code == 0

    client = app.test_client()
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 410
    assert flask("tokens", "add", "anne@bank.example", "--name", "x").exit_code == 1


def test_somebody_disabled_is_let_in_again_with_their_roles_and_without_their_tokens(app, flask):
    add_anne(flask)
    flask("spaces", "add", "kyc", "--name", "Customer care")
    flask("spaces", "grant", "kyc", "anne@bank.example", "author")
    token = flask("tokens", "add", "anne@bank.example", "--name", "laptop").stdout.strip()
    flask("people", "disable", "anne@bank.example")
    assert flask("people", "link", "anne@bank.example").exit_code == 1

    told = [flask("people", "enable", "anne@bank.example").stdout for _ in range(2)]

    assert told == ["Anne Martin can come in again.\n", "Anne Martin was not disabled.\n"]
    assert flask("people", "link", "anne@bank.example").exit_code == 0
    assert flask("spaces", "grant", "kyc", "anne@bank.example", "author").stdout == "Anne Martin is already author of kyc.\n"
    assert app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_reset_ends_the_password_and_every_sign_in_and_prints_a_link_to_choose_another(app, flask):
    flask("people", "add", "anne@bank.example", "--name", "Anne Martin", "--password-stdin", input=PASSWORD + "\n")
    client, credentials = app.test_client(), {"email": "anne@bank.example", "password": PASSWORD}
    assert post(client, "/signin", credentials).status_code == 303

    result = flask("people", "reset", "anne@bank.example")

    link = result.stdout.strip()
    assert result.exit_code == 0 and link.startswith("http://127.0.0.1:8000/link/") and "\n" not in link
    assert client.get("/account").status_code == 401 and post(app.test_client(), "/signin", credentials).status_code == 422
    again = app.test_client()
    assert post(again, link.removeprefix("http://127.0.0.1:8000")).status_code == 303 and again.get("/account").status_code == 200
    flask("people", "disable", "anne@bank.example")
    assert "was disabled" in flask("people", "reset", "anne@bank.example").stderr


def test_an_administrator_is_appointed_and_dismissed_and_the_last_one_stays(app, flask):
    for name, more in (("anne", ["--administrator"]), ("boris", []), ("gil", ["--guest"])):
        flask("people", "add", f"{name}@bank.example", "--name", f"{name.title()} Martin", *more)
    refused = flask("people", "dismiss", "anne@bank.example")
    assert refused.exit_code == 1 and "Anne Martin is the last administrator" in refused.stderr

    told = [flask("people", verb, "boris@bank.example").stdout for verb in ("appoint", "appoint", "dismiss", "dismiss")]
    assert told == [
        "Boris Martin administers the site from now on.\n", "Boris Martin administers the site already.\n",
        "Boris Martin no longer administers the site.\n", "Boris Martin did not administer the site.\n",
    ]
    guest = flask("people", "appoint", "gil@bank.example")
    assert guest.exit_code == 1 and "A guest cannot be an administrator." in guest.stderr
    flask("people", "appoint", "boris@bank.example")
    assert flask("people", "dismiss", "anne@bank.example").exit_code == 0
    flask("people", "disable", "anne@bank.example")
    assert "was disabled" in flask("people", "appoint", "anne@bank.example").stderr


def test_the_settings_of_a_space_that_are_named_are_changed_and_no_others(app, flask):
    make_space(app, "kyc", description="What we know of customers.")
    make_space(app, "other", prefix="OTH")

    said = flask(
        "spaces", "edit", "kyc", "--name", "Customer care", "--visibility", "restricted", "--language", "fr", "--prefix", "CARE",
        "--words-budget", "300", "--guests-meet", "--recommendations", "2",
    )

    assert said.exit_code == 0 and said.stdout == "The settings of kyc are saved.\n"
    with site_of(app).database.reading() as session:
        kyc = session.scalar(select(Space).where(Space.slug == "kyc"))
    assert (kyc.name, kyc.description, kyc.visibility, kyc.language) == ("Customer care", "What we know of customers.", "restricted", "fr")
    assert (kyc.prefix, kyc.words_budget, kyc.recommendations) == ("CARE", 300, 2) and kyc.guests_meet_since
    assert flask("spaces", "edit", "kyc", "--name", "Customer care").stdout == "Nothing was new in kyc.\n"
    assert flask("spaces", "edit", "kyc", "--guests-apart", "--words-budget", "0").exit_code == 0
    with site_of(app).database.reading() as session:
        kyc = session.scalar(select(Space).where(Space.slug == "kyc"))
    assert kyc.guests_meet_since is None and kyc.words_budget is None and kyc.recommendations == 2


def test_settings_that_the_page_refuses_are_refused_in_the_same_words(app, flask):
    make_space(app, "kyc")
    make_space(app, "other", prefix="OTH")

    for words, told in ((["--prefix", "OTH"], "Another space has the prefix OTH."), (["--recommendations", "101"], "Between 0 and 100"), (["--name", " "], "cannot be empty")):
        refused = flask("spaces", "edit", "kyc", *words)
        assert refused.exit_code == 1 and told in refused.stderr
    assert flask("spaces", "edit", "kyc").exit_code == flask("spaces", "edit", "kyc", "--visibility", "secret").exit_code == 2
    with site_of(app).database.reading() as session:
        assert session.scalar(select(Space.prefix).where(Space.slug == "kyc")) == "KYC"


def test_an_archived_space_is_read_and_not_written_in_until_it_is_opened_again(app, flask):
    make_space(app, "kyc")
    anne = make_person(app, "Anne Martin")
    grant(app, "kyc", anne, "author")
    api = caller(app, anne)
    writes = lambda: api.post("/spaces/kyc/threads", {"kind": "question", "body": "Who keeps the keys?"}).status_code      # noqa: E731

    told = [flask("spaces", "archive", "kyc").stdout for _ in range(2)]
    assert [line.partition(":")[0] for line in told] == ["kyc is archived", "kyc was archived already"]
    assert api.get("/spaces/kyc").status_code == 200 and writes() == 403

    told = [flask("spaces", "reopen", "kyc").stdout for _ in range(2)]
    assert told == ["kyc is written in again.\n", "kyc was not archived.\n"] and writes() == 201


def test_another_link_ends_the_first(app, flask):
    first = add_anne(flask).stdout.strip()
    second = flask("people", "link", "anne@bank.example").stdout.strip()

    client = app.test_client()
    assert client.get(first.removeprefix("http://127.0.0.1:8000")).status_code == 410
    assert client.get(second.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_links_use_the_configured_address(settings):
    from dataclasses import replace

    from app import create_app

    made = create_app(replace(settings, public_url="https://rules.bank.example"))
    result = made.test_cli_runner().invoke(args=["people", "add", "anne@bank.example", "--name", "Anne Martin"])
    assert result.stdout.startswith("https://rules.bank.example/link/")


def test_commands_work_on_an_empty_folder(tmp_path):
    from app import create_app
    from core.settings import Settings

    made = create_app(Settings(data=tmp_path / "not" / "there", starter=False))
    assert made.test_cli_runner().invoke(args=["people", "add", "anne@bank.example", "--name", "Anne Martin"]).exit_code == 0
    with Database(f"sqlite:///{tmp_path}/not/there/site.sqlite3").reading() as session:
        anne = session.scalar(select(Person.id))
        assert actors.by_id(session, anne).name == "Anne Martin"
    key = tmp_path / "not" / "there" / "keys" / "cookies.key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_team_is_given_or_changed_and_shown_to_colleagues(app, flask):
    flask("people", "add", "anne@bank.example", "--name", "Anne Martin", "--team", "Branches")

    assert flask("people", "team", "anne@bank.example", "Back office").stdout == "Anne Martin works in Back office.\n"
    assert flask("people", "team", "anne@bank.example", "").stdout == "Anne Martin is in no team.\n"
    assert flask("people", "team", "nobody@bank.example", "Back office").exit_code == 1


def test_a_budget_of_words_is_given_or_changed_and_shown_in_words(app, flask):
    flask("spaces", "add", "kyc", "--name", "Customer care", "--visibility", "public", "--words-budget", "400")
    page = lambda: app.test_client().get("/spaces/kyc").text      # noqa: E731

    assert "A procedure has at most 400 words." in page()
    assert flask("spaces", "budget", "kyc", "300").stdout == "A procedure of kyc has at most 300 words.\n"
    assert "A procedure has at most 300 words." in page()
    assert flask("spaces", "budget", "kyc", "0").stdout == "kyc has no budget of words.\n"
    assert "at most" not in page()
    assert flask("spaces", "budget", "none", "300").exit_code == 1
    assert flask("spaces", "budget", "kyc", "many").exit_code == 2
    assert flask("spaces", "add", "other", "--name", "Other", "--words-budget", "0").exit_code == 1
