"""The secret in the link that ends letters: it names whom it was sent to, is signed by the site, and works for ever."""

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "unsubscribe"


def token_for(secret_key: str | bytes, person_id: str) -> str:
    """Return what the link in a letter to somebody carries."""
    return URLSafeSerializer(secret_key, salt=_SALT).dumps(person_id)


def person_of(secret_key: str | bytes, token: str) -> str | None:
    """Return whom a link was sent to, None if it is not one of ours."""
    try:
        found = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, str) else None
