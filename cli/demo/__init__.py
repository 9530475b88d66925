"""The whole life of an interaction, lived by real processes over real SMTP, every step checked.

The demo only asks, as a person or a customer would, and moves the clock; what happens is the product's own doing.
"""

from cli.demo.playing import play

__all__ = ["play"]
