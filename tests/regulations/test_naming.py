"""How words name clauses: forgiving in how they are written, strict in what is named."""

import pytest

from regulations.naming import Register


@pytest.fixture
def register() -> Register:
    made = Register()
    held = {
        ("Code monétaire et financier", "CMF"): ["L. 561-5", "L. 561-5 bis", "L. 561-8", "R. 561-5-2"],
        ("Code civil", ""): ["Article 382", "382-1"],
        ("Code civil local", ""): ["382"],
        ("ISO 9001:2015", "ISO 9001"): ["7.5", "7.5.3", "7.5.3.1 b"],
        ("21 CFR Part 11", ""): ["11.10(e)"],
    }
    for names, labels in held.items():
        made.add_text(names[0], *names)
        for label in labels:
            made.add_clause(names[0], f"{names[0]}: {label}", label)
    return made


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Code monétaire et financier, articles L. 561-5, L. 561-8 and R. 561-5-2", ["L. 561-5", "L. 561-8", "R. 561-5-2"]),
        ("code MONETAIRE et financier : art. L561-5 et R 561‑5–2", ["L. 561-5", "R. 561-5-2"]),
        ("Code mone\u0301taire et financier, article L. 561-5", ["L. 561-5"]),
        ("CMF L.561-5 bis", ["L. 561-5 bis"]),
        ("L’article L. 561-5 du code monétaire et financier (vigilance)", ["L. 561-5"]),
        ("CMF, L. 561-5 à L. 561-8", ["L. 561-5", "L. 561-8"]),
        ("CMF L. 561-5; L. 561-5", ["L. 561-5"]),
        ("Article 382 du Code civil", ["Article 382"]),
        ("Code civil local, article 382", ["382"]),
        ("Code civil, articles 382 and 382-1; CMF, article L. 561-8", ["Article 382", "382-1", "L. 561-8"]),
        ("ISO 9001:2015, 7.5.3", ["7.5.3"]),
        ("ISO 9001 clause 7.5", ["7.5"]),
        ("ISO 9001:2015 7.5.3.1 b)", ["7.5.3.1 b"]),
        ("21 CFR Part 11, § 11.10(e)", ["11.10(e)"]),
    ],
)
def test_words_name_clauses_however_they_are_written(register, words, expected):
    named = register.named(words)

    assert [id.split(": ")[1] for id in named.clauses] == expected
    assert named.unknown == ()


@pytest.mark.parametrize(
    ("words", "known", "unknown"),
    [
        ("CMF, articles L. 999-1 and L. 561-5", 1, ["Code monétaire et financier, articles L. 999-1"]),
        ("CMF, article L. 561-5-1", 0, ["Code monétaire et financier, article L. 561-5-1"]),
        ("CMF, article L. 561", 0, ["Code monétaire et financier, article L. 561"]),
        ("CMF, article R. 561-5", 0, ["Code monétaire et financier, article R. 561-5"]),
        ("CMF, article L. 561-8 ter", 0, ["Code monétaire et financier, article L. 561-8 ter"]),
        ("Code civil, article L. 561-5", 0, ["Code civil, article L. 561-5"]),
        ("Règlement (UE) 2015/847", 0, ["Règlement (UE) 2015/847"]),
        ("Code civil", 0, ["Code civil"]),
        ("", 0, [""]),
        ("'; DROP TABLE clauses; --", 0, ["'; DROP TABLE clauses; --"]),
    ],
)
def test_what_is_not_in_the_register_is_told_with_the_text_it_would_be_of(register, words, known, unknown):
    named = register.named(words)

    assert (len(named.clauses), list(named.unknown)) == (known, unknown)


def test_long_words_are_read_in_a_bounded_time(register):
    assert register.named("CMF " + "L. 561-5 " * 40).clauses == ()
    assert len(register.named("CMF " + "L. 561-5, " * 40).clauses) == 1
