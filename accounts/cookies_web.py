"""The browser's session cookie: signed as Flask signs it, by a serializer that is built once instead of at every request."""

from functools import lru_cache

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class SignedCookies(SecureCookieSessionInterface):
    """Flask's sessions. What signs them depends on the site's secrets alone."""

    def get_signing_serializer(self, app: Flask):
        """Return what signs and reads the cookie; None for a site without a secret."""
        return self._built(app, app.secret_key, tuple(app.config.get("SECRET_KEY_FALLBACKS") or ()))

    @lru_cache(maxsize=4)      # an app and its interface live as long as their process
    def _built(self, app: Flask, _secret, _earlier: tuple):
        return super().get_signing_serializer(app)
