"""Pictures with a message: judged by content, shown in a sandbox to whoever reads the message, gone with its words."""

import base64
from io import BytesIO

import pytest
from sqlalchemy import select

from discussions import pictures
from discussions.care import Picture
from tests.site import post, site_of

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


@pytest.fixture
def thread(office):
    return office.caller("asker").post("/procedures/KYC-001/threads", {"kind": "question", "body": "Does this count?"}).json["id"]


def reply(office, thread, content=PNG, name="bill.png", who="answerer", body="This one does."):
    return post(office.client(who), f"/threads/{thread}/posts", {"body": body, "file": (BytesIO(content), name)})


def only_post(office, thread):
    return office.caller("asker").get(f"/threads/{thread}").json["posts"][1]


def rows(office):
    with site_of(office.app).database.reading() as session:
        return list(session.scalars(select(Picture)))


def test_a_picture_comes_with_an_answer_and_is_served_in_a_sandbox(office, thread):
    assert reply(office, thread).status_code == 303

    found = only_post(office, thread)
    address = found["pictures"][0]["url"]
    assert found["pictures"] == [{"name": "bill.png", "size": len(PNG), "type": "image/png", "url": f"/posts/{found['id']}/pictures/bill.png"}]
    answer = office.client("asker").get(address)
    assert answer.data == PNG and answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"] and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f'src="{address}"' in office.client("asker").get(f"/threads/{thread}").text
    assert office.caller("asker").get(address).data == PNG
    assert office.client("guest").get(address).status_code == 404 and office.client().get(address).status_code == 401


