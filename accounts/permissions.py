"""What can be permitted in a space, and in which words it is refused. Who may what is in policy.py."""

from enum import StrEnum

from core.errors import N_


class Permission(StrEnum):
    """What somebody may do in a space."""

    READ = "read"                      # published texts and threads
    TAKE_PART = "take_part"            # ask, answer, tip, mark useful
    PROPOSE = "propose"                # propose other words, for an author to decide
    WRITE = "write"                    # open, edit and submit changes
    APPROVE = "approve"                # decide changes, four eyes permitting
    SEE_CHANGES = "see_changes"        # drafts and reviews
    SEE_JOURNAL = "see_journal"        # the acts of the space
    MODERATE = "moderate"              # close, lock, pin, merge, attach, hide and erase what others wrote, announce
    SEE_HIDDEN = "see_hidden"          # what animators hid, with its words
    ANSWER_GAP = "answer_gap"          # say of a gap its cause, the answer, the action and the day it is to be closed by
    ATTEST = "attest"                  # say that one has read and understood
    SET_AUDIENCE = "set_audience"      # whom a procedure asks to say so
    SEE_RECEIPTS = "see_receipts"      # who has said so and who has not
    REMIND = "remind"                  # ask those again who have not
    REVIEW = "review"                  # say that a procedure is still right, or is not
    SEE_INSIGHTS = "see_insights"      # what the exchanges teach, in figures
    KEEP_REGISTER = "keep_register"    # add texts and clauses to the register of regulations, say that one was amended
    INVITE = "invite"                  # ask somebody from outside into the space, until a day


ARCHIVED = N_("This space is archived: it can be read, and nothing is written in it any more.")
REASONS = {
    Permission.TAKE_PART: N_("Only people who are signed in, and not auditors of the space, can take part."),
    Permission.PROPOSE: N_("Only people who are signed in, and not auditors of the space, can propose a change."),
    Permission.WRITE: N_("Only authors of this space can write changes."),
    Permission.APPROVE: N_("Only approvers of this space can decide changes."),
    Permission.SEE_CHANGES: N_("Only authors, approvers and auditors of this space can see its changes."),
    Permission.SEE_JOURNAL: N_("Only auditors of this space can read its journal."),
    Permission.MODERATE: N_("Only animators of this space can do this."),
    Permission.SEE_HIDDEN: N_("Only animators and auditors of this space can see what was hidden."),
    Permission.ANSWER_GAP: N_("Only the owner of the procedure, and authors, approvers and animators of this space, can say this of a gap."),
    Permission.ATTEST: N_("Only people who are signed in, and not auditors of the space, can say that they have read a procedure."),
    Permission.SET_AUDIENCE: N_("Only authors of this space can say whom a procedure asks."),
    Permission.SEE_RECEIPTS: N_("Only authors, approvers and auditors of this space can see who has read a procedure."),
    Permission.REMIND: N_("Only authors and approvers of this space can ask people again."),
    Permission.REVIEW: N_("Only authors and approvers of this space can review its procedures."),
    Permission.SEE_INSIGHTS: N_("Only authors, approvers, animators and auditors of this space can see its figures."),
    Permission.KEEP_REGISTER: N_("Only authors of this space can change its register of regulations."),
    Permission.INVITE: N_("Only authors and animators of a public or restricted space can invite somebody into it."),
}
