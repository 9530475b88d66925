"""Response templates and their text with the variables filled in (R29)."""

from __future__ import annotations

import html
from string import Template

from models import tables as t
from models.errors import Rejected
from models.queries import customers, interactions
from models.queries.views import Rendered, TemplateView


def every() -> list[TemplateView]:
    return [_view(row) for row in t.Template.select().order_by(t.Template.name)]


def one(name: str) -> TemplateView:
    """Raises `Rejected` ``not_found``."""
    row = t.Template.get_or_none(t.Template.name == name)
    if row is None:
        raise Rejected("not_found", f"There is no template {name!r}.")
    return _view(row)


def render(name: str, number: str, agent: str) -> Rendered:
    """The template for this interaction, as this agent would send it."""
    return fill(one(name), variables(number, agent))


def variables(number: str, agent: str) -> dict[str, str]:
    interaction = interactions.find(number)
    customer = t.Customer.get_or_none(t.Customer.id == interaction.customer)
    writer = t.Principal.get_or_none(t.Principal.id == agent)
    return {
        "customer_name": customers.called(customer) if customer else "",
        "agent_name": writer.name if writer else "",
        "number": number,
        "signature": writer.signature if writer else "",
    }


def fill(template: TemplateView, values: dict[str, str]) -> Rendered:
    """``$name`` and ``${name}`` replaced; in HTML the values are escaped, so that nobody's name becomes markup."""
    markup = {name: html.escape(value).replace("\n", "<br>") for name, value in values.items()}
    one_line = {name: " ".join(value.split()) for name, value in values.items()}
    parts = [Template(text) for text in (template.subject, template.text, template.html)]
    asked = {name for part in parts for name in part.get_identifiers()}
    return Rendered(
        subject=parts[0].safe_substitute(one_line),
        text=parts[1].safe_substitute(values),
        html=parts[2].safe_substitute(markup),
        unknown=sorted(asked - values.keys()),
    )


def _view(row: t.Template) -> TemplateView:
    return TemplateView(name=row.name, subject=row.subject, text=row.text, html=row.html)
