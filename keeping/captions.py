"""The words of ours that stand in what people leave with, in one language, for code that knows no request."""

from collections.abc import Mapping

from flask_babel import gettext as _


def captions() -> Mapping[str, str]:
    """Return our words in the language of the request, or of the command."""
    return {
        "made": _("Taken out on %(at)s UTC from %(site)s."),
        "nothing_needed": _("Everything here opens with a browser, a text editor and a spreadsheet. A history is a git bundle: “git clone history.bundle” gives the repository back, every version with its signatures."),
        "spaces": _("Spaces"),
        "people": _("People"),
        "left_out": _("Left out, because whoever took this out may not read them:"),
        "procedures": _("Procedures"),
        "threads": _("Threads"),
        "registers": _("Lists"),
        "none": _("None."),
        "in_force": _("In force"),
        "scheduled": _("Scheduled"),
        "retired": _("Retired"),
        "cancelled": _("Cancelled"),
        "superseded": _("Superseded"),
        "version": _("Version"),
        "question": _("Question"),
        "tip": _("Tip"),
        "gap": _("We do it differently"),
        "announcement": _("Announcement"),
        "open": _("open"),
        "answered": _("answered"),
        "closed": _("closed"),
        "about": _("About %(code)s"),
        "accepted": _("Accepted answer"),
        "answers": _("in answer to %(name)s"),
        "edited": _("edited %(at)s"),
        "erased": _("Erased by %(name)s on %(at)s: %(reason)s"),
        "back": _("All spaces"),
    }
