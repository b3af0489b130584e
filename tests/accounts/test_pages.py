import re

import pytest

from accounts import people, sign_ins
from accounts.models import Person, SignIn
from tests.site import PASSWORD, make_person, make_space, grant, post, sign_in, site_of, token_of


@pytest.fixture
def anne(app) -> Person:
    return make_person(app, "Anne Martin")


def own_cookie(client) -> str:
    return client.get_cookie("session").value


def signed_in(client) -> bool:
    return client.get("/account").status_code == 200


def test_signing_in_leads_to_the_front_page_and_signing_out_back(client, anne):
    answer = post(client, "/signin", {"email": anne.email, "password": PASSWORD})

    assert answer.status_code == 303 and answer.location == "/"
    assert signed_in(client)
    assert post(client, "/signout").status_code == 303
    assert not signed_in(client)


def test_a_wrong_password_keeps_what_was_typed_and_says_so_by_the_field(client, anne):
    answer = post(client, "/signin", {"email": "anne.martin@bank.example", "password": "wrong and wrong", "next": "/spaces"})

    assert answer.status_code == 422
    assert 'value="anne.martin@bank.example"' in answer.text and 'name="next" value="/spaces"' in answer.text
    assert 'aria-describedby="password-error"' in answer.text and "wrong and wrong" not in answer.text


def test_too_many_failures_answer_429_and_say_when_to_come_back(client, anne):
    for _ in range(10):
        post(client, "/signin", {"email": anne.email, "password": "wrong and wrong"}, headers={"X-Forwarded-For": "1.2.3.4"})

    answer = post(client, "/signin", {"email": anne.email, "password": PASSWORD})
    assert answer.status_code == 429 and "Wait" in answer.text and not signed_in(client)


@pytest.mark.parametrize("next", ["//evil.example", "/\\evil.example", "/\t/evil.example", "https:evil.example", "https://host@evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x=y\r\nSet-Cookie: x=y", "evil.example", "", "///evil.example", "\\\\evil.example"])
def test_after_signing_in_one_stays_on_this_site(client, anne, next):
    answer = post(client, "/signin", {"email": anne.email, "password": PASSWORD, "next": next})

    assert answer.status_code == 303 and answer.location == "/"
    assert "x" not in answer.headers.get("Set-Cookie", "").split("=")[0]
    assert client.get("/signin", query_string={"next": next}).location == "/"


def test_after_signing_in_one_goes_where_one_wanted(client, anne):
    asked = client.get("/people/abc?x=1")
    assert asked.status_code == 401 and 'name="next" value="/people/abc?x=1"' in asked.text

    answer = post(client, "/signin", {"email": anne.email, "password": PASSWORD, "next": "/spaces?page=2"})
    assert answer.location == "/spaces?page=2"


def test_a_cookie_copied_before_signing_out_is_worth_nothing_afterwards(app, client, anne):
    sign_in(client, anne)
    copied = own_cookie(client)
    post(client, "/signout")

    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/account").status_code == 401


def test_a_cookie_is_worth_nothing_after_a_change_of_password(app, client, anne):
    other = sign_in(app.test_client(), anne)
    sign_in(client, anne)
    before = own_cookie(client)

    answer = post(client, "/account/password", {"present": PASSWORD, "password": "another quiet horse"})

    assert answer.status_code == 303 and signed_in(client) and not signed_in(other)
    replayed = app.test_client()
    replayed.set_cookie("session", before)
    assert replayed.get("/account").status_code == 401


def test_a_cookie_is_worth_nothing_once_its_owner_is_disabled(app, client, anne):
    sign_in(client, anne)
    assert signed_in(client)

    with site_of(app).database.transaction() as session:
        people.disable(session, None, session.get(Person, anne.id))
    assert not signed_in(client)


def test_signing_out_elsewhere_ends_the_others(app, client, anne):
    other = sign_in(app.test_client(), anne)
    sign_in(client, anne)

    assert post(client, "/account/elsewhere").status_code == 303
    assert signed_in(client) and not signed_in(other)


def test_the_session_is_a_new_one_after_signing_in(app, client, anne):
    client.get("/signin")
    before = own_cookie(client)
    with client.session_transaction() as cookie:
        planted = cookie["csrf_token"]

    post(client, "/signin", {"email": anne.email, "password": PASSWORD})

    assert own_cookie(client) != before
    with client.session_transaction() as cookie:
        assert cookie.get("csrf_token") != planted


