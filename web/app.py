"""create_app: an archive and a few settings in, a Flask application out."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from searcher import Archive
from searcher.formats import web_link
from searcher.request import MATCH_MODES, SORTS
from web import caching, data, errors, evidence, page, pages, params, service
from web.metrics import Metrics
from web.security import protect
from web.site import Settings, Site

__all__ = ["create_app"]


def create_app(archive: Archive | str | Path, **settings: Any) -> Flask:
    """The web application over an archive, or over the location of one.

    A location is opened when the first question comes, and tried again as long as there is no
    index, so the site may start before its first ``searcher reindex`` is done.

    Args:
        archive: an opened Archive (whoever opened it closes it) or a location.
        settings: the attributes of ``web.site.Settings``.

    Raises:
        TypeError: a setting that does not exist.
    """
    app = Flask("web")
    site = Site(archive, _settings(settings))
    app.extensions["searcher.site"] = site
    app.extensions["searcher.metrics"] = Metrics()
    app.extensions["searcher.version"] = _version(Path(app.root_path), site.settings)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config["TRUSTED_HOSTS"] = list(site.settings.hosts) or None
    if hops := site.settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops
        )
    for part in (pages.blueprint, data.blueprint, service.blueprint):
        app.register_blueprint(part)
    caching.install(app)
    errors.install(app)
    app.after_request(protect)
    _teach_templates(app, site)
    return app


def _settings(given: dict[str, Any]) -> Settings:
    known = [one.name for one in fields(Settings)]
    for name in given:
        if name not in known:
            raise TypeError(f"create_app has no setting {name!r}: use {', '.join(known)}.")
    return Settings(**given)


def _version(root: Path, settings: Settings) -> str:
    """What pages depend on besides the index: templates, static files, settings."""
    files = sorted(path for path in root.glob("[ts]*/*.*") if path.is_file())
    parts = [repr(settings).encode(), *(path.read_bytes() for path in files)]
    return sha256(b"\0".join(parts)).hexdigest()[:12]


def _teach_templates(app: Flask, site: Site) -> None:
    version = app.extensions["searcher.version"]

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=version)

    def search(request: Any, *more: tuple[str, str]) -> str:
        return params.address(url_for("pages.search"), request, *more)

    app.jinja_env.filters |= {"web_link": web_link, "day": page.day, "count": page.count}
    app.jinja_env.globals |= {
        "address": params.address,
        "asset": asset,
        "facets": site.facets,
        "evidence": evidence.reasons,
        "MATCH_MODES": MATCH_MODES,
        "page": page,
        "search": search,
        "site": site.settings,
        "SORTS": SORTS,
    }
