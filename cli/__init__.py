"""The composition root: puts both rooms together and speaks with the operator. Decides nothing about mail."""
