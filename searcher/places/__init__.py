"""Cities from an article's text, offline and with their evidence.

``find_cities(article)`` gives the cities of one article: own text first (``about``, ``mentioned``),
then those that only its related items name (``related``). A plain text is an article whose excerpt
it is: ``find_cities(Article("", "", text))``.

An archive teaches where its publishers are at home and how it writes its words::

    knowledge = learn(articles)                  # or the sum of learn(part) over its parts
    cities = find_cities(article, knowledge)     # below 100 articles it changes nothing

``Knowledge`` is whole numbers only, so ``knowledge + learn(new) - learn(old)`` is exactly what the
changed archive would teach from scratch; ``to_json`` and ``from_json`` keep it. An article's cities
depend on what was learned of its own site and of its words, nothing else.

Places, regions and their names: GeoNames (geonames.org), CC BY 4.0.
"""

from searcher.places.city import City, Evidence, Role
from searcher.places.find import find_cities
from searcher.places.knowledge import Knowledge
from searcher.places.lessons import learn

__all__ = ["City", "Evidence", "Knowledge", "Role", "find_cities", "learn"]
