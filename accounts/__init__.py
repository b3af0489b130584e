"""People, spaces, who was let into which, and every rule about rights."""
