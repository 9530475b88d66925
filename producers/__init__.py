"""Every door through which a wish enters, and the sweeper that repeats what was promised. Decides nothing; imports no worker."""
