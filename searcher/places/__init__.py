"""Cities from an article's text, offline and with their evidence."""

from searcher.places.city import City, Evidence, Role
from searcher.places.find import find_cities

__all__ = ["City", "Evidence", "Role", "find_cities"]
