"""Running the site: whether it is well, what it counts and logs, and the pages for those who look after it."""
