"""Lists of clauses from spreadsheets: forgiving in form, all or nothing, and harmless when taken out again."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import event, func, select

from core.errors import Invalid
from core.journal import Act
from regulations import tables
from regulations.models import Clause, Regulation
from tests.regulations.conftest import CMF
from tests.reviews.conftest import rule

pytestmark = pytest.mark.both

LIST = f"text,clause,wording,source,date,next_check\n{CMF},L. 561-5,Identify.,https://law.example,2026-01-31,2026-09-01\n{CMF},L. 561-8,Refuse.,,,\n"


def held(shelf) -> tuple[int, int]:
    with shelf.desk.world.database.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(one)) for one in (Regulation, Clause))


def test_a_list_becomes_texts_and_clauses(shelf):
    brought = shelf.bring(LIST)

    assert (brought.lines, brought.new_texts, brought.new_clauses) == (2, 1, 2)
    covered = [one for found in shelf.coverage().texts.values() for one in found]
    assert [(one.clause.label, one.clause.wording) for one in covered] == [("L. 561-5", "Identify."), ("L. 561-8", "Refuse.")]
    with shelf.desk.world.database.reading() as session:
        text = session.scalar(select(Regulation))
        assert (text.source, text.dated, text.next_check) == ("https://law.example", date(2026, 1, 31), date(2026, 9, 1))
        assert session.scalars(select(Act.act).where(Act.act == "bring_register")).all() == ["bring_register"]


def test_a_second_run_changes_what_has_other_words_takes_nothing_out_and_says_nothing_if_nothing_is_new(shelf):
    shelf.bring(LIST)
    again = shelf.bring(LIST.replace("L. 561-5,", "article L561-5,"))
    assert not again.is_anything

    changed = shelf.bring(f"Texte;Article;Libellé;Prochaine vérification\ncode monetaire et financier;L. 561-8;Refuse at once.;01/10/2026\n{CMF};L. 561-9;;\n{CMF};L. 561-5;;\n")
    assert (changed.new_texts, changed.changed_texts, changed.new_clauses, changed.changed_clauses) == (0, 1, 1, 1)
    covered = {one.clause.label: one.clause.wording for found in shelf.coverage().texts.values() for one in found}
    assert covered == {"L. 561-5": "Identify.", "L. 561-8": "Refuse at once.", "L. 561-9": ""}
    with shelf.desk.world.database.reading() as session:
        assert session.scalar(select(Regulation.next_check)) == date(2026, 10, 1)
        assert len(session.scalars(select(Act.act).where(Act.act == "bring_register")).all()) == 2


@pytest.mark.parametrize(
    "written",
    [
        "\ufeffTEXT ; CLAUSE\r\nLaw;1\r\n", "regulation\tnumber\nLaw\t1\n", 'Titre,Numéro,"Libellé"\nLaw,1,"two\nlines, and ""marks"""\n',
        "\n\nnorme,réf,unknown column\nLaw,1,ignored\n\n", "text,clause\nLaw\nLaw,1",
    ],
)
def test_lists_are_taken_as_spreadsheets_write_them(shelf, written):
    shelf.bring(written)

    assert held(shelf) == (1, 1)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "nothing"), ("text,clause\n", "nothing"), ("a,b\n1,2\n", "first line"), ("text,clause,article\nLaw,1,2\n", "twice"),
        ("text,clause\nLaw,1\n,2\n", "Line 3 "), ("text,clause,date\nLaw,1,\nLaw,2,31.02.2026\n", "Line 3"),
        ("text,clause,date\nLaw,1,tomorrow\n", "“tomorrow”"), ("text,clause\nLaw,1,3,4\n", "Line 2 has more"),
        ('text,clause\nLaw,"1\n\n\n', "Line 2 "), ('text,clause\n"Law\nof\nthe land",1\nLaw,§§\n', "Line 5 "),
        ("text,clause\nLaw," + "x" * 81 + "\n", "clause"), ("text,clause\n" + "x" * 301 + ",1\n", "text"),
        ("text,clause\nLaw,1\x00\n", "no text"), ("text,clause\nLaw,\ud8001\n", "Line 2 "), ("text,clause,wording\nLaw,1," + "x" * 4001, "wording"),
        ("text,clause,date\nLaw,1,9999-01-01\n", "date"), ("text,clause\n" + "Law,1\n" * 5001, "too long"),
        ("text,clause,wording\nLaw,1," + "x" * 200_000, "Line 2 "), ("=cmd|' /C calc'!A0,clause\nLaw,1\n", "first line"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_brought(shelf, written, says):
    good = shelf.text("Kept")

    with pytest.raises(Invalid) as refused:
        shelf.bring(written)

    assert says in str(refused.value) and refused.value.field == "csv"
    assert held(shelf) == (1, 0) and good.title == "Kept"


def test_files_are_read_in_the_encodings_of_spreadsheets():
    assert tables.decoded("texte;libellé".encode("cp1252")) == tables.decoded("texte;libellé".encode("utf-8-sig")) == "texte;libellé"
    for raw, says in ((b"x" * (tables.MOST_BYTES + 1), "too big"), (b"PK\x03\x04\x00", "no text")):
        with pytest.raises(Invalid, match=says):
            tables.decoded(raw)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://evil\")", "'quoted", "plain, \"and\" more"])
def test_a_list_taken_out_holds_no_formula_and_can_be_brought_again(shelf, cell):
    text = shelf.text("Law " + cell)
    shelf.clause(text, "1", cell)
    shelf.desk.publish(rule(regulations='["Law, 1"]'))

    written = shelf.export()

    rows = list(csv.reader(io.StringIO(written)))
    assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for one in row)
    assert not shelf.bring(written).is_anything


def test_a_list_taken_out_says_who_answers_and_what_was_amended(shelf):
    text = shelf.text(source="Shelf 3", dated=date(2026, 1, 1))
    clause = shelf.clause(text, "L. 561-5")
    shelf.text("Empty")
    shelf.desk.publish(rule(regulations=f'["{CMF}, L. 561-5"]'))
    shelf.amend(clause, "Shorter.")

    head, *rows = list(csv.reader(io.StringIO(shelf.export())))

    assert dict(zip(head, rows[0], strict=True)) == {
        "text": CMF, "short": "", "clause": "L. 561-5", "wording": "", "source": "Shelf 3", "date": "2026-01-01", "next_check": "",
        "amended": "2026-03-01", "amendment": "Shorter.", "procedures": "KYC-001 (1)",
    }
    assert rows[1][0] == "Empty" and rows[1][2] == ""


def test_five_thousand_lines_are_brought_in_a_few_statements(shelf):
    made = []
    engine = shelf.desk.world.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: made.append(given[2]))
    brought = shelf.bring("text,clause\n" + "".join(f"Law,{number}\n" for number in range(1, 5001)))

    assert brought.new_clauses == 5000 and len(made) < 60
