"""Git trees as pure data: the tree that follows when some files are set or removed."""

from collections.abc import Mapping

from wiki.objects import Objects

_FILE = b"100644"
_FOLDER = b"40000"


def changed_tree(objects: Objects, tree: str | None, files: Mapping[str, str | None]) -> str:
    """Write the tree that equals `tree` with `files` set (path → blob id) or removed (None), and return its id.

    A folder left empty goes with its last file.
    """
    entries = _changed(objects, tree, {tuple(path.encode().split(b"/")): blob for path, blob in files.items()})
    return _written(objects, entries)


def _changed(objects: Objects, tree: str | None, files: Mapping[tuple[bytes, ...], str | None]) -> dict:
    entries = dict(objects.tree(tree)) if tree else {}
    below: dict[bytes, dict] = {}
    for path, blob in files.items():
        if len(path) > 1:
            below.setdefault(path[0], {})[path[1:]] = blob
        elif blob is None:
            entries.pop(path[0], None)
        else:
            entries[path[0]] = (_FILE, bytes.fromhex(blob))
    for name, inner in below.items():
        held = entries.get(name)
        folder = held[1].hex() if held and held[0].lstrip(b"0") == _FOLDER else None
        changed = _changed(objects, folder, inner)
        if changed:
            entries[name] = (_FOLDER, bytes.fromhex(_written(objects, changed)))
        else:
            entries.pop(name, None)
    return entries


def _written(objects: Objects, entries: dict) -> str:
    # Git sorts a folder as if its name ended with a slash.
    ordered = sorted(entries.items(), key=lambda item: item[0] + b"/" if item[1][0] == _FOLDER else item[0])
    return objects.write_tree(dict(ordered))
