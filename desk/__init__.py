"""The animator's desk: what a community needs from whoever keeps it alive, with the act right there."""
