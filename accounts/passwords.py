"""Passwords: what is taken for one, and how it is kept. Source: NIST SP 800-63B section 5.1.1, OWASP ASVS 6.2."""

import unicodedata

from werkzeug.security import check_password_hash, generate_password_hash

from core.errors import Invalid, N_, TooLong

SHORTEST = 10
LONGEST = 200

# Words that open the lists of stolen passwords; a password that is one of them, or one with figures added, is refused.
_COMMON = frozenset(
    """
    password passw0rd p@ssword p@ssw0rd motdepasse azertyuiop azerty qwertyuiop qwerty qwertz welcome bienvenue letmein
    iloveyou jetaime administrator administrateur admin changeme changemenow secret secretsecret sunshine princess
    football baseball superman batman starwars trustno1 dragon monkey master shadow michael jennifer computer internet
    soleil doudou chouchou marseille bonjour bonjourbonjour abcdefghij abcdefghijk abcdefghijkl asdfghjkl asdfghjklm zxcvbnm
    qazwsxedc 1qaz2wsx 1qaz2wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsxcde3 passwordpassword
    motdepassemotdepasse correcthorsebatterystaple livingprocedures procedures compliance conformite banque
    default guest test testtest testing login nimda root toor samsung google facebook whatever mustang hello hellohello
    charlie freedom loveyou lovelove pokemon naruto
    """.split()
)
# Checked against when nobody has the address given, so that it takes as long as when somebody has.
_NOBODYS = generate_password_hash("nobody has this password")


def checked(password: object, *, own: tuple[str, ...]) -> str:
    """Return a password that can be taken; `own` are the words about its person that it may not be.

    Raises: Invalid with what to do about it.
    """
    if not isinstance(password, str) or len(password) < SHORTEST:
        raise Invalid(N_("Use at least %(shortest)s characters: a few words are easy to remember."), field="password", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise TooLong(field="password", limit=LONGEST, length=len(password))
    folded = _folded(password)
    if _is_common(folded):
        raise Invalid(N_("This password is one of the first that anybody would try. Choose another."), field="password")
    if any(folded == word or _letters(folded) == _letters(word) for word in map(_folded, own) if word):
        raise Invalid(N_("Your password cannot be your name or your e-mail address."), field="password")
    return password


def kept(password: str) -> str:
    """Return what is kept of a password."""
    return generate_password_hash(_normal(password))


def is_right(password: str, hash: str | None) -> bool:
    """Say whether this is the password that was kept, in the same time whether there is one or not."""
    right = check_password_hash(hash or _NOBODYS, _normal(password[:LONGEST]))
    return right and hash is not None


def _normal(password: str) -> str:
    # Keyboards write the same accent in two ways.
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalpha())


def _is_common(folded: str) -> bool:
    bare = folded.strip("0123456789!?.*#$-_ ")
    return bare == "" or bare in _COMMON or folded in _COMMON or len(set(folded)) < 5
