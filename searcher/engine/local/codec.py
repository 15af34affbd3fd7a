"""A Whoosh codec over array files: through it Whoosh's own API reads our segments.

Search does not come this way (``reader.py`` reads the same arrays without Python per posting); it
is the promise that an index is a Whoosh index, and the oracle of the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.columns import ColumnReader
from whoosh.formats import Positions
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo

from searcher.engine.local.arrays import ArrayFile, Strings
from searcher.engine.local.codec_writer import DocumentWriter, TermWriter
from searcher.engine.local.schema import FACETS, KEYWORDS, stored_fields, unpack
from searcher.engine.local.segment import Segment
from searcher.engine.plan import TEXT_FIELDS

__all__ = ["EXTENSION", "INDEX_NAME", "ArrayCodec", "ArraySegment"]

EXTENSION: Final = ".arr"
INDEX_NAME: Final = "MAIN"

_FIELDS: Final = tuple(sorted((*TEXT_FIELDS, *KEYWORDS)))


class ArrayCodec(base.Codec):
    """Segments that are one array file each."""

    # Lengths come with the documents: nothing is to be read while a segment is written.
    length_stats = False

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        return ArrayTermsReader(Segment(_open(storage, segment)))

    def per_document_reader(self, storage: Any, segment: Any) -> ArrayDocumentReader:
        return ArrayDocumentReader(_open(storage, segment), segment)

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> DocumentWriter:
        segment.documents = DocumentWriter()
        return segment.documents

    def field_writer(self, storage: Any, segment: ArraySegment) -> TermWriter:
        return TermWriter(Path(storage.folder, segment.make_filename(EXTENSION)), segment.documents)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise NotImplementedError("postings are written by the field writer")

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        raise NotImplementedError("postings are read by the terms reader")

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        return ArraySegment(self, indexname)


class ArraySegment(W3Segment):
    """A segment in one array file, named ``MAIN_<id>.arr``."""

    documents: DocumentWriter

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "documents"}

    def should_assemble(self) -> bool:
        return False


def _open(storage: Any, segment: Any) -> ArrayFile:
    return ArrayFile(Path(storage.folder, segment.make_filename(EXTENSION)))


class ArrayTermsReader(base.TermsReader):
    """Terms and postings. Fields and, within them, terms come in the order of their bytes."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def _table(self, field: str) -> Strings:
        return self._segment.strings("terms" if field in TEXT_FIELDS else f"{field}.keys")

    def _find(self, field: str, text: bytes) -> int:
        """A term's number. Raises KeyError where the field does not have it, as Whoosh expects."""
        if field in _FIELDS:
            table = self._table(field)
            number = table.find(text)
            if number < len(table) and table.encoded(number) == text:
                start, end = self._segment.bounds(field)[number : number + 2].tolist()
                if start < end:
                    return number
        raise KeyError((field, text))

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        try:
            return self._find(*term) >= 0
        except KeyError:
            return False

    def indexed_field_names(self) -> tuple[str, ...]:
        return _FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in _FIELDS:
            yield from self._field_terms(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        yield from self._field_terms(fieldname, prefix)
        for field in _FIELDS:
            if field > fieldname:
                yield from self._field_terms(field, b"")

    def _field_terms(self, field: str, first: bytes) -> Iterator[tuple[str, bytes]]:
        table, bounds = self._table(field), self._segment.bounds(field)
        for number in range(table.find(first), len(table)):
            if bounds[number] < bounds[number + 1]:
                yield field, table.encoded(number)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def cursor(self, fieldname: str, fieldobj: Any) -> _Cursor:
        return _Cursor([fieldobj.from_bytes(text) for _, text in self._field_terms(fieldname, b"")])

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        where, docs = self._postings(fieldname, self._find(fieldname, text))
        if fieldname not in TEXT_FIELDS:
            return TermInfo(len(docs), len(docs), 1, 1, 1, int(docs[0]), int(docs[-1]))
        freqs = self._segment[f"{fieldname}.freqs"][where]
        lengths = self._segment[f"{fieldname}.lengths"][docs]
        return TermInfo(
            int(freqs.sum()),
            len(docs),
            int(lengths.min()),
            int(lengths.max()),
            int(freqs.max()),
            int(docs[0]),
            int(docs[-1]),
        )

    def _postings(self, field: str, number: int) -> Any:
        return self._segment.postings(field, np.array([number]))

    def frequency(self, fieldname: str, text: bytes) -> float:
        return self.term_info(fieldname, text).weight()

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return self.term_info(fieldname, text).doc_frequency()

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        number = self._find(fieldname, text)
        where, docs = self._postings(fieldname, number)
        freqs, values = [1.0] * len(docs), [b""] * len(docs)
        if fieldname in TEXT_FIELDS:
            often = self._segment[f"{fieldname}.freqs"][where]
            freqs = often.astype(float).tolist()
            places = self._segment.positions(fieldname, np.array([number]))
            parts = np.split(places.astype(int), np.cumsum(often)[:-1])
            values = [Positions().encode(part.tolist()) for part in parts]
        return ListMatcher(
            docs.tolist(),
            freqs,
            values,
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )


class _Cursor(base.FieldCursor):
    """Walks a field's terms."""

    def __init__(self, terms: list[str]) -> None:
        self._terms = terms
        self._at = 0

    def first(self) -> str | None:
        self._at = 0
        return self.text()

    def find(self, string: Any) -> str | None:
        text = string.decode() if isinstance(string, bytes) else string
        self._at = next((i for i, term in enumerate(self._terms) if term >= text), len(self._terms))
        return self.text()

    def next(self) -> str | None:
        self._at += 1
        return self.text()

    def text(self) -> str | None:
        return self._terms[self._at] if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._at < len(self._terms)


class ArrayDocumentReader(base.PerDocumentReader):
    """Stored fields, lengths and facet columns."""

    def __init__(self, file: ArrayFile, segment: ArraySegment) -> None:
        self._file = file
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Any:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in FACETS

    def list_columns(self) -> tuple[str, ...]:
        return FACETS

    def column_reader(self, fieldname: str, column: Any) -> _FacetColumn:
        return _FacetColumn(self._file, fieldname)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        if fieldname not in TEXT_FIELDS:
            return default
        return int(self._file[f"{fieldname}.lengths"][docnum])

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).min())

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).max())

    def _lengths(self, fieldname: str) -> Any:
        name = f"{fieldname}.lengths"
        return self._file[name] if name in self._file else np.zeros(1, np.int64)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        start, end = self._file["stored.offsets"][docnum : docnum + 2].tolist()
        return stored_fields(unpack(self._file["stored.data"][start:end].tobytes()))


class _FacetColumn(ColumnReader):
    """A facet as a column: each document's first value, "" where it has none."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self._sets = file[f"{field}.sets"]
        self._offsets = file[f"{field}.set_offsets"]
        self._values = file[f"{field}.set_values"]
        self._keys = file.strings(f"{field}.keys")

    def __len__(self) -> int:
        return len(self._sets)

    def __getitem__(self, docnum: int) -> str:
        start, end = self._offsets[int(self._sets[docnum]) :][:2].tolist()
        return str(self._keys[int(self._values[start])]) if start < end else ""

    def sort_key(self, docnum: int) -> bytes:
        return self[docnum].encode()

    def __iter__(self) -> Iterator[str]:
        return (self[docnum] for docnum in range(len(self)))

    def load(self) -> list[str]:
        return list(self)
