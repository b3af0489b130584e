"""The starter procedures, written for this product, and the story that loads them into a new site."""
