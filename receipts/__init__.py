"""Read and understood: whom a procedure asks, who has said so, and who has not."""
