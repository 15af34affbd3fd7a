"""Errors as pages and as JSON: what is wrong, then the cure."""

from __future__ import annotations

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, SecurityError

from searcher.errors import QueryError, SearcherError

__all__ = ["install"]

_TITLES = {
    400: "That request cannot be answered",
    404: "Not found",
    405: "Not allowed",
    500: "Something broke on our side",
    503: "Not ready yet",
}


def install(app: Flask) -> None:
    """Handle every error there can be."""
    app.register_error_handler(SearcherError, _ours)
    app.register_error_handler(SecurityError, _stranger)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def _ours(error: SearcherError) -> ResponseReturnValue:
    """A wrong request is the visitor's to mend (400); an index that is not there is ours (503)."""
    return _answer(400 if isinstance(error, QueryError) else 503, str(error))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _answer(error.code, error.description or error.name)


def _stranger(error: SecurityError) -> ResponseReturnValue:
    """A request for a host that is not ours: no page, since no link of it could be right."""
    return error.get_response()


def _bug(error: Exception) -> ResponseReturnValue:
    current_app.logger.exception("%s %s", request.method, request.full_path)
    return _answer(500, "The answer could not be made. The site's log tells why; please try again.")


def _answer(status: int, message: str) -> ResponseReturnValue:
    headers = {"Retry-After": "10"} if status == 503 else {}
    if request.blueprint in ("data", "service") or request.path.endswith(".json"):
        return jsonify(error=message, status=status), status, headers
    title = _TITLES.get(status, "That did not work")
    page = render_template("error.html", title=title, message=message, query=request.args.get("q"))
    return page, status, headers
