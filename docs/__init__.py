"""The documentation, and the generator of what is written from the code."""
