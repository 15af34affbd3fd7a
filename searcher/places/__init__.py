"""Cities from an article's text, offline and with their evidence."""

from searcher.places.city import City, Evidence, Role
from searcher.places.find import find_cities, learn
from searcher.places.knowledge import Knowledge

__all__ = ["City", "Evidence", "Knowledge", "Role", "find_cities", "learn"]
