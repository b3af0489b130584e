from pathlib import Path

import pytest

from core.settings import BadSettings, read


def test_without_an_environment_the_site_is_local_and_embedded():
    settings = read({})

    assert settings.data == Path("data").absolute()
    assert settings.database == f"sqlite:///{settings.data}/site.sqlite3"
    assert settings.address == "http://127.0.0.1:8000" and not settings.secure
    assert settings.starter and settings.rate_limits and str(settings.timezone) == "UTC"


def test_values_are_read_from_the_environment():
    settings = read({
        "PROCEDURES_PORT": "9000", "PROCEDURES_PUBLIC_URL": "https://rules.bank.example/", "PROCEDURES_STARTER": "0",
        "PROCEDURES_RATE_LIMITS": "off", "PROCEDURES_TIMEZONE": "Europe/Paris", "PROCEDURES_SITE_NAME": "Banque Aubrac",
        "PROCEDURES_DATABASE_URL": "postgresql://u:p@host/db", "PROCEDURES_DATA": "/srv/data",
    })

    assert (settings.port, settings.address, settings.secure) == (9000, "https://rules.bank.example", True)
    assert not settings.starter and not settings.rate_limits
    assert settings.database == "postgresql+psycopg://u:p@host/db" and settings.data == Path("/srv/data")


@pytest.mark.parametrize(("name", "value"), [
    ("PORT", "0"), ("PORT", "65536"), ("PORT", "http"), ("PORT", "٨"), ("HOST", "a b"), ("DATABASE_URL", "mysql://x"), ("DATABASE_URL", "?"),
    ("PUBLIC_URL", "bank.example"), ("PUBLIC_URL", "ftp://x"), ("PUBLIC_URL", "https://bank.example/rules"), ("MAIL_URL", "mail.example"), ("SITE_NAME", "x" * 81),
    ("SITE_NAME", "a\nb"), ("TIMEZONE", "Mars"), ("TIMEZONE", "../etc/passwd"), ("STARTER", "yes"), ("RATE_LIMITS", "no"), ("WORKERS", "0"),
])
def test_a_bad_value_stops_the_start_and_is_named(name, value):
    with pytest.raises(BadSettings) as stopped:
        read({f"PROCEDURES_{name}": value})

    assert f"PROCEDURES_{name}=" in str(stopped.value)


def test_all_that_is_wrong_is_listed_at_once():
    with pytest.raises(BadSettings) as stopped:
        read({"PROCEDURES_PORT": "x", "PROCEDURES_TIMEZONE": "x", "PROCEDURES_STARTER": "1"})

    assert len(str(stopped.value).splitlines()) == 2
