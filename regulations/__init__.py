"""Regulations: per space a register of texts and clauses, and which procedures answer each clause."""
