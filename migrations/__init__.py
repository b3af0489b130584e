"""The shape of the tables, one step after the other."""
