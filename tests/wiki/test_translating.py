"""Translations: made from one version of one source, in words as soon as the source moves, rebuilt from git alone."""

import pytest
from sqlalchemy import delete, select

from accounts.models import Space
from core import journal
from core.errors import Invalid
from tests.world import SECTIONS
from wiki import translating, trailers, verifying
from wiki.drafts import DraftText
from wiki.models import Procedure, Version
from wiki.record import record

pytestmark = pytest.mark.both
FRENCH = "---\nlanguage: fr\ntranslation_of: {}\n---\n\n# Ouvrir un compte\n\nDes mots.\n"


@pytest.fixture
def ruled(world, people):
    world.publish(people.author, people.approver, "kyc", DraftText(markdown=SECTIONS))
    return world


def publish(world, people, markdown, code=None, slug="kyc", **more):
    return world.publish(people.author, people.approver, slug, DraftText(code=code, markdown=markdown), **more)


def amend(world, people, words="New words.", **more):
    return publish(world, people, SECTIONS + f"\n{words}\n", "KYC-001", **more)


def links(world, code, day=None):
    with world.database.reading() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        standing = world.standing(code, day)
        return translating.links(session, space, code, standing.shown, standing.day)


def late(world, day=None, limit=8):
    with world.database.reading() as session:
        return translating.late(session, session.scalars(select(Space.id)).all(), day or world.day(0), limit)


def version(world, code):
    return world.standing(code).versions[0]


