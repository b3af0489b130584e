"""What each act of a space's journal is called, as it reads after the name of whoever did it."""

from core.errors import N_

_OF_RULE = {
    "open_change": N_("began a change"),
    "propose": N_("proposed a change"),
    "take_over": N_("took a proposal over"),
    "save_change": N_("saved a change"),
    "leave_remark": N_("left a remark on a change as it is"),
    "cite": N_("named a thread in a change"),
    "submit": N_("submitted a change"),
    "approve": N_("approved a change"),
    "decline": N_("declined a change, with a reason"),
    "withdraw": N_("withdrew a change"),
    "publish": N_("published"),
    "set_audience": N_("chose whom a procedure asks to read it"),
    "attest": N_("said to have read and understood a procedure"),
    "remind": N_("asked people again to read a procedure"),
    "review": N_("reviewed a procedure"),
    "set_own_approvals": N_("chose who else must approve a procedure"),
    "bring_register": N_("brought a list into the register of regulations"),
    "add_regulation": N_("added a text to the register"),
    "edit_regulation": N_("corrected a text of the register"),
    "check_regulation": N_("checked that a text of the register is current"),
    "drop_regulation": N_("took a text out of the register"),
    "add_clause": N_("added a clause to the register"),
    "edit_clause": N_("corrected a clause of the register"),
    "amend_clause": N_("said that a clause was amended"),
    "drop_clause": N_("took a clause out of the register"),
}
_OF_PRACTICE = {
    "open_thread": N_("opened a thread"),
    "post": N_("wrote a message"),
    "edit_post": N_("edited a message"),
    "erase_post": N_("erased a message, with a reason"),
    "hide_post": N_("hid a message, with a reason"),
    "unhide_post": N_("showed a hidden message again"),
    "add_picture": N_("added a picture to a message"),
    "remove_picture": N_("took a picture off a message"),
    "useful": N_("found a message useful"),
    "not_useful": N_("no longer finds a message useful"),
    "report_post": N_("reported a message"),
    "settle_report": N_("settled the reports of a message"),
    "accept": N_("accepted an answer, or took that back"),
    "check": N_("said whether a thread still holds"),
    "ask_somebody": N_("asked somebody who may know"),
    "gap_cause": N_("gave the cause of a gap"),
    "gap_answer": N_("gave the answer to a gap"),
    "gap_action": N_("gave the action on a gap"),
    "gap_close_by": N_("gave the day to close a gap by"),
    "close": N_("closed a thread"),
    "reopen": N_("opened a thread again"),
    "lock_thread": N_("locked a thread"),
    "unlock_thread": N_("unlocked a thread"),
    "pin_thread": N_("pinned a thread"),
    "unpin_thread": N_("unpinned a thread"),
    "hide_thread": N_("hid a thread, with a reason"),
    "unhide_thread": N_("showed a hidden thread again"),
    "attach_thread": N_("attached a thread elsewhere"),
    "merge_thread": N_("merged a thread into another"),
    "join_thread": N_("brought the messages of another thread into a thread"),
    "forget_search": N_("put away a search that found nothing"),
}
_OF_SPACE = {
    "add_space": N_("added the space"),
    "set_space": N_("changed the settings of the space"),
    "set_visibility": N_("changed who may read the space"),
    "set_approvals": N_("chose who must approve"),
    "set_budget": N_("chose how many words a procedure may have"),
    "archive_space": N_("archived the space"),
    "reopen_space": N_("opened the space again"),
    "grant": N_("gave somebody a role"),
    "revoke": N_("took a role away from somebody"),
    "invite": N_("invited somebody"),
    "accept_invitation": N_("accepted an invitation"),
    "keep_invitation": N_("said that an invitation is still needed"),
    "end_invitation": N_("ended an invitation"),
}
WORDS = _OF_RULE | _OF_PRACTICE | _OF_SPACE
OTHER = N_("did something that has no name here")

# What only an import does without a person; the rest was done by the site, or on its command line.
_BROUGHT = frozenset({"open_change", "save_change", "submit", "publish"})


def words(act: str) -> str:
    """Return what an act is called, marked for translation."""
    return WORDS.get(act, OTHER)


def nobody(act: str) -> str:
    """Return who did an act that carries no person, marked for translation."""
    return N_("An import") if act in _BROUGHT else N_("The site")
