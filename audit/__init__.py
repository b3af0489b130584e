"""What an inspector reads: the journal of a space, in words, with the hashes that prove it."""
