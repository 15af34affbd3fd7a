"""What a publisher's home tells: of its namesakes, and of the states its articles name."""

from __future__ import annotations

from searcher.article import Article, Provider
from searcher.places import Knowledge, find_cities, learn

PAPER = Provider("Lebanon Reporter", "reporter.example")
TEXTS = (
    "Crews from Zionsville, Ind., came on Friday.",
    "A driver from Whitestown, Indiana, was hurt.",
    "The festival in Thorntown, Ind., begins today.",
    "Officials in Lebanon, Ind., met on Monday.",
)


def archive(*texts: str) -> Knowledge:
    """What a hundred and twenty articles of one local paper teach."""
    articles = (
        Article(str(n), "News of the day", texts[n % len(texts)], provider=PAPER)
        for n in range(120)
    )
    return learn(articles)


def labels(text: str, knowledge: Knowledge | None = None) -> list[str]:
    article = Article("a", "News of the day", text, provider=PAPER)
    return [city.label for city in find_cities(article, knowledge)]


def test_a_town_called_like_a_country_is_named_at_home() -> None:
    """A town's own paper means the town by it; anybody else the country."""
    text = "A Lebanon man was arrested on Friday."
    assert labels(text) == []
    assert labels(text, archive(*TEXTS)) == ["Lebanon, Indiana"]


def test_states_that_articles_name_tell_the_home() -> None:
    """A paper whose articles keep naming a state means that state's towns."""
    text = "A man was hurt in London on Friday."
    assert labels(text) == ["London, United Kingdom"]
    assert labels(text, archive("The Kentucky senate voted on Monday.")) == ["London, Kentucky"]


def test_the_evidence_says_that_a_home_decided() -> None:
    """Among towns of one name it is the publisher's that is meant, and it is told why."""
    knowledge = archive("Crews from Boston, Mass., came.", "A driver from Lynn, Mass., was hurt.")
    article = Article("a", "News of the day", "A fire in Salem killed two.", provider=PAPER)
    [city] = find_cities(article, knowledge)
    assert city.label == "Salem, Massachusetts"
    assert [one.cue for one in city.evidence] == ["in the state or region of the publisher's home"]
