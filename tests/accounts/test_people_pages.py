"""The pages and calls with which the site is run: what is typed is kept, what is secret is shown once, cost does not grow."""

import re
from datetime import timedelta

import pytest

from accounts import invitations
from accounts.models import Space
from core import clock
from tests.site import PASSWORD, Caller, caller, grant, make_person, make_space, post, sign_in, site_of
from tests.surface.conftest import bank  # noqa: F401
from tests.surface.test_statements import Counter


@pytest.fixture
def boss(app):
    return make_person(app, "The Boss", administrator=True)


@pytest.fixture
def desk(app, boss):
    """An administrator's browser."""
    return sign_in(app.test_client(), boss)


FORMS = {
    "/administration/people/new": {"name": "Someone Typed", "email": "nobody at all", "team": "Desk typed"},
    "/administration/people/list": {"list": "  "},
    "/administration/spaces/new": {"slug": "Bad Slug", "name": "Name typed", "description": "What it is, typed", "visibility": "internal", "approvals": "1", "language": "en", "prefix": "TYP"},
    "/administration/spaces/kyc/settings": {"name": "Name typed", "description": "What it is, typed", "visibility": "internal", "language": "en", "prefix": "x", "words_budget": "7", "recommendations": "0"},
    "/administration/spaces/kyc/roles": {"who": "Nobody Typed", "role": "author", "then": "grant"},
    "/administration/spaces/walled/invitations": {"email": "no address", "ends_on": "2999-01-01", "note": "A word typed"},
    "/spaces/walled/invitations": {"email": "no address", "ends_on": "2999-01-01", "note": "A word typed"},
}


@pytest.mark.parametrize("path", FORMS)
def test_what_was_typed_is_kept_where_it_is_refused(app, boss, desk, path):
    make_space(app, "kyc")
    make_space(app, "walled", visibility="restricted")
    grant(app, "walled", boss, "animator")

    answer = post(desk, path, FORMS[path])

    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    for typed in FORMS[path].values():
        assert typed.strip() in answer.text


@pytest.mark.parametrize("path", ["/administration/people", "/administration/people/new", "/administration/people/list", "/administration/people.csv", "/administration/spaces", "/administration/spaces/new", "/administration/spaces/kyc", "/administration/spaces/kyc/settings", "/administration/spaces/kyc/invitations"])
def test_only_administrators_see_these_pages(app, desk, path):
    make_space(app, "kyc")
    anne = sign_in(app.test_client(), make_person(app, "Anne Martin"))

    assert (desk.get(path).status_code, anne.get(path).status_code, app.test_client().get(path).status_code) == (200, 403, 401)


def test_a_link_is_shown_once_and_nowhere_else(app, desk):
    page = post(desk, "/administration/people/new", {"name": "New Person", "email": "new@bank.example"})
    path = re.search(r'class="secret">http://[^/]+(/link/[^<]+)', page.text)[1]
    secret = path.rpartition("/")[2]

    for place in ("/administration/people", "/administration/people.csv", "/"):
        assert secret not in desk.get(place).text
    fresh = app.test_client()
    assert post(fresh, path).status_code == 303 and fresh.get("/account").status_code == 200


def test_an_act_that_cannot_be_is_said_on_the_persons_page(app, boss, desk):
    answer = post(desk, f"/administration/people/{boss.id}/act", {"act": "dismiss"})

    assert answer.status_code == 409 and "last administrator" in answer.text
    assert post(desk, f"/administration/people/{boss.id}/act", {"act": "promote"}).status_code == 422
    assert post(desk, "/administration/people/nobodyatallhere0/act", {"act": "disable"}).status_code == 404


def test_who_gives_up_the_office_is_told_so_on_a_page_they_can_read(app, boss, desk):
    other = make_person(app, "Other Boss", administrator=True)

    answer = post(desk, f"/administration/people/{boss.id}/act", {"act": "dismiss"})

    assert (answer.status_code, answer.location) == (303, "/account")
    page = desk.get(answer.location)
    assert page.status_code == 200 and "The Boss no longer administers the site." in page.text
    elsewhere = post(sign_in(app.test_client(), other), f"/administration/people/{boss.id}/act", {"act": "appoint"})
    assert elsewhere.location == f"/administration/people/{boss.id}"


