"""The search page and its interfaces: a Flask application over one Archive."""

from web.app import create_app

__all__ = ["create_app"]
