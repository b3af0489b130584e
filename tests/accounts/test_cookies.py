"""The cookie of a session is believed only as this site signed it."""

from flask import Flask

from accounts.cookies_web import SignedCookies
from tests.site import make_person, sign_in

SECRET, OTHER = "one secret of the site, long enough", "a secret of somebody else, as long"


def of(secret, **config) -> tuple[Flask, SignedCookies]:
    app = Flask(__name__)
    app.secret_key = secret
    app.config |= config
    return app, SignedCookies()


def test_what_signs_is_built_once_for_the_secrets_there_are():
    app, cookies = of(SECRET)
    first = cookies.get_signing_serializer(app)
    assert cookies.get_signing_serializer(app) is first
    assert first.loads(first.dumps({"a": 1})) == {"a": 1}

    app.secret_key = OTHER
    assert cookies.get_signing_serializer(app) is not first
    app.secret_key = None
    assert cookies.get_signing_serializer(app) is None


def test_a_cookie_signed_with_another_secret_is_nobodys_and_one_with_an_earlier_secret_still_holds(app):
    person = make_person(app)
    client = sign_in(app.test_client(), person)
    assert client.get("/account").status_code == 200
    signed = client.get_cookie("session").value

    earlier, app.secret_key = app.secret_key, OTHER
    assert client.get("/account").status_code == 401
    client.set_cookie("session", signed)        # the refusal came with a cookie of its own
    app.config["SECRET_KEY_FALLBACKS"] = [earlier]
    assert client.get("/account").status_code == 200


def test_a_cookie_of_which_one_letter_was_changed_is_nobodys(app):
    client = sign_in(app.test_client(), make_person(app))
    signed = client.get_cookie("session").value
    for at in (0, len(signed) // 2, -5):      # the last letter holds bits that mean nothing
        letters = list(signed)
        letters[at] = "A" if letters[at] != "A" else "B"
        client.set_cookie("session", "".join(letters))
        assert client.get("/account").status_code == 401
    client.set_cookie("session", signed)
    assert client.get("/account").status_code == 200
