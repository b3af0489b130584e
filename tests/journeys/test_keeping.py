"""Sleeping at night and leaving with everything: an administrator backs up, says when, and takes everything along."""

import zipfile

from tests.journeys.places import everywhere_or_plain


@everywhere_or_plain
def test_an_administrator_backs_up_now_and_says_when_it_happens_by_itself(person):
    boss = person("administrator").open("/administration").follow("Backups").is_well()

    boss.press("Back up now")
    boss.open("/administration/backups").sees("Asked for by %(name)s.", name="Administrator Durand").reads("backup-").is_well()

    boss.pick("Every day at", "never").fill("How many are kept", "0").press("Save").sees("Keep between 1 and %(most)s backups.", most=365).is_well()
    assert boss.field("How many are kept").input_value() == "0" and boss.field("Every day at").input_value() == "never"
    boss.pick("Every day at", "4").fill("How many are kept", "9").press("Save").sees("Saved.").is_well()
    assert boss.field("How many are kept").input_value() == "9" and boss.field("Every day at").input_value() == "4"


@everywhere_or_plain
def test_an_administrator_leaves_with_everything_they_may_read(person, tmp_path):
    boss = person("administrator").open("/administration").follow("Leave with everything").sees("What is left out").is_well()

    with boss.page.expect_download() as waiting:
        boss.press("Take everything along")
    waiting.value.save_as(tmp_path / "all.zip")

    with zipfile.ZipFile(tmp_path / "all.zip") as taken:
        names = taken.namelist()
        assert "spaces/kyc/procedures/KYC-001/KYC-001.md" in names and "spaces/kyc/history.bundle" in names
        assert not [name for name in names if name.startswith("spaces/brokers/")]
        page = taken.read("spaces/kyc/index.html").decode()
    (tmp_path / "index.html").write_text(page)
    boss.page.goto((tmp_path / "index.html").as_uri())
    boss.reads("KYC-001").sees("Procedures")


@everywhere_or_plain
def test_an_auditor_takes_their_space_along(person, tmp_path):
    auditor = person("auditor", "kyc").open("/spaces/kyc").is_well()

    with auditor.page.expect_download() as waiting:
        auditor.follow("Take it out (zip)")
    waiting.value.save_as(tmp_path / "kyc.zip")

    with zipfile.ZipFile(tmp_path / "kyc.zip") as taken:
        assert "journal.csv" in taken.namelist() and "people.csv" not in taken.namelist()
