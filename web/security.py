"""What every answer says to the browser: nothing inline, nothing from elsewhere, no frames."""

from __future__ import annotations

from typing import Final

from flask import Response

__all__ = ["HEADERS", "protect"]

HEADERS: Final = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def protect(response: Response) -> Response:
    """Add the headers, whatever the answer is."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
