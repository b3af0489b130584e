"""Programs that measure the product, as ratios against floors taken in the same run."""
