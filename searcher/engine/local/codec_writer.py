"""The writing half of the codec: what Whoosh's own writer hands over, kept as array files.

``searcher.engine.local.writer`` builds the same files many times faster; this half is for whoever
adds to an index through Whoosh, and lets the tests compare the two.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.formats import Positions

from searcher.engine.local import layout
from searcher.engine.local.arrays import ArrayWriter
from searcher.engine.local.interner import Interner
from searcher.engine.local.layout import NO_DATE
from searcher.engine.local.schema import KEYWORDS, article_of, pack
from searcher.engine.plan import TEXT_FIELDS

__all__ = ["DocumentWriter", "TermWriter"]


class DocumentWriter(base.PerDocumentWriter):
    """Collects stored fields and lengths; ``TermWriter`` writes them with the postings."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        self.lengths: list[dict[str, int]] = []
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        if docnum != len(self.documents):
            raise ValueError(f"document {docnum} follows {len(self.documents) - 1}")
        self.documents.append({})
        self.lengths.append({})

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        if value is not None:
            self.documents[-1][fieldname] = value
        self.lengths[-1][fieldname] = length

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:
        """Columns are made from the postings."""

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Any) -> None:
        raise NotImplementedError("term vectors are not stored")

    def cancel_doc(self) -> None:
        self.documents.pop()
        self.lengths.pop()

    def close(self) -> None:
        self.is_closed = True


class TermWriter(base.FieldWriter):
    """Collects postings, which come field by field and term by term; ``close`` writes the file."""

    def __init__(self, path: Path, documents: DocumentWriter) -> None:
        self._path = path
        self._documents = documents
        self._postings: dict[str, dict[str, list[tuple[int, bytes]]]] = defaultdict(dict)
        self._field: dict[str, list[tuple[int, bytes]]] = {}
        self._term: list[tuple[int, bytes]] = []
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        self._field = self._postings[fieldname]

    def start_term(self, text: bytes) -> None:
        self._term = self._field[text.decode()] = []

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        self._term.append((docnum, vbytes))

    def finish_term(self) -> None:
        """Nothing is pending."""

    def close(self) -> None:
        out = ArrayWriter(self._path)
        terms = sorted({term for name in TEXT_FIELDS for term in self._postings[name]})
        numbers = {term: number for number, term in enumerate(terms)}
        out.add_strings("terms", terms)
        counts = np.zeros(len(terms), np.int64)
        for name in TEXT_FIELDS:
            counts += self._text(out, name, numbers)
        for name in KEYWORDS:
            self._keyword(out, name)
        out.add("dates", np.array([self._date(one) for one in self._documents.documents], np.int64))
        layout.vocabulary(out, terms, counts, np.arange(len(terms)))
        packed = [pack(article_of(document), ()) for document in self._documents.documents]
        layout.stored(out, packed, np.array([len(one) for one in packed], np.int64))
        out.close()
        self.is_closed = True

    def _text(self, out: ArrayWriter, name: str, numbers: dict[str, int]) -> Any:
        """Write a text field; how often each term occurs."""
        rows = [
            (numbers[term], doc, Positions().decode_positions(value))
            for term, postings in self._postings[name].items()
            for doc, value in postings
        ]
        terms, docs = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
        freqs = np.array([len(row[2]) for row in rows], np.int64)
        places = np.array([place for row in rows for place in row[2]], np.int64)
        lengths = np.array([one.get(name, 0) for one in self._documents.lengths], np.int64)
        layout.text_field(out, name, len(numbers), (terms, docs, freqs), places, lengths)
        return np.bincount(terms, freqs, len(numbers)).astype(np.int64)

    def _keyword(self, out: ArrayWriter, name: str) -> None:
        values: list[list[str]] = [[] for _ in self._documents.documents]
        for key, postings in self._postings[name].items():
            for doc, _ in postings:
                values[doc].append(key)
        sets = Interner()
        rows = np.array([sets[tuple(one)] for one in values], np.int64)
        layout.keyword_field(out, name, list(sets), rows, {})

    def _date(self, document: dict[str, Any]) -> int:
        date = document.get("date")
        return NO_DATE if date is None else int(date)
