"""What paper says beside the text, in the reader's language: how a version stands, who approved it, where to check."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from accounts.models import Space
from core import clock
from core.catalogue import day, utc
from core.web import site
from paper.sheets import Fact, Sheet
from wiki.facts import Facts, facts_of
from wiki.models import Version
from wiki.standing import Standing


@dataclass(frozen=True)
class Copy:
    """A version to be put on paper. `standing` is how its procedure stands on the day of printing, whatever day is read."""

    code: str
    space: Space
    version: Version
    standing: Standing


def sheet(copy: Copy, text: str) -> Sheet:
    """Return a version as it is put on paper."""
    facts = facts_of(text, copy.version.path) if text else Facts(title=copy.version.title)
    return Sheet(
        code=copy.code, title=copy.version.title, reference=reference(copy), printed=printed(copy.standing.day),
        approved=approved(copy.version), check=check(copy.code), status=_status(copy), across=across(copy),
        notes=_notes(copy), colophon=_colophon(copy, facts), text=text, path=copy.version.path, slug=copy.space.slug,
    )


def across(copy: Copy) -> str:
    """Return the words that go across every page of a version that may not be used, nothing for one that may."""
    version, standing = copy.version, copy.standing
    match standing.state_of(version):
        case "scheduled":
            return _("Not in force before %(day)s", day=day(version.in_force_from))
        case "cancelled":
            return _("Cancelled, do not use")
        case "in_force":
            return "" if version.blob else _("Retired on %(day)s, do not use", day=day(version.in_force_from))
    until = standing.until(version)
    if until is None:
        return _("Superseded, do not use")
    if standing.current is not None and standing.current.blob is None:
        return _("Retired on %(day)s, do not use", day=day(standing.current.in_force_from))
    return _("Superseded on %(day)s, do not use", day=day(until))


def reference(copy: Copy) -> str:
    """Return the line in the head of every page: code, version, and how it stands."""
    version, standing = copy.version, copy.standing
    said = {"code": copy.code, "number": version.number, "day": day(version.in_force_from)}
    match standing.state_of(version):
        case "in_force":
            if version.blob is None:
                return _("%(code)s, version %(number)s, retired from %(day)s: do not use", **said)
            return _("%(code)s, version %(number)s, in force from %(day)s", **said)
        case "scheduled":
            return _("%(code)s, version %(number)s, not in force before %(day)s", **said)
        case "cancelled":
            return _("%(code)s, version %(number)s, cancelled: do not use", **said)
    until = standing.until(version)
    if until is None:
        return _("%(code)s, version %(number)s, superseded: do not use", **said)
    return _(
        "%(code)s, version %(number)s, in force from %(day)s, superseded on %(until)s: do not use", **said, until=day(until)
    )


def printed(today: date) -> str:
    """Return the line that says on which day a copy was made."""
    return _("Printed on %(day)s; check afterwards", day=day(today))


def check(code: str) -> str:
    """Return the line that says where the version in force is to be found."""
    return _("Check before use: %(address)s", address=f"{site().settings.address}/procedures/{code}")


def approved(version: Version) -> str:
    """Return the line in the foot of every page: who approved, and on which day."""
    if version.imported:
        return _("Imported, not approved here")
    signed = [f"{one['name']} ({day(clock.instant(one['at']).date())})" for one in version.approvals]
    return _("Approved by %(names)s", names=listed(signed)) if signed else _("Published without approval, as this space asks")


def meaning(approval: dict) -> str:
    """Return what an approval means, in words."""
    return _("“I have reviewed this text.”") if approval["meaning"] == "review" else _("“I approve this text for use.”")


def listed(names: Sequence[str]) -> str:
    """Return names as one says them: Anne, Boris and Chloé."""
    return f"{', '.join(names[:-1])} {_('and')} {names[-1]}" if len(names) > 1 else "".join(names)


def counted_page() -> str:
    """Return the words that count pages, with {page} and {pages} where the figures go."""
    return _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")


def _status(copy: Copy) -> str:
    version, standing = copy.version, copy.standing
    said = {"number": version.number, "day": day(version.in_force_from)}
    match standing.state_of(version):
        case "in_force" if version.blob is None:
            first = f"{_('Retired')} {_('since %(day)s', **said)}"
        case "in_force":
            first = f"{_('Version %(number)s, in force', **said)} {_('since %(day)s', **said)}"
        case "scheduled":
            first = _("Version %(number)s, not yet in force", **said) + _(": it takes force on %(day)s", **said)
        case "cancelled":
            first = _("Version %(number)s, cancelled", **said) + _(": it never took force")
        case _:
            first = _("Version %(number)s, superseded", **said) + _(": it was in force from %(day)s", **said)
    return f"{first}, {_approved_by(version)}."


def _approved_by(version: Version) -> str:
    if version.imported:
        return _("imported, not approved here")
    names = listed([one["name"] for one in version.approvals])
    return _("approved by %(names)s", names=names) if names else _("published without approval, as this space asks")


def _notes(copy: Copy) -> tuple[str, ...]:
    version, standing = copy.version, copy.standing
    notes = [_("Owner: %(owner)s.", owner=version.owner)] if version.owner else []
    if standing.state_of(version) == "in_force":
        for later in standing.scheduled:
            said = {"number": later.number, "day": day(later.in_force_from)}
            notes.append(_("Version %(number)s takes over on %(day)s.", **said) if later.blob else _("Retired from %(day)s.", **said))
    if version.blob is None:
        notes.append(_("This version retired the procedure: it has no text."))
    return tuple(notes)


def _colophon(copy: Copy, facts: Facts) -> tuple[Fact, ...]:
    version = copy.version
    said = [
        (_("Approved"), tuple(line for one in version.approvals for line in (f"{one['name']}, {utc(one['at'])}", meaning(one)))),
        (_("In force from"), (day(version.in_force_from),)),
        (_("Written by"), _written_by(version)),
        (_("Why"), (version.reason,)),
        (_("What changes for you"), tuple(version.for_you)),
        (_("Regulation"), facts.regulations),
        (_("Applies to"), (", ".join(facts.applies_to),)),
        (_("Reviewed every"), (facts.review_every,)),
        (_("Record"), _record(version)),
    ]
    found = (Fact(name, tuple(line for line in lines if line)) for name, lines in said)
    return tuple(fact for fact in found if fact.lines)


def _written_by(version: Version) -> tuple[str, ...]:
    lines = []
    for writer in version.written_by:
        lines += [f"{writer['name']}, {utc(writer['at'])}", _("“I wrote this text.”")] if "at" in writer else [writer["name"]]
    return tuple(lines) or (version.author,)


def _record(version: Version) -> tuple[str, ...]:
    return (
        _("Commit %(commit)s", commit=version.commit),
        _("Digest of what was approved %(digest)s", digest=version.digest) if version.digest else "",
        _("This copy is controlled on the day it is printed; afterwards, check the version in force."),
    )
