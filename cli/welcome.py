"""What a newcomer reads after the start: where everything is, the tokens (once), and a first thing to try."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from cli.folder import Folder
from models.settings import Settings

FIRST = """curl -s {url}/v1/commands -H "Authorization: Bearer {token}" -H "Content-Type: application/json" \\
  -H "Prefer: wait=5" -d '{{"version":1,"id":"first","type":"compose","body":{{"customer":"ada"}}}}'"""


def welcome(settings: Settings, url: str, folder: Folder, fresh: dict[str, str], passwords: dict[str, str]) -> None:
    """Printed when everything answers; flushed, because somebody may read it from a pipe."""
    console = Console(soft_wrap=True, highlight=False)
    mail_out = settings.smtp_url or f"the built-in sink, smtp://127.0.0.1:{settings.sink_port} ({url}/v1/demo/captured)"
    console.print(f"\n[bold]Postroom is running.[/bold] Ctrl-C stops it; its data is in {folder.path}.")
    console.print(f"  workspace  [bold]{url}/[/bold]")
    if passwords:
        people = ", ".join(f"{name} {password}" for name, password in passwords.items())
        console.print(Text(f"             sign in as {people}"))
    console.print(f"  HTTP API   {url} (described at {url}/openapi.json)")
    console.print(f"  mail in    {settings.inbound_protocol}://{settings.inbound_host}:{settings.inbound_port}")
    console.print("  mail out   " + mail_out)
    if fresh:
        console.print(f"\nSample people, each with a token that is shown this once (kept in {folder.tokens_path}):")
        for name, token in fresh.items():
            console.print(Text(f"  {name:<6} {token}"))
        console.print("\nSample customers: ada (contact), carlo (consumer with two addresses), guest-kim (guest).")
    else:
        console.print(f"  tokens     {folder.tokens_path}")
    token = fresh.get("anna", f"$(python3 -c \"import json; print(json.load(open('{folder.tokens_path}'))['anna'])\")")
    console.print("\nA first command, as the agent Anna:\n")
    console.print(Text(FIRST.format(url=url, token=token)))
    console.print(f"\nThen: {_program()} show IMS0001001\n")
    console.file.flush()


def _program() -> str:
    """What one types here for the command line."""
    beside = Path(sys.executable).with_name("postroom")
    return str(beside.relative_to(Path.cwd())) if beside.is_relative_to(Path.cwd()) else "postroom"
