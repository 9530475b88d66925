"""Commands of whoever runs the house: schema, tokens, passwords, dead letters, a restore from backup."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from cli.words import AsJson, examples, where_of

LetterArgument = Annotated[str, typer.Argument(metavar="DEAD…", help="The letter's id.")]


def register(app: typer.Typer) -> None:
    app.command(epilog=examples("postroom migrate", "postroom migrate --check"))(migrate)
    app.command("after-restore", epilog=examples("postroom after-restore"))(after_restore)
    app.command(epilog=examples("postroom dkim", "postroom dkim --json"))(dkim)
    app.add_typer(_tokens(), name="token")
    app.add_typer(_passwords(), name="password")
    app.add_typer(_dead(), name="dead")
    app.add_typer(_suppressions(), name="suppressions")


def migrate(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 if something is pending.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database's schema forward, from empty or from any earlier release."""
    from cli import upkeep

    upkeep.migrate(where_of(context), check, as_json)


def after_restore(context: typer.Context, as_json: AsJson = False) -> None:
    """After a restore from backup, before anything else is started: nothing that may have left is sent again (R38)."""
    from cli import upkeep

    upkeep.after_restore(where_of(context), as_json)


def dkim(context: typer.Context, as_json: AsJson = False) -> None:
    """The DNS records of the DKIM keys, to copy into the zones of the sending domains."""
    from cli import sealing

    sealing.show(where_of(context), as_json)


def token_create(
    context: typer.Context,
    principal: Annotated[str, typer.Argument(help="Who the token speaks for.")],
    role: Annotated[
        str | None, typer.Option(help="agent, manager, admin or service: create the principal, or change its role.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The principal's name, with --role.")] = None,
    amqp_user: Annotated[
        str | None, typer.Option(help="The broker user this principal publishes as, with --role.")
    ] = None,
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"], help="Refused from then on (UTC).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a bearer token; it is printed once and kept nowhere."""
    from cli import tokens

    tokens.create(where_of(context), principal, tokens.Wish(role, name, amqp_user, expires), as_json)


def token_list(context: typer.Context, as_json: AsJson = False) -> None:
    """All tokens by id, with whom they speak for; never the tokens themselves."""
    from cli import tokens

    tokens.show(where_of(context), as_json)


def token_revoke(
    context: typer.Context,
    token_id: Annotated[str, typer.Argument(metavar="TK…", help="The token's id, from `postroom token list`.")],
) -> None:
    """Refuse a token from now on; doors that remember it notice within seconds."""
    from cli import tokens

    tokens.revoke(where_of(context), token_id)


def password_set(
    context: typer.Context, principal: Annotated[str, typer.Argument(help="Who signs in with it.")]
) -> None:
    """Set the password with which somebody signs in to the workspace; asked for, or read from standard input.

    It is kept as an Argon2id hash. Setting it again ends every session that was begun with the former one.
    """
    from cli import passwords

    passwords.set_one(where_of(context), principal)


def suppressions_list(context: typer.Context, as_json: AsJson = False) -> None:
    """Addresses that are not mailed: for which mail, why, since and until when."""
    from cli import suppressions

    suppressions.show_all(where_of(context), as_json)


def suppressions_lift(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The address that shall be mailed again.")],
    scope: Annotated[
        str | None, typer.Option(help="all or reminders: only this one; whatever there is, if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Mail an address again. To suppress one: `postroom publish suppress_address address=… reason=…`."""
    from cli import suppressions

    suppressions.lift(where_of(context), address, scope, as_json)


def dead_list(context: typer.Context, as_json: AsJson = False) -> None:
    """The dead letters, the latest first."""
    from cli import dead

    dead.show_all(where_of(context), as_json)


def dead_show(context: typer.Context, letter: LetterArgument, as_json: AsJson = False) -> None:
    """One dead letter with its beginning and the reason it died of."""
    from cli import dead

    dead.show(where_of(context), letter, as_json)


def dead_replay(
    context: typer.Context,
    letters: Annotated[list[str] | None, typer.Argument(metavar="DEAD…", help="Ids of letters.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were not replayed yet.")] = False,
) -> None:
    """Take dead letters for the commands they were meant to be; what is still malformed stays dead."""
    from cli import dead

    dead.replay(where_of(context), letters or [], everything)


def dead_drop(
    context: typer.Context,
    letters: Annotated[list[str] | None, typer.Argument(metavar="DEAD…", help="Ids of letters.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
) -> None:
    """Throw dead letters away for good."""
    from cli import dead

    dead.drop(where_of(context), letters or [], everything)


def _tokens() -> typer.Typer:
    group = typer.Typer(help="Bearer tokens of the HTTP API: create, list, revoke.", no_args_is_help=True)
    group.command("create", epilog=examples("postroom token create anna --role agent --name 'Anna Bauer'"))(
        token_create
    )
    group.command("list")(token_list)
    group.command("revoke", epilog=examples("postroom token revoke tk_…"))(token_revoke)
    return group


def _passwords() -> typer.Typer:
    group = typer.Typer(help="Passwords of the workspace.", no_args_is_help=True)
    group.callback()(lambda: None)  # so that `set` stays a word of its own
    group.command("set", epilog=examples("postroom password set anna", "pwgen -s 20 1 | postroom password set anna"))(
        password_set
    )
    return group


def _dead() -> typer.Typer:
    group = typer.Typer(help="Messages no handler could take: list, show, replay, drop.", no_args_is_help=True)
    group.command("list")(dead_list)
    group.command("show")(dead_show)
    group.command("replay", epilog=examples("postroom dead replay dead_…", "postroom dead replay --all"))(dead_replay)
    group.command("drop", epilog=examples("postroom dead drop dead_…"))(dead_drop)
    return group


def _suppressions() -> typer.Typer:
    group = typer.Typer(help="Addresses that are not mailed: list, lift.", no_args_is_help=True)
    group.command("list")(suppressions_list)
    group.command("lift", epilog=examples("postroom suppressions lift ada@customer.example --scope reminders"))(
        suppressions_lift
    )
    return group
