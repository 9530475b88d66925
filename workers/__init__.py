"""Who acts: Dramatiq actors, the handlers behind them, and the SMTP client. Imports no producer."""