def test_the_cookie_is_closed_to_scripts_and_other_sites(client):
    set_cookie = client.get("/signin").headers["Set-Cookie"]

    assert "HttpOnly" in set_cookie and "SameSite=Lax" in set_cookie and "Secure" not in set_cookie


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(settings):  # P11-20
    from dataclasses import replace

    from app import create_app

    made = create_app(replace(settings, public_url="https://procedures.bank.example"))
    answer = made.test_client().get("/signin")

    assert answer.headers["Set-Cookie"].startswith("__Host-session=") and "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_link_signs_in_once_and_only_by_its_form(app, client):
    anne = make_person(app, "Anne Martin", password=False)
    with site_of(app).database.transaction() as session:
        secret = sign_ins.add_link(session, None, session.get(Person, anne.id))

    for _ in range(3):      # a mail scanner looks
        assert app.test_client().get(f"/link/{secret}").status_code == 200
    page = client.get(f"/link/{secret}")
    assert page.text.count('<form method="post">') == 1
    assert client.post(f"/link/{secret}", data={"csrf_token": token_of(page)}).status_code == 303
    assert signed_in(client)

    again = post(app.test_client(), f"/link/{secret}")
    assert again.status_code == 410 and "no longer works" in again.text


@pytest.mark.parametrize("token", ["x", "..", "a" * 43, "%00", "é"])
def test_a_link_that_never_was_looks_like_one_that_is_used(client, token):
    assert client.get(f"/link/{token}").status_code in (410, 401)


def test_a_password_is_set_without_a_present_one_only_the_first_time(app, client):
    anne = make_person(app, "Anne Martin", password=False)
    sign_in(client, anne)
    assert 'name="present"' not in client.get("/account").text

    assert post(client, "/account/password", {"password": "short"}).status_code == 422
    assert post(client, "/account/password", {"password": PASSWORD}).status_code == 303

    assert 'name="present"' in client.get("/account").text
    refused = post(client, "/account/password", {"password": "another quiet horse"})
    assert refused.status_code == 422 and 'id="present-error"' in refused.text
    assert post(client, "/account/password", {"present": PASSWORD, "password": "another quiet horse"}).status_code == 303


def test_nobody_is_told_what_exists(app, client, anne):
    make_space(app, "hidden", visibility="restricted")
    pages = {path: client.get(path) for path in (f"/people/{anne.id}", "/people/nobodyatallhere0", "/spaces/hidden", "/spaces/never-was", "/account", "/no-such-page", "/procedures/KYC-001")}

    def bare(path: str) -> str:
        text = re.sub(r'value="[\w.-]{40,}"', "", pages[path].text)
        return text.replace(path, "")

    assert {page.status_code for page in pages.values()} == {401}
    assert len({bare(path) for path in pages}) == 1


def test_somebody_is_not_told_either(app, client, anne):
    make_space(app, "walled-in", visibility="restricted")
    sign_in(client, anne)

    def told(slug: str) -> tuple[int, str]:
        answer = client.get(f"/spaces/{slug}")
        return answer.status_code, re.sub(r'value="[\w.-]{40,}"', "", answer.text).replace(slug, "")

    assert told("walled-in") == told("never-was")
    assert told("walled-in")[0] == 404


def test_signing_in_works_as_hard_for_the_unknown_as_for_the_known(client, anne, monkeypatch):
    hashes = []
    monkeypatch.setattr("accounts.passwords.check_password_hash", lambda hash, password: hashes.append(hash) and False)
    for email in (anne.email, "nobody@bank.example"):
        token = token_of(client.get("/signin"))
        client.post("/signin", data={"csrf_token": token, "email": email, "password": "wrong and wrong"})

    known, unknown = hashes
    assert known != unknown and known.split("$")[0] == unknown.split("$")[0]      # the same method, the same cost


def test_a_person_page_shows_the_name_and_the_shared_spaces_and_no_address(app, client, anne):
    boris = make_person(app, "Boris Weber")
    make_space(app, "kyc", name="Customer care")
    make_space(app, "walled", name="Walled garden", visibility="restricted")
    for slug in ("kyc", "walled"):
        grant(app, slug, boris, "author")

    page = sign_in(client, anne).get(f"/people/{boris.id}").text
    assert "Boris Weber" in page and "Customer care" in page
    assert "Walled garden" not in page and boris.email not in page


