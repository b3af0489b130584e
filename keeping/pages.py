"""The pages of what people leave with: plain HTML that any browser opens from a folder, with nothing of ours."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup

_PAGE = Markup(
    '<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title>\n<style>body{{font:1rem/1.6 Georgia,serif;max-width:46rem;margin:3rem auto;padding:0 1rem}}"
    "td,th{{text-align:start;vertical-align:top;padding:.2rem 1rem .2rem 0}}small{{color:#555}}</style></head>\n<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
)


def page(title: str, language: str, *parts: Markup) -> bytes:
    """Return a whole page."""
    return _PAGE.format(title=title, language=language, body=Markup("\n").join(parts)).encode()


def words(text: str) -> Markup:
    """Return a paragraph."""
    return Markup("<p>{}</p>").format(text)


def section(heading: str, *parts: Markup) -> Markup:
    """Return parts under a heading."""
    return Markup("<h2>{}</h2>\n{}").format(heading, Markup("\n").join(parts))


def link(path: str, text: str) -> Markup:
    """Return a link to another file of the same folder."""
    return Markup('<a href="{}">{}</a>').format(quote(path), text)


def listing(items: Iterable[Markup | str], none: str) -> Markup:
    """Return a list, or that there is nothing in it."""
    rows = [Markup("<li>{}</li>").format(item) for item in items]
    return Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(rows)) if rows else words(none)


def table(rows: Sequence[Sequence[Markup | str]], none: str) -> Markup:
    """Return a table, or that there is nothing in it."""
    if not rows:
        return words(none)
    lines = [Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row)) for row in rows]
    return Markup("<table>\n{}\n</table>").format(Markup("\n").join(lines))


def thread_as_markdown(thread: Mapping, captions: Mapping[str, str]) -> str:
    """Return a thread, as the API shapes it, as one Markdown text: each post under who wrote it and when."""
    told = [captions[thread["kind"]], captions.get(thread["state"], thread["state"])]
    if thread["code"]:
        version = f", {captions['version']} {thread['version']}" if thread["version"] else ""
        told.append(captions["about"] % {"code": thread["code"]} + version)
    lines = [f"# {_one_line(thread['title'])}", "", ". ".join(told) + ".", ""]
    if thread["quote"]:
        lines += [*(f"> {line}" for line in thread["quote"].splitlines()), ""]
    authors = {post["id"]: post["author"]["name"] for post in thread["posts"]}
    for post in thread["posts"]:
        lines += [*_post(post, authors, post["id"] == thread["accepted"], captions), ""]
    return "\n".join(lines)


def _post(post: Mapping, authors: Mapping[str, str], is_accepted: bool, captions: Mapping[str, str]) -> Iterable[str]:
    head = [f"{_one_line(post['author']['name'])}, {_minute(post['created_at'])}"]
    if post["parent"] in authors:
        head.append(captions["answers"] % {"name": authors[post["parent"]]})
    if post["edited_at"]:
        head.append(captions["edited"] % {"at": _minute(post["edited_at"])})
    if is_accepted:
        head.append(captions["accepted"])
    yield f"## {', '.join(head)}"
    yield ""
    erased = post["erased"]
    if erased:
        yield captions["erased"] % {"name": erased["by"]["name"], "at": _minute(erased["at"]), "reason": _one_line(erased["reason"])}
    else:
        yield post["body"]


def _minute(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"


def _one_line(text: str) -> str:
    return " ".join(str(text or "").split())


