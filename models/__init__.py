"""What is true: states, contracts, rules and rows. Imports neither producers nor workers."""