def test_an_empty_site_tells_its_administrator_how_to_begin_and_nobody_else(app, client, anne):
    boss = make_person(app, "Tomás Iriarte", administrator=True)

    sign_in(client, anne)
    assert "To begin" not in client.get("/").text
    sign_in(client, boss)
    begun = client.get("/").text
    assert "To begin" in begun and 'href="/administration/spaces/new"' in begun and 'href="/administration/people"' in begun
    make_space(app, "kyc")
    assert "To begin" not in client.get("/").text


def test_the_list_of_spaces_is_what_one_may_read(app, client, anne):
    for slug, visibility in (("open", "public"), ("inner", "internal"), ("walled", "restricted")):
        make_space(app, slug, visibility=visibility)

    assert [slug in client.get("/spaces").text for slug in ("/spaces/open", "/spaces/inner", "/spaces/walled")] == [True, False, False]
    sign_in(client, anne)
    assert [slug in client.get("/spaces").text for slug in ("/spaces/open", "/spaces/inner", "/spaces/walled")] == [True, True, False]


def test_the_language_is_the_browsers_then_the_choice(app, client, anne):
    assert '<html lang="en"' in client.get("/signin").text
    assert '<html lang="fr"' in client.get("/signin", headers={"Accept-Language": "fr-CH, en;q=0.5"}).text

    post(client, "/language", {"language": "fr", "next": "/spaces"})
    assert '<html lang="fr"' in client.get("/signin").text
    sign_in(client, anne)
    assert post(client, "/language", {"language": "en"}).status_code == 303
    elsewhere = sign_in(app.test_client(), anne)
    assert '<html lang="en"' in elsewhere.get("/spaces", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize("language", ["", "de", "../../etc", "en\x00"])
def test_a_language_that_is_not_ours_is_refused(client, language):
    assert post(client, "/language", {"language": language}).status_code == 422


def test_writing_faster_than_people_can_is_slowed(app, client, anne, monkeypatch):
    monkeypatch.setattr("accounts.web.WRITES_PER_MINUTE", 3)
    sign_in(client, anne)

    answers = [post(client, "/language", {"language": "en"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_an_expired_sign_in_is_swept_by_the_next(app, anne):
    from core import clock

    with site_of(app).database.transaction() as session:
        sign_ins.start(session, anne.id)
        for row in session.query(SignIn):
            row.expires_at = clock.now()
        sign_ins.start(session, anne.id)
        assert session.query(SignIn).count() == 1


def test_a_kept_frame_carries_each_readers_own_name_token_and_page(app):
    from markupsafe import Markup

    from accounts.frames import framed

    app.add_url_rule("/framed/<word>", "framed", lambda word: framed(f"<{word}>", Markup("<main>%s</main>") % word))
    anne, boris = sign_in(app.test_client(), make_person(app, "Anne Martin")), sign_in(app.test_client(), make_person(app, "Boris Weber"))

    first, again, other = anne.get("/framed/one"), anne.get("/framed/two"), boris.get("/framed/one")
    assert "<title>&lt;one&gt; ·" in first.text and "<main>one</main>" in first.text and "Anne Martin" in first.text
    assert "<main>two</main>" in again.text and 'value="/framed/two"' in again.text
    assert "Boris Weber" in other.text and "Anne Martin" not in other.text
    assert token_of(first) == token_of(again) != token_of(other)
    assert anne.post("/language", data={"csrf_token": token_of(again), "language": "fr"}).status_code == 303
    assert "\x00" not in first.text + other.text


def test_what_an_act_did_is_said_once_on_a_framed_page(app, client, anne):
    from flask import flash
    from markupsafe import Markup

    from accounts.frames import framed

    app.add_url_rule("/framed", "framed", lambda: framed("x", Markup("<main></main>")))
    app.add_url_rule("/act", "act", lambda: flash("It is done.") or "")
    sign_in(client, anne).get("/act")

    assert "It is done." in client.get("/framed").text
    assert "It is done." not in client.get("/framed").text
