"""What readers do with the rule beside reading it: propose, read it in their language, take it on paper."""

from playwright.sync_api import expect

from tests.journeys.places import either_or_plain
from wiki.drafts import DraftText


@either_or_plain
def test_a_reader_proposes_other_words_and_an_author_takes_them_over(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    reader, author = person("member", space), person("author", space)
    reader.open(f"/procedures/{code}/propose?quote=The+counter+opens+at+nine.").is_well()
    words = reader.field("The passage, in your words")
    reader.fill(words, words.input_value().replace("nine", "ten")).fill("Why?", "Nobody comes before ten.").press("Propose").sees("Proposed. The authors of this space find it on their front page.")

    author.open("/").sees("Proposed to you").follow(author.named(code))
    expect(author.page.locator("ins").first).to_have_text("ten")
    author.is_well().press("Take it over").press("Send for review").sees("In review").reads(reader.row.name)
    reader.open("/").sees("What you proposed").reads(code)


@either_or_plain
def test_an_author_declines_a_proposal_and_its_author_reads_why(person, ground):
    space = ground.space()
    code = ground.procedure(space)
    reader, author = person("member", space), person("author", space)
    reader.open(f"/procedures/{code}").follow("Propose a change").is_well().follow(reader.named("The counter opens at nine."))
    words = reader.field("The passage, in your words")
    reader.fill(words, words.input_value().replace("nine", "eleven")).fill("Why?", "Later is better.").press("Propose")

    author.open("/").follow(author.named(code))
    author.unfold("Decline it, with a reason").fill("Why not?", "The markets open at nine.").press("Decline")
    reader.open("/").reads("The markets open at nine.")


@either_or_plain
def test_a_translation_says_that_its_source_has_moved_and_readers_are_offered_their_language(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    french = f"---\ntitle: Les clés du guichet\nlanguage: fr\ntranslation_of: {code}@1\n---\n\n## Principe\n\nLe guichet ouvre à neuf heures.\n"
    translated = ground.publish(space, DraftText(markdown=french))
    reader = person("member", space).open(f"/procedures/{code}").reads(translated)
    ground.version(space, code, "---\ntitle: Keys of the counter\n---\n\nThe counter opens at ten.\n")

    reader.open(f"/procedures/{translated}").sees("The source is now at version %(current)s.", current=2).is_well()
    reader.follow("See what changed since")
    expect(reader.page.locator("ins").first).to_be_visible()


@either_or_plain
def test_a_version_and_the_manual_are_taken_on_paper(person, ground):
    space = ground.space(approvals=0)
    code = ground.procedure(space)
    ground.version(space, code, "# Keys of the counter\n\nThe counter opens at ten.\n")
    reader = person("member", space).open(f"/procedures/{code}/versions/1").follow("Print")
    reader.reads("opens at nine", code).is_well()
    reader.open(f"/spaces/{space}").follow("The whole manual").reads(code).is_well()
    for path in (f"/procedures/{code}/versions/1/print.pdf", f"/spaces/{space}/manual.pdf"):
        answer = reader.page.request.get(path)
        assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF-")