@pytest.mark.parametrize(
    "content, name", [(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png"), (b"<script>1</script>", "x.png"), (b"Words.", "x.txt"), (b"", "x.png"), (PNG, "x.exe")]
)
def test_what_is_no_picture_is_refused_and_the_words_stay(office, thread, content, name):
    answer = reply(office, thread, content, name)

    assert answer.status_code == 422 and "This one does." in answer.text
    assert len(office.caller("asker").get(f"/threads/{thread}").json["posts"]) == 1 and rows(office) == []


def test_a_message_takes_four_pictures_and_one_of_the_same_name_takes_its_place(office, thread):
    reply(office, thread)
    id, calls = only_post(office, thread)["id"], office.caller("answerer")

    def add(name):
        return calls.post(f"/posts/{id}/pictures", {"name": name, "content": base64.b64encode(PNG).decode()})

    assert [add(f"{n}.png").status_code for n in range(3)] == [200] * 3
    assert add("BILL.png").status_code == 200 and add("four.png").status_code == 422
    assert calls.delete(f"/posts/{id}/pictures/0.png").status_code == 200 and calls.delete(f"/posts/{id}/pictures/0.png").status_code == 404
    assert [one.name for one in rows(office)] == ["1.png", "2.png", "BILL.png"]
    assert post(office.client("asker"), f"/posts/{id}/pictures/1.png/remove").status_code == 403
    assert post(office.client("answerer"), f"/posts/{id}/pictures/1.png/remove").status_code == 303
    assert [one.name for one in rows(office)] == ["2.png", "BILL.png"]
    assert office.caller("asker").post(f"/posts/{id}/pictures", {"name": "x.png", "content": base64.b64encode(PNG).decode()}).status_code == 403
    assert office.caller("auditor").post(f"/posts/{id}/pictures", {"name": "x.png", "content": "!"}).status_code == 403


def test_erasing_takes_the_picture_too_and_hiding_shows_it_to_animators_and_auditors_alone(office, thread):
    reply(office, thread)
    found = only_post(office, thread)
    address, animator = found["pictures"][0]["url"], office.caller("animator")

    animator.post(f"/posts/{found['id']}/hide", {"reason": "Names"})
    assert only_post(office, thread)["pictures"] == []
    statuses = {who: office.client(who).get(address).status_code for who in ("asker", "answerer", "animator", "auditor")}
    assert statuses == {"asker": 404, "answerer": 404, "animator": 200, "auditor": 200}
    animator._call("DELETE", f"/posts/{found['id']}", json={"reason": "Names"})
    assert rows(office) == [] and office.client("animator").get(address).status_code == 404


def test_a_lock_keeps_pictures_out(office, thread):
    reply(office, thread)
    id = only_post(office, thread)["id"]
    office.caller("animator").post(f"/threads/{thread}/lock")

    refused = office.caller("answerer").post(f"/posts/{id}/pictures", {"name": "x.png", "content": base64.b64encode(PNG).decode()})
    assert refused.status_code == 409


def test_the_sweeping_of_uploads_knows_what_posts_use(office, thread):
    reply(office, thread)

    with site_of(office.app).database.reading() as session:
        assert pictures.used(session) == {one.sha256 for one in rows(office)}


BEGINS = {"on a procedure": "/procedures/KYC-001/threads", "in a space": "/spaces/kyc/threads", "from a search": "/ask"}


def begin(office, address, files, who="asker", **more):
    fields = {"body": "Does this one count?", "kind": "question", "space": "kyc"} | more
    return post(office.client(who), address, fields | {"file": [(BytesIO(content), name) for name, content in files]})


@pytest.mark.parametrize("address", BEGINS.values(), ids=BEGINS)
def test_a_first_question_brings_its_pictures(office, address):
    assert begin(office, address, [("bill.png", PNG), ("back.png", PNG)]).status_code == 303

    (thread,) = office.caller("asker").get("/spaces/kyc/threads").json["items"]
    first = office.caller("answerer").get(f"/threads/{thread['id']}").json["posts"][0]
    assert [one["name"] for one in first["pictures"]] == ["back.png", "bill.png"]
    assert office.client("answerer").get(first["pictures"][0]["url"]).data == PNG
    assert office.client("guest").get(first["pictures"][0]["url"]).status_code == 404


@pytest.mark.parametrize("address", BEGINS.values(), ids=BEGINS)
@pytest.mark.parametrize("files", [[("x.png", b"<script>1</script>")], [(f"{n}.png", PNG) for n in range(5)]], ids=["no picture", "five"])
def test_a_refused_picture_opens_no_thread_and_keeps_the_words(office, address, files):
    answer = begin(office, address, files)

    assert answer.status_code == 422 and "Does this one count?" in answer.text and 'role="alert"' not in answer.text
    assert ("at most 4 pictures" if len(files) == 5 else "Only pictures come with a message") in answer.text and "say-error" in answer.text
    assert not any(one.name != "lock" for one in site_of(office.app).library.uploads.folder.glob("*"))
    assert office.caller("asker").get("/spaces/kyc/threads").json["total"] == 0 and rows(office) == []


def test_a_picture_that_is_too_big_is_told_so_and_not_that_it_is_none(office):
    answer = begin(office, BEGINS["on a procedure"], [("round.png", PNG + b"\0" * 10 * 1024**2)])

    assert answer.status_code == 413 and "round.png has more than 10 MiB" in answer.text and "Does this one count?" in answer.text


def test_a_picture_comes_with_a_tip_on_words_and_with_an_announcement(office):
    quote = "one proof of address dated within three months"
    assert begin(office, "/procedures/KYC-001/threads", [("bill.png", PNG)], kind="tip", quote=quote).status_code == 303
    assert begin(office, "/spaces/kyc/announce", [("new.png", PNG)], "animator", kind="announcement").status_code == 303

    found = {one["kind"]: office.caller("asker").get(f"/threads/{one['id']}").json for one in office.caller("asker").get("/spaces/kyc/threads").json["items"]}
    assert {kind: one["posts"][0]["pictures"][0]["name"] for kind, one in found.items()} == {"tip": "bill.png", "announcement": "new.png"}
    assert found["tip"]["quote"] == quote


def test_an_auditor_and_nobody_bring_no_picture(office):
    before = sum(1 for one in site_of(office.app).library.uploads.folder.rglob("*") if one.is_file())

    assert begin(office, "/procedures/KYC-001/threads", [("bill.png", PNG)], "auditor").status_code == 403
    assert begin(office, "/spaces/kyc/threads", [("bill.png", PNG)], "guest").status_code == 404
    assert begin(office, "/procedures/KYC-001/threads", [("bill.png", PNG)], None).status_code == 401
    assert sum(1 for one in site_of(office.app).library.uploads.folder.rglob("*") if one.is_file()) == before


def test_the_same_question_sent_twice_is_one_with_its_pictures_once(office):
    for _ in range(2):
        begin(office, "/procedures/KYC-001/threads", [("bill.png", PNG)])

    assert office.caller("asker").get("/spaces/kyc/threads").json["total"] == 1 and len(rows(office)) == 1


def test_a_program_puts_a_picture_with_a_first_question_as_with_an_answer(office, thread):
    calls = office.caller("asker")
    first = calls.get(f"/threads/{thread}").json["posts"][0]["id"]

    assert calls.post(f"/posts/{first}/pictures", {"name": "bill.png", "content": base64.b64encode(PNG).decode()}).status_code == 200
    assert calls.get(f"/threads/{thread}").json["posts"][0]["pictures"][0]["name"] == "bill.png"
