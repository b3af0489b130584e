"""What the check knows besides the text: the language, and what its space already has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from advice.english import ENGLISH
from advice.french import FRENCH
from advice.languages import Language

_LANGUAGES = {"en": ENGLISH, "fr": FRENCH}


@dataclass(frozen=True)
class Context:
    """The surroundings of one text. `roles` are those of the space's other procedures in force, by their folded name."""

    language: str = "en"
    title: str = ""
    skip: int = 0                                       # lines of front matter
    names_regulation: bool = False                      # its front matter does
    review_every: str = ""                              # what its front matter says of how often it is reviewed
    is_published: bool = False                          # the procedure has a version, so that a tip can hang beside it
    words_budget: int | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()                   # the folded names that its own text in force has already
    dead: frozenset[str] = frozenset()                  # the targets and codes of `links.targets` that lead nowhere

    @property
    def rules(self) -> Language:
        """The rules of its language."""
        return _LANGUAGES.get(self.language, ENGLISH)