def test_a_translation_says_what_it_was_made_from_and_the_source_what_was_made_from_it(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001@1"))

    source = links(ruled, "KYC-002").source
    assert (source.code, source.version, source.current, source.behind) == ("KYC-001", 1, 1, False)
    assert [(one.code, one.language, one.title, one.behind) for one in links(ruled, "KYC-001").translations] == [
        ("KYC-002", "fr", "Ouvrir un compte", False)
    ]
    assert links(ruled, "KYC-001").source is None and links(ruled, "KYC-002").translations == ()


def test_it_is_behind_from_the_day_a_newer_version_of_the_source_is_in_force(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001@1"))
    amend(ruled, people, in_force_from=ruled.day(10))

    assert not links(ruled, "KYC-002").source.behind and late(ruled) == []
    assert links(ruled, "KYC-002", ruled.day(10)).source.behind
    assert links(ruled, "KYC-001", ruled.day(10)).translations[0].behind
    assert [(one.code, one.source, one.version, one.current) for one in late(ruled, ruled.day(10))] == [("KYC-002", "KYC-001", 1, 2)]


def test_amending_it_from_the_new_version_brings_it_level(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001@1"))
    amend(ruled, people)
    assert links(ruled, "KYC-002").source.behind

    publish(ruled, people, FRENCH.format("KYC-001@2"), "KYC-002")

    assert not links(ruled, "KYC-002").source.behind and late(ruled) == []


def test_a_code_alone_means_the_newest_version_on_the_day_it_is_published(ruled, people):
    change = ruled.submit(people.author, ruled.open(people.author, "kyc", DraftText(markdown=FRENCH.format("KYC-001"))))
    amend(ruled, people)
    ruled.approve(people.approver, change)

    assert (version(ruled, "KYC-002").translates_code, version(ruled, "KYC-002").translates_version) == ("KYC-001", 2)
    assert "translation_of: KYC-001\n" in ruled.text("kyc", "KYC-002")


def test_a_source_and_its_translation_move_together_in_one_change(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001@1"))
    texts = (DraftText(code="KYC-001", markdown=SECTIONS + "More.\n"), DraftText(code="KYC-002", markdown=FRENCH.format("KYC-001@2") + "Plus.\n"))

    ruled.approve(people.approver, ruled.submit(people.author, ruled.open(people.author, "kyc", *texts)))

    source = links(ruled, "KYC-002").source
    assert (source.version, source.current, source.behind) == (2, 2, False)


def test_the_commit_alone_says_it_and_verify_agrees(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001"))
    row = version(ruled, "KYC-002")
    commit = ruled.library.repository("kyc").commit_of(row.commit)

    assert "\nTranslation-Of: KYC-001 1\n" in commit.message
    assert trailers.parse(commit.message).entries[0].translates == ("KYC-001", 1)
    assert trailers.message(trailers.parse(commit.message)) == commit.message
    with ruled.database.reading() as session:
        assert list(verifying.findings(session, ruled.library, [])) == []
    with ruled.database.transaction() as session:
        session.get(Version, row.id).translates_version = 9
    with ruled.database.reading() as session:
        assert any("translates_version" in line for line in verifying.findings(session, ruled.library, []))


def test_a_row_that_was_lost_is_rebuilt_from_the_commit(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001"))
    row = version(ruled, "KYC-002")
    with ruled.database.transaction() as session:
        space = session.scalar(select(Space).where(Space.slug == "kyc"))
        session.execute(delete(Version).where(Version.id == row.id))
        session.execute(delete(Procedure).where(Procedure.code == "KYC-002"))
        space.recorded_tip = ruled.library.repository("kyc").commit_of(row.commit).parents[0]
        record(session, ruled.library, space, journal.lock(session, space.id), row.commit)

    assert (version(ruled, "KYC-002").translates_code, version(ruled, "KYC-002").translates_version) == ("KYC-001", 1)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("the other one", "names a procedure"), ("[KYC-001]", "names a procedure"), ("KYC-001@0", "names a procedure"),
        ("KYC-001@x", "names a procedure"), ("KYC-999", "there is no KYC-999 here"), ("KYC-001@7", "no text of version 7"),
        ("VAULT-001", "there is no VAULT-001 here"),
    ],
)
def test_a_source_that_cannot_be_one_is_refused_with_a_sentence(ruled, people, told, sentence):
    ruled.space("vault", visibility="restricted", prefix="VAULT")
    for person, role in ((people.author, "author"), (people.approver, "approver")):
        ruled.grant("vault", person, role)
    publish(ruled, people, SECTIONS, slug="vault")

    with pytest.raises(Invalid, match=sentence) as invalid:
        ruled.open(people.author, "kyc", DraftText(markdown=FRENCH.format(told)))

    assert invalid.value.field == "markdown"
    assert ruled.open(people.author, "kyc", DraftText(markdown=FRENCH.format("kyc-001 @1"))).state == "draft"


def test_what_is_behind_a_wall_is_refused_in_the_words_of_what_is_nowhere(ruled, people):
    ruled.space("vault", visibility="restricted", prefix="VAULT")

    def told(code):
        with pytest.raises(Invalid) as invalid:
            ruled.open(people.author, "kyc", DraftText(markdown=FRENCH.format(code)))
        return str(invalid.value).replace(code, "…")

    assert told("VAULT-001") == told("NONE-001")


def test_no_translation_of_itself_of_a_translation_or_in_the_same_language(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001@1"))

    for text, sentence in (
        (DraftText(code="KYC-001", markdown=FRENCH.format("KYC-001@1")), "of itself"),
        (DraftText(markdown=FRENCH.format("KYC-002@1").replace("fr", "en", 1)), "is a translation itself"),
        (DraftText(markdown=FRENCH.format("KYC-001@1").replace("language: fr\n", "")), "another language"),
        (DraftText(code="KYC-001", markdown="---\nlanguage: fr\ntranslation_of: KYC-003\n---\n# A\n"), "Others are translated from KYC-001"),
    ):
        if "Others" in sentence:
            publish(ruled, people, "# Another\n\nText.\n")
        with pytest.raises(Invalid, match=sentence):
            ruled.open(people.author, "kyc", text)


def test_two_texts_of_one_change_do_not_translate_each_other(ruled, people):
    publish(ruled, people, "# B\n\nText.\n")
    texts = (
        DraftText(code="KYC-001", markdown=FRENCH.format("KYC-002")),
        DraftText(code="KYC-002", markdown=FRENCH.format("KYC-001").replace("fr", "en", 1)),
    )

    with pytest.raises(Invalid, match="is a translation itself"):
        ruled.open(people.author, "kyc", *texts)


def test_a_retired_source_has_nothing_in_force_and_a_retired_translation_is_not_offered(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001@1"))
    ruled.publish(people.author, people.approver, "kyc", DraftText(action="retire", code="KYC-001"))
    assert links(ruled, "KYC-002").source.current is None and late(ruled) == []
    ruled.publish(people.author, people.approver, "kyc", DraftText(action="restore", code="KYC-001"))
    ruled.publish(people.author, people.approver, "kyc", DraftText(action="retire", code="KYC-002"))

    assert links(ruled, "KYC-001").translations == () and late(ruled) == []


def test_a_translation_that_stops_being_one_is_no_longer_offered(ruled, people):
    publish(ruled, people, FRENCH.format("KYC-001@1"))
    publish(ruled, people, "---\nlanguage: fr\n---\n\n# Autre chose\n", "KYC-002")

    assert links(ruled, "KYC-001").translations == () and links(ruled, "KYC-002").source is None


def test_a_plain_wiki_publishes_translations_the_same_way(world, people):
    world.space("wiki", approvals=0, prefix="WIKI")
    world.grant("wiki", people.author, "author")
    for markdown in (SECTIONS, FRENCH.format("WIKI-001")):
        world.submit(people.author, world.open(people.author, "wiki", DraftText(markdown=markdown)))

    assert version(world, "WIKI-002").translates_version == 1
