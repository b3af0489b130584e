"""What is approved, as one digest: SHA-256 over canonical JSON of everything the approver was shown."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date

from wiki.attached import covered


def content(
    space: str, *, kind: str, reason: str, in_force_from: date | None, replaces_scheduled: bool, texts: Iterable,
    for_you: Sequence[str] = (),
) -> dict:
    """Return what a digest covers. `texts` have action, code, base, markdown and attachments, in their order.

    `for_you` is there only where it says something, so that digests from before it was known stay what they are.
    """
    said = {"for_you": list(for_you)} if for_you else {}
    return said | {
        "space": space,
        "kind": kind,
        "reason": reason,
        "in_force_from": in_force_from.isoformat() if in_force_from else None,
        "replaces_scheduled": replaces_scheduled,
        "texts": [
            {"action": text.action, "code": text.code, "base": text.base, "file": text.markdown, "attachments": covered(text)}
            for text in texts
        ],
    }


def digest(covered: dict) -> str:
    """Return the digest of what `content` returned."""
    canonical = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
