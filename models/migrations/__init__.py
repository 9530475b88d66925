"""How the schema came to be, step by step; every step is frozen text and is never changed after its release."""
