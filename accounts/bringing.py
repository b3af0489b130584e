"""Bringing a list of people: what each line would do, and doing it. A line with a problem is left out and says why."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import people, sign_ins
from accounts.actors import Actor
from accounts.models import Person
from accounts.pasted import Asked
from accounts.policy import require_administrator
from core.errors import Invalid, N_, Problem


@dataclass(frozen=True)
class Line:
    """What one line does: `add`, `change` (the team), `same`, or `problem`; the secret of the link of who was added."""

    asked: Asked
    does: str
    person: Person | None = None
    problem: Problem | None = None
    secret: str | None = None


def look(session: Session, by: Actor | None, asked: Sequence[Asked]) -> list[Line]:
    """Return what each line would do, without doing it. Raises: Denied."""
    require_administrator(by)
    addresses = {one.number: _address(one) for one in asked}
    wanted = {email for email in addresses.values() if email}
    here = {person.email: person for person in session.scalars(select(Person).where(Person.email.in_(wanted)))}
    first: dict[str, int] = {}
    lines = []
    for one in asked:
        email = addresses[one.number]
        if email and email in first:
            problem = Invalid(N_("This address stands on line %(line)s already."), field="list", line=first[email])
            lines.append(Line(one, "problem", here.get(email), problem))
            continue
        first.setdefault(email or "", one.number)
        lines.append(_line(one, here.get(email)))
    return lines


def bring(session: Session, by: Actor | None, asked: Sequence[Asked]) -> list[Line]:
    """Do what each line says, each person added with a one-time link; lines with a problem do nothing. Raises: Denied."""
    return [_done(session, by, line) for line in look(session, by, asked)]


def _address(asked: Asked) -> str | None:
    try:
        return people.clean_email(asked.email)
    except Invalid:
        return None


def _line(asked: Asked, person: Person | None) -> Line:
    try:
        if not asked.email:
            raise Invalid(N_("Give an e-mail address such as anne@bank.example."), field="email")
        people.clean_email(asked.email)
        team = people.clean_team(asked.team)
        if person is None:
            return _new(asked)
    except Problem as problem:
        return Line(asked, "problem", person, problem)
    return Line(asked, "change" if team and team != person.team else "same", person)


def _new(asked: Asked) -> Line:
    if not asked.name:
        raise Invalid(N_("Give a full name, without < or >."), field="name")
    people.clean_name(asked.name)
    if asked.disabled:
        raise Invalid(N_("Somebody who is disabled is not added."), field="list")
    if asked.guest and asked.administrator:
        raise Invalid(N_("A guest cannot be an administrator."), field="list")
    return Line(asked, "add")


def _done(session: Session, by: Actor | None, line: Line) -> Line:
    asked = line.asked
    if line.does == "add":
        person = people.add(
            session, by, email=asked.email, name=asked.name, team=asked.team, guest=asked.guest, administrator=asked.administrator
        )
        return Line(asked, "add", person, secret=sign_ins.add_link(session, by, person))
    if line.does == "change":
        people.choose_team(session, by, line.person, asked.team)
    return line
