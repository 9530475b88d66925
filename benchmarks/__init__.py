"""How fast the post room is on this machine, always beside something to compare with. No test looks at a watch; this does."""
