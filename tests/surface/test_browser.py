"""A real browser on pages that hold every naughty string: nothing runs, nothing is asked, nothing breaks the policy."""

import threading

import pytest
from werkzeug.serving import make_server

from tests.site import PASSWORD
from tests.surface.naughty import strings

_TELL = "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"


@pytest.fixture
def address(standing_bank):
    server = make_server("127.0.0.1", 0, standing_bank.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def tab(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def pages(standing_bank):
    """Paths of pages that hold every string: as rule, as reason, as practice, in lists and in a search."""
    bank, found, paths = standing_bank, strings(), ["/", "/spaces/wiki", "/spaces/wiki/threads", "/spaces/wiki/new", "/search?q=script", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E"]
    for start in range(0, len(found), 60):
        some = found[start : start + 60]
        text = "# " + " ".join(some)[:300] + "\n\n" + "\n\n".join(f"{words}\n\n[x]({words}) **{words}**" for words in some)
        change = bank.submit(bank.draft({"markdown": text}, space="wiki", reason="\n".join(some)[:2000]))
        code = change["texts"][0]["code"]
        for words in some[::3]:
            bank("member").post(f"/procedures/{code}/threads", {"kind": "tip", "title": words[:200], "body": words, "quote": words[:2000]})
        paths += [f"/procedures/{code}", f"/procedures/{code}/threads", f"/procedures/{code}/versions", f"/changes/{change['id']}", f"/procedures/{code}/edit"]
    return paths


def test_no_page_runs_what_somebody_wrote(address, tab, pages):
    faults = []
    tab.add_init_script(_TELL)
    tab.on("dialog", lambda dialog: (faults.append(("dialog", tab.url, dialog.message)), dialog.dismiss()))
    tab.on("pageerror", lambda error: faults.append(("script", tab.url, str(error))))
    tab.on("console", lambda told: faults.append(("console", tab.url, told.text)) if told.type == "error" else None)
    tab.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else faults.append(("request", tab.url, asked.url)))
    tab.goto(f"{address}/signin")
    tab.fill("main input[name=email]", "second.martin@bank.example")
    tab.fill("main input[name=password]", PASSWORD)
    tab.click("main button")
    tab.wait_for_url(f"{address}/")

    for path in pages:
        assert tab.goto(address + path).status == 200, path
        tab.wait_for_load_state("load")
    assert not faults
