import pytest

from tests.site import caller, grant, make_person, make_space


@pytest.fixture
def anne(app):
    return make_person(app, "Anne Martin")


def test_me_says_who_and_with_which_roles(app, anne):
    for slug in ("kyc", "payments"):
        make_space(app, slug)
    grant(app, "kyc", anne, "author", "approver")

    assert caller(app, anne).get("/me").json == {
        "id": anne.id, "name": "Anne Martin", "language": None, "timezone": None, "guest": False, "administrator": False,
        "roles": {"kyc": ["approver", "author"]},
    }


def test_nobody_is_not_me(app):
    answer = caller(app, None).client.get("/api/v1/me")

    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer x", "Bearer ", "Bearer é", "bearer x", "Basic eDp5", "x", "Bearer a b"])
def test_a_token_that_is_not_ours_is_401_even_for_public_things(app, header):
    make_space(app, "open", visibility="public")
    client = app.test_client()

    assert client.get("/api/v1/spaces/open", headers={"Authorization": header.encode("utf-8").decode("latin-1")}).status_code == 401
    assert client.get("/api/v1/spaces/open").status_code == 200


def test_a_cookie_is_nothing_to_the_api(app, anne):
    from tests.site import sign_in

    make_space(app, "inner")
    client = sign_in(app.test_client(), anne)
    assert client.get("/spaces").text.count("/spaces/inner") == 1

    assert client.get("/api/v1/spaces/inner").status_code == 404
    assert client.get("/api/v1/me").status_code == 401


def test_spaces_are_listed_page_by_page_and_a_page_past_the_end_is_empty(app, anne):
    for slug in ("aa", "bb", "cc"):
        make_space(app, slug)
    make_space(app, "walled", visibility="restricted")
    api = caller(app, anne)

    first, past = api.get("/spaces?page_size=2").json, api.get("/spaces?page=9").json
    assert [space["slug"] for space in first["items"]] == ["aa", "bb"]
    assert (first["total"], first["page"], first["page_size"]) == (3, 1, 2)
    assert past["items"] == [] and past["total"] == 3


def test_a_space_has_its_shape(app, anne):
    make_space(app, "kyc", name="Customer care", description="Who is who")

    assert caller(app, anne).get("/spaces/kyc").json == {
        "slug": "kyc", "name": "Customer care", "description": "Who is who", "visibility": "internal",
        "approvals_required": 1, "language": "en", "prefix": "KYC", "words_budget": None, "archived_at": None,
    }


def test_a_space_that_is_not_for_one_is_not_there(app, anne):
    make_space(app, "walled", visibility="restricted")
    api = caller(app, anne)

    hidden, missing = api.get("/spaces/walled"), api.get("/spaces/never-was")
    assert (hidden.status_code, hidden.text) == (missing.status_code, missing.text)
    assert hidden.status_code == 404


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=1&page=2", "page_size=1001", "page_size=0", "page=1e3", "unknown=1", "page=%00", "page=99999999999999999999"])
def test_a_query_out_of_range_is_422_and_says_which_field(app, anne, query):
    answer = caller(app, anne).get(f"/spaces?{query}")

    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert answer.json["field"] == query.partition("=")[0] and answer.json["detail"]


def test_the_most_that_a_page_holds_is_taken(app, anne):
    assert caller(app, anne).get("/spaces?page_size=1000").status_code == 200
