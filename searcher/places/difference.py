"""Difference: whose cities may be others by what an archive teaches now than by what it taught."""

from __future__ import annotations

from dataclasses import dataclass

from searcher.article import Article
from searcher.places.knowledge import Knowledge, site
from searcher.places.text import WORD

__all__ = ["Difference", "difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two pieces of knowledge say differently: where sites are at home, and of which words."""

    everything: bool = False
    sites: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.sites or self.words)

    def concerns(self, article: Article) -> bool:
        """Whether the article's cities may differ; never false where they do."""
        return self.everything or site(article) in self.sites or self._speaks(article)

    def _speaks(self, article: Article) -> bool:
        if not self.words:
            return False
        texts = [article.title, article.excerpt]
        texts += [text for item in article.related for text in (item.title, item.excerpt)]
        text = "\n".join(texts)
        # Most are out at once. Folded, a text has in it what each of its words is folded.
        folded = text.casefold()
        if not any(word.casefold() in folded for word in self.words):
            return False
        return not self.words.isdisjoint(word.lower() for word in WORD.findall(text))


def difference(before: Knowledge, after: Knowledge) -> Difference:
    """Between two pieces of knowledge."""
    if before.enough != after.enough:
        return Difference(everything=True)
    if not after.enough:
        return Difference()
    sites = frozenset(
        name
        for name in before.sites.keys() | after.sites.keys()
        if before.sums(name) != after.sums(name) and before.homes(name) != after.homes(name)
    )
    words = {word for word, _ in before.small.items() ^ after.small.items()}
    return Difference(sites=sites, words=frozenset(words))
