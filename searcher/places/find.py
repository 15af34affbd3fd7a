"""find_cities: the cities of one article."""

from __future__ import annotations

from searcher.article import Article
from searcher.places.city import City

__all__ = ["find_cities"]


def find_cities(article: Article) -> tuple[City, ...]:
    """The cities an article is about or mentions, then those only its related items name."""
    raise NotImplementedError
