"""Why an article was given a city, in the words around the ones that decided."""

from __future__ import annotations

from searcher.places import City
from searcher.results import Hit, Snippet

__all__ = ["reasons"]


def reasons(hit: Hit, city: City) -> list[tuple[str, Snippet, str]]:
    """Why a city was found: where, the words around with the deciding ones marked, and the cue."""
    found = []
    for one in city.evidence:
        text = _field_text(hit, one.field)
        if text[one.start : one.end]:
            found.append((_field_name(hit, one.field), _around(text, one.start, one.end), one.cue))
        else:
            found.append((one.field, Snippet(one.text), one.cue))
    return found


def _related_number(field: str) -> int | None:
    number = field.removeprefix("related[").removesuffix("]")
    return int(number) if field.startswith("related[") and number.isdigit() else None


def _field_text(hit: Hit, field: str) -> str:
    number = _related_number(field)
    if number is None:
        return {"title": hit.title, "excerpt": hit.excerpt}.get(field, "")
    if number >= len(hit.article.related):
        return ""
    item = hit.article.related[number]
    return f"{item.title}\n{item.excerpt}"


def _field_name(hit: Hit, field: str) -> str:
    number = _related_number(field)
    if number is None:
        return f"in the {field}"
    provider = hit.article.related[number].provider
    return f"in what {provider.name} wrote" if provider else "in a related story"


def _around(text: str, start: int, end: int, room: int = 48) -> Snippet:
    """The span with up to ``room`` characters on both sides, cut between words."""
    left = 0 if start <= room else text.rfind(" ", 0, start - room) + 1
    right = len(text) if end + room >= len(text) else text.find(" ", end + room)
    right = len(text) if right < 0 else right
    before, after = "… " if left else "", " …" if right < len(text) else ""
    shift = len(before) - left
    return Snippet(before + text[left:right] + after, ((start + shift, end + shift),))
