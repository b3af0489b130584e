"""A difference laid out as it reads."""

from wiki.difference import difference
from wiki.proof import laid_out

TABLE = "| Who | Does what | By when |\n|---|---|---|\n| Adviser | Calls back. | {} |\n"


def words(pieces) -> str:
    marks = {"added": "+", "removed": "-"}
    return "".join(f"{marks[p.op]}[{p.text}]" if p.op in marks else p.text for p in pieces)


def sections(old: str, new: str) -> list:
    return [section for _, run in laid_out(difference(old, new)) for section in run]


def test_sections_that_stay_form_a_run_of_their_own():
    old, new = "## One\n\nStays.\n\n## Two\n\nSix months.\n", "## One\n\nStays.\n\n## Two\n\nThree months.\n"

    runs = laid_out(difference(old, new))

    assert [(changed, [section.title for section in run]) for changed, run in runs] == [(False, ["One"]), (True, ["Two"])]


def test_a_row_keeps_its_cells_and_marks_the_words():
    section, = sections(TABLE.format("The same day"), TABLE.format("Within two hours"))
    head, row = section.parts[0].rows

    assert [words(cell).strip() for cell in head] == ["Who", "Does what", "By when"]
    assert [words(cell).strip() for cell in row] == ["Adviser", "Calls back.", "-[The same day]+[Within two hours]"]


def test_the_front_matter_is_facts_and_has_no_title():
    old, new = "---\ntitle: A\n---\n\nWords.\n", "---\ntitle: B\n---\n\nWords.\n"

    first = sections(old, new)[0]

    assert (first.title, first.parts[0].kind, first.parts[1].kind) == ("", "facts", "words")
    assert words(first.parts[0].rows[0][0]) == "title: -[A]+[B]"


def test_a_new_text_is_added_and_a_retired_one_removed():
    added, removed = sections("", "# T\n\n- one\n")[0], sections("# T\n\n- one\n", "")[0]

    assert [words(part.rows[0][0]) for part in added.parts] == ["+[T]", "+[one]"]
    assert [words(part.rows[0][0]) for part in removed.parts] == ["-[T]", "-[one]"]


def test_headings_and_bars_inside_code_are_code():
    section, = sections("", "```\n# not a heading\n| not | a | table |\n```\n")

    assert [part.kind for part in section.parts] == ["code"]


def test_equal_texts_have_nothing_changed():
    assert [changed for changed, _ in laid_out(difference("## A\n\nWords.\n", "## A\n\nWords.\n"))] == [False]


def test_empty_texts_have_no_sections():
    assert laid_out(difference("", "")) == []
