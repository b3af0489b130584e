"""Nobody has to come back to look: who follows what, what people are told in the page and by mail."""
