"""What a browser calls itself, in words that its owner knows it by. A guess: any program may call itself anything."""

# Names come before the ones that they also claim to be.
_PROGRAMS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def program(browser: str) -> str:
    """Return the name of the browser, nothing if it is none that is known."""
    return _first(_PROGRAMS, browser)


def system(browser: str) -> str:
    """Return what it runs on, nothing if that is not known."""
    return _first(_SYSTEMS, browser)


def _first(known: tuple[tuple[str, str], ...], browser: str) -> str:
    return next((name for mark, name in known if mark in browser), "")
