"""What pages need besides themselves: addresses of static files that change with their content, modules, drawings."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app
from markupsafe import Markup


def install(app: Flask) -> None:
    """Let the templates of an app ask for `static(file)`, `scripts()` and `symbols()`."""
    app.jinja_env.globals |= {"static": static, "scripts": scripts, "symbols": symbols}


def static(file: str) -> str:
    """Return the address of a static file, which changes with its content so that browsers may keep it."""
    return _address(current_app.static_folder, file)


def scripts() -> Markup:
    """Return the tags of the modules of JavaScript: one per behaviour, each idle where a page does not ask for it."""
    return _tags(current_app.static_folder)


def symbols() -> Markup:
    """Return the drawings that pages use, once per page."""
    kept = current_app.extensions
    if "symbols" not in kept:
        kept["symbols"] = current_app.jinja_env.get_template("_parts.html").module.symbols()
    return kept["symbols"]


def warm(app: Flask) -> None:
    """Make once what every page needs, so that a page that says what failed opens no file for it."""
    with app.app_context():
        scripts(), symbols(), static("style.css"), static("icon.svg")


@cache
def _tags(folder: str) -> Markup:
    names = sorted(path.name for path in Path(folder).glob("*.js"))
    return Markup("\n").join(Markup('<script type="module" src="{}"></script>').format(_address(folder, name)) for name in names)


@cache
def _address(folder: str, file: str) -> str:
    fingerprint = hashlib.sha256((Path(folder) / file).read_bytes()).hexdigest()[:12]
    return f"/static/{file}?v={fingerprint}"
