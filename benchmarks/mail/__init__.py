"""How well incoming mail is understood, measured on mails that nobody here wrote."""
