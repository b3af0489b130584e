"""Paper: the controlled copy of a version and the whole manual of a space, as print view and as PDF."""
