"""The read side: rows as view models, one module per noun. Nothing here writes, locks or decides."""