def test_somebody_disabled_is_found_among_everybody_and_said_to_be(app, desk):
    left = make_person(app, "Lea Left")
    assert post(desk, f"/administration/people/{left.id}/act", {"act": "disable"}).status_code == 303

    for query in ("", "?q=left", "?q=left&kind=disabled"):
        page = desk.get(f"/administration/people{query}").text
        assert "Lea Left" in page and '<span class="is off">disabled</span>' in page


def test_times_are_shown_in_ones_own_zone_on_pages_that_are_kept_too(app):
    anne, boris = make_person(app, "Anne Martin"), make_person(app, "Boris Weber")
    here, there = sign_in(app.test_client(), anne), sign_in(app.test_client(), boris)
    assert post(there, "/account/profile", {"name": "Boris Weber", "language": "en", "timezone": "Pacific/Kiritimati"}).status_code == 303

    def signed_in_on(client):
        return re.search(r"Signed in on ([^.]+)\.", client.get("/account").text)[1]

    assert signed_in_on(here) != signed_in_on(there)
    assert there.get("/").status_code == 200


def test_a_new_name_stands_on_pages_that_were_kept(bank):  # noqa: F811
    from tests.surface.bank import RULE

    bank.publish({"markdown": RULE})
    bank.ask(who="member")
    reader = bank.browser("author")
    assert "Member Martin" in reader.get("/procedures/KYC-001").text

    assert bank("member").put("/me", {"name": "Marie Martin"}).status_code == 200

    page = reader.get("/procedures/KYC-001").text
    assert "Marie Martin" in page and "Member Martin" not in page


def test_where_one_is_signed_in_is_listed_and_ended_one_by_one(app):
    anne = make_person(app, "Anne Martin")
    phone = app.test_client()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
    post(phone, "/signin", {"email": anne.email, "password": PASSWORD}, headers={"User-Agent": agent})
    here = app.test_client()
    post(here, "/signin", {"email": anne.email, "password": PASSWORD}, headers={"User-Agent": "<script>x</script>"})

    page = here.get("/account").text
    assert "Safari on iPhone" in page and "<script>x" not in page
    (other,) = re.findall(r'name="browser" value="([0-9a-f]{16})"', page)
    assert post(here, "/account/elsewhere", {"browser": other}).status_code == 303
    assert phone.get("/account").status_code == 401 and here.get("/account").status_code == 200
    assert post(here, "/account/elsewhere", {"browser": other}).status_code == 404


def test_a_token_of_ones_own_is_shown_once_works_and_is_revoked(app):
    client = sign_in(app.test_client(), make_person(app, "Anne Martin"))

    page = post(client, "/account/tokens", {"token_name": "Reports"}).text
    token = re.search(r'class="secret">([^<]+)', page)[1]
    assert Caller(app.test_client(), token).get("/me").json["name"] == "Anne Martin" and token not in client.get("/account").text
    (id,) = re.findall(r'name="revoke" value="([0-9a-f]{16})"', client.get("/account").text)
    assert post(client, "/account/tokens", {"revoke": id}).status_code == 303
    assert Caller(app.test_client(), token).get("/me").status_code == 401
    assert post(client, "/account/tokens", {"revoke": id}).status_code == 404


def test_nobody_ends_what_is_somebody_elses(app):
    anne, boris = caller(app, make_person(app, "Anne Martin")), caller(app, make_person(app, "Boris Weber"))
    token = anne.post("/me/tokens", {"name": "Mine"}).json

    assert boris.delete(f"/me/tokens/{token['id']}").status_code == 404
    assert anne.delete(f"/me/tokens/{token['id']}").status_code == 200
    assert anne.get("/me/tokens").json["items"][0]["token"] is None


