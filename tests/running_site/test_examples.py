"""The examples of docs/operations.md do what it says: each is checked by its own program, and started in front of a real site."""

import os
import re
import shlex
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from core.settings import read
from tests.crashes.wiki_space import begin
from tests.running import ROOT, Server
from tests.running_site.ports import free_port
from tests.running_site.post_office import certificate

EXAMPLES = ROOT / "docs" / "examples"
TOKEN = "a-long-enough-token"


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    return found or pytest.skip(f"examples: there is no {name} here")


def ran(*command: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **more)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("site") / "data", METRICS_TOKEN=TOKEN, PUBLIC_URL="https://localhost").start()
    yield server
    server.stop()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given):
        return None


def asked(url: str, data: bytes | None = None, headers: dict | None = None):
    """Return what is answered, whatever the certificate, without following where it leads."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _Stay())
    try:
        return opener.open(urllib.request.Request(url, data=data, headers=headers or {}), timeout=30)
    except urllib.error.HTTPError as answer:
        return answer


class Proxy:
    """A proxy of the examples in front of the site, on ports of its own, until it is told to stop."""

    def __init__(self, folder: Path, site: Server):
        self.folder, self.site, self.port, self.plain = folder, site, free_port(), free_port()

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    def __enter__(self):
        self.process = self.start()
        for _ in range(200):
            try:
                asked(f"{self.address}/healthz")
                return self
            except (urllib.error.URLError, OSError):
                assert self.process.poll() is None, self.process.stderr.read()
                time.sleep(0.1)
        raise AssertionError("the proxy does not answer")

    def __exit__(self, *_given):
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()


class Nginx(Proxy):
    def start(self):
        own = (EXAMPLES / "nginx.conf").read_text().replace("procedures.example", "localhost").replace("127.0.0.1:8000", f"127.0.0.1:{self.site.port}")
        own = own.replace("listen 80;", f"listen 127.0.0.1:{self.plain};").replace("listen 443 ", f"listen 127.0.0.1:{self.port} ")
        pem = self.folder / "pem"
        pem.write_bytes(certificate())
        own = re.sub(r"/etc/letsencrypt/\S+\.pem", str(pem), own)
        temporary = "".join(f"{name}_temp_path {self.folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        whole = self.folder / "whole.conf"
        user = "user root;\n" if os.geteuid() == 0 else ""      # its own user may not look into our folder
        whole.write_text(f"{user}daemon off;\npid {self.folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{temporary}{own}\n}}\n")
        checked = ran(program("nginx"), "-t", "-c", str(whole), "-e", "stderr")
        assert checked.returncode == 0 and "warn" not in checked.stderr, checked.stderr
        return subprocess.Popen([program("nginx"), "-c", str(whole), "-e", "stderr"], stderr=subprocess.PIPE, text=True)


class Caddy(Proxy):
    def start(self):
        own = (EXAMPLES / "Caddyfile").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{self.site.port}")
        own = own.replace("procedures.example {", f"https://localhost:{self.port} {{\n\ttls internal")
        whole = self.folder / "Caddyfile"
        whole.write_text(f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {self.plain}\n\tauto_https disable_redirects\n}}\n{own}")
        environ = os.environ | {"XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "HOME": str(self.folder)}
        checked = ran(program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(whole), env=environ)
        assert checked.returncode == 0, checked.stderr
        command = [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(whole)]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ)


@pytest.fixture(scope="module", params=[Nginx, Caddy], ids=["nginx", "caddy"])
def proxy(request, tmp_path_factory, site):
    program(request.param.__name__.lower())
    with request.param(tmp_path_factory.mktemp("proxy"), site) as found:
        yield found


@pytest.mark.timeout(120)
def test_people_reach_the_site_through_it_with_secure_cookies(proxy):
    page = asked(f"{proxy.address}/signin")
    text = page.read().decode()

    assert page.status == 200 and "csrf_token" in text and page.headers["Strict-Transport-Security"]
    assert re.search(r"__Host-session=.*; Secure; HttpOnly", page.headers["Set-Cookie"])
    assert asked(f"{proxy.address}/healthz").status == 200 and asked(f"{proxy.address}/readyz").status == 200


@pytest.mark.timeout(120)
def test_a_form_is_taken_and_as_much_as_the_site_takes_goes_through(proxy):
    page = asked(f"{proxy.address}/signin")
    cookie, token = page.headers["Set-Cookie"].split(";")[0], re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())[1]
    headers = {"Cookie": cookie, "Origin": "https://localhost"}

    for size in (10, 1_500_000):
        refused = asked(f"{proxy.address}/signin", f"csrf_token={token}&email=x@x.example&password=wrong&more={'x' * size}".encode(), headers)
        assert refused.status == 422 and "password is wrong" in refused.read().decode()


@pytest.mark.timeout(120)
def test_an_address_that_is_too_long_is_refused_by_a_page_of_the_site(proxy):
    refused = asked(f"{proxy.address}/signin?next={'x' * 20_000}")

    assert refused.status == 414 and "This address is too long to be read" in refused.read().decode()


@pytest.mark.timeout(120)
def test_nobody_says_that_they_come_from_elsewhere(proxy, site):
    seen = set()
    for number in range(2):
        page = asked(f"{proxy.address}/signin")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())[1]
        headers = {"Cookie": page.headers["Set-Cookie"].split(";")[0], "X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.0.0.{number}"}
        asked(f"{proxy.address}/signin", f"csrf_token={token}&email=n{number}@x.example&password=wrong".encode(), headers)
    import sqlite3

    from accounts.attempts import address

    with sqlite3.connect(site.data / "site.sqlite3") as rows:
        seen = {subject for (subject,) in rows.execute("SELECT subject FROM attempts")}
    assert address("127.0.0.1") in seen and not {address("10.0.0.0"), address("10.0.0.1")} & seen


@pytest.mark.timeout(120)
def test_the_numbers_are_not_told_outside(proxy, site):
    headers = {"Authorization": f"Bearer {TOKEN}"}

    assert asked(f"{site.address}/metrics", headers=headers).status == 200
    assert asked(f"{proxy.address}/metrics", headers=headers).status == 404


def test_plain_http_leads_to_https(proxy):
    if isinstance(proxy, Caddy):
        return      # it does so by itself, from port 80
    answer = asked(f"http://localhost:{proxy.plain}/link/x?y")
    assert answer.status == 301 and answer.headers["Location"] == "https://localhost/link/x?y"


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    unit = tmp_path / "procedures.service"
    unit.write_text((EXAMPLES / "procedures.service").read_text().replace("/opt/procedures", str(ROOT)))

    checked = ran(program("systemd-analyze"), "verify", "--man=no", str(unit))
    said = [line for line in checked.stderr.splitlines() if "procedures" in line]
    assert checked.returncode == 0 and not said, checked.stderr
    unit.write_text(unit.read_text().replace("Restart=always", "Restart=perhaps"))
    assert "perhaps" in ran(program("systemd-analyze"), "verify", "--man=no", str(unit)).stderr


def environment() -> dict[str, str]:
    """Return the settings of the example, those that are commented out included."""
    lines = [line.lstrip("#") for line in (EXAMPLES / "procedures.env").read_text().splitlines() if re.match(r"#?PROCEDURES_", line)]
    return {name: shlex.split(value)[0] if value else "" for name, value in (line.split("=", 1) for line in lines)}


def test_the_settings_of_the_example_are_settings():
    known = environment()

    settings = read(known)
    assert settings.secure and not settings.starter and settings.workers == 3 and str(settings.data) == "/var/lib/procedures"
    for name in known:
        assert f'"{name.removeprefix("PROCEDURES_")}"' in (ROOT / "core" / "settings.py").read_text(), name


def test_the_script_runs_a_command_with_the_settings(tmp_path):
    settings = tmp_path / "env"
    settings.write_text((EXAMPLES / "procedures.env").read_text().replace("/var/lib/procedures", str(tmp_path / "data")))
    script = tmp_path / "procedures"
    script.write_text(
        (EXAMPLES / "procedures").read_text().replace("runuser -u procedures -- ", "").replace("/etc/procedures.env", str(settings)).replace("/opt/procedures", str(ROOT))
    )

    added = ran("sh", str(script), "people", "add", "anne@bank.example", "--name", "Anne Martin")
    assert added.returncode == 0 and added.stdout.startswith("https://procedures.example/link/"), added.stderr
    assert ran("sh", str(script), "verify").returncode == 0


def test_every_alert_asks_for_a_number_that_the_site_tells(site):
    rules = [rule for group in yaml.safe_load((EXAMPLES / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
    assert site.get("/api/v1/search?q=word", begin(site))[0] == 200
    told = asked(f"{site.address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).read().decode()
    told += "procedures_verified_timestamp_seconds procedures_verify_findings procedures_backup_timestamp_seconds"    # told once there was one, see test_probes

    document = (ROOT / "docs" / "operations.md").read_text()
    assert all(name in document for name in re.findall(r"^# HELP (\w+)", told, re.M)) and len(rules) >= 8
    for rule in rules:
        for name in re.findall(r"procedures_\w+", rule["expr"]):
            assert name in told, name
        assert rule["annotations"]["summary"]
    scraped = yaml.safe_load((EXAMPLES / "prometheus.yml").read_text())
    assert scraped["scrape_configs"][0]["job_name"] == "procedures" and scraped["rule_files"] == ["alerts.yml"]
    if shutil.which("promtool"):
        assert ran("promtool", "check", "rules", str(EXAMPLES / "alerts.yml")).returncode == 0


def test_every_example_is_in_the_document_and_every_example_there_is_a_file():
    named = set(re.findall(r"examples/([\w.]+)", (ROOT / "docs" / "operations.md").read_text()))

    assert named == {path.name for path in EXAMPLES.iterdir()}
