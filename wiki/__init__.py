"""The rule: procedures, their versions, the changes that make them, and the git repositories that keep them."""