def test_everything_is_done_by_the_api_too(app, boss):
    api = caller(app, boss)

    made = api.post("/administration/people", {"name": "Anne Martin", "email": "anne@bank.example"})
    id = made.json["id"]
    assert made.status_code == 201 and "/link/" in made.json["link"]
    lines = api.post("/administration/people/list", {"list": "Boris Weber, boris@bank.example\nno", "add": True}).json["items"]
    assert [line["does"] for line in lines] == ["add", "problem"]
    assert api.get("/administration/people?q=anne").json["total"] == 1 and "anne@bank.example" in api.get("/administration/people.csv").text
    assert api.put(f"/administration/people/{id}", {"name": "Anne Weber", "email": "anne@bank.example", "team": "Desk"}).json["team"] == "Desk"
    assert api.put(f"/administration/people/{id}/administrator", {"holds": True}).json["administrator"]
    assert not api.put(f"/administration/people/{id}/administrator", {"holds": False}).json["administrator"]
    assert api.put(f"/administration/people/{id}/guest", {"holds": True}).json["guest"]
    assert api.post(f"/administration/people/{id}/disable").json["disabled_at"] and not api.post(f"/administration/people/{id}/enable").json["disabled_at"]
    assert "/link/" in api.post(f"/administration/people/{id}/reset").json["link"] + api.post(f"/administration/people/{id}/link").json["link"]
    assert api.put(f"/administration/people/{boss.id}/administrator", {"holds": False}).status_code == 409

    assert api.post("/administration/spaces", {"slug": "walled", "name": "Walled", "description": "Hidden words", "visibility": "restricted"}).json["description"] is None
    assert api.put("/administration/spaces/walled", {"guests_meet": True, "recommendations": 1}).json["guests_meet"]
    assert api.put("/administration/spaces/walled", {"visibility": "public"}).status_code == 403
    assert api.put(f"/administration/spaces/walled/people/{id}/member").json == {"role": "member", "holds": True, "changed": True}
    assert [one["id"] for one in api.get("/administration/spaces/walled/people").json["items"]] == [id]
    ends_on = str(clock.now().date() + timedelta(days=9))
    invited = api.post("/administration/spaces/walled/invitations", {"email": "guest@partner.example", "ends_on": ends_on})
    assert invited.status_code == 201 and api.post(f"/invitations/{invited.json['id']}/end").json["ended_at"]
    assert api.delete(f"/administration/spaces/walled/people/{id}/member").json["changed"]
    assert api.post("/administration/spaces/walled/archive").json["archived_at"] and not api.post("/administration/spaces/walled/reopen").json["archived_at"]
    assert api.get("/spaces/walled").status_code == 404


def test_the_inviter_is_asked_on_the_front_page_and_answers_there(app, monkeypatch):
    make_space(app, "walled", visibility="restricted")
    author = make_person(app, "Anne Martin")
    grant(app, "walled", author, "author")
    zone = site_of(app).settings.timezone
    with site_of(app).database.transaction() as session:
        from accounts import actors, spaces

        space: Space = spaces.named(session, "walled")
        _made, secret = invitations.make(
            session, actors.by_id(session, author.id), space, email="guest@partner.example",
            ends_on=clock.today(zone) + timedelta(days=700), zone=zone,
        )
    post(app.test_client(), f"/invitation/{secret}", {"name": "Anouk Verhoeven"})
    assert "Your guests" not in sign_in(app.test_client(), author).get("/").text

    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=200))
    client = sign_in(app.test_client(), author)
    page = client.get("/").text
    assert "Does Anouk Verhoeven still need Walled?" in page
    path = re.search(r'action="(/invitations/[a-z0-9]+)"', page)[1]
    assert post(client, path, {"then": "perhaps"}).status_code == 422
    assert post(client, path, {"then": "keep", "next": "//evil.example"}).location == "/"
    assert "Your guests" not in client.get("/").text


def test_the_number_of_statements_does_not_grow_with_people_and_spaces(app, boss, desk):
    places = ["/administration/people", "/administration/people?q=martin", "/administration/spaces", "/administration/spaces/kyc", "/administration/spaces/kyc?who=martin", "/spaces/kyc/people", "/account", f"/administration/people/{boss.id}"]
    make_space(app, "kyc")

    def grow(first, last):
        for number in range(first, last):
            person = make_person(app, f"Anne Martin {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]}", email=f"a{number}@bank.example", password=False)
            grant(app, "kyc", person, "member", "author")
            make_space(app, f"space-{number}", prefix="Z" + "".join("ABCDEFGHIJ"[int(n)] for n in f"{number:03}"))

    def counts():
        found = {}
        for place in places:
            with Counter(app) as counter:
                assert desk.get(place).status_code == 200, place
            found[place] = counter.made
        return found

    grow(0, 3)
    few = counts()
    grow(3, 33)
    assert counts() == few and max(few.values()) <= 12
