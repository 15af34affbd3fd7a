"""The doctor: what it finds in an index, whole or spoilt, beside its source as it is now."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from searcher import IndexMissing, SourceError, doctor, reindex
from searcher.doctor import Diagnosis, examine
from searcher.engine.local.generations import Generations
from searcher.sources import contents
from tests.archives import shut


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five articles, and a file that is none."""
    folder = tmp_path / "source"
    (folder / "in").mkdir(parents=True)
    for name in ("a", "b", "in/c", "in/d", "e"):
        (folder / f"{name}.md").write_text(f"---\ntitle: Title {name}\n---\n")
    (folder / "bad.md").write_text("---\nexcerpt: x\n---\n")
    return folder


@pytest.fixture
def index(source: Path, tmp_path: Path) -> Path:
    reindex(source, tmp_path / "index")
    return tmp_path / "index"


def kinds(diagnosis: Diagnosis) -> list[str]:
    return [finding.kind for finding in diagnosis.findings]


def test_a_good_index(index: Path) -> None:
    """A fresh index is whole, current and true; what was rejected is told again."""
    diagnosis = examine(index)
    assert kinds(diagnosis) == ["whole", "current", "rejected", "true"]
    assert not diagnosis.damaged
    whole, _, rejected, true = diagnosis.findings
    assert "gen-000001, 5 articles" in whole.text
    assert rejected.details[0].startswith("bad.md:1: it has no title.")
    assert true.text == "5 articles read again: all as in the index"


def test_a_stale_index(index: Path, source: Path) -> None:
    """Files added, changed or removed make it stale, with their names and the cure; not damaged."""
    (source / "new.md").write_text("---\ntitle: New\n---\n")
    (source / "a.md").write_text("---\ntitle: Other\n---\n")
    (source / "in" / "c.md").unlink()
    diagnosis = examine(index)
    stale = diagnosis.findings[1]
    assert (stale.kind, stale.cure) == ("stale", "searcher reindex")
    assert stale.text.startswith("1 file added, 1 changed, 1 removed")
    assert stale.details == ("new.md (added)", "a.md (changed)", "in/c.md (removed)")
    assert diagnosis.findings[-1].text == "3 articles read again: all as in the index"
    assert not diagnosis.damaged


def test_a_name_that_is_taken(source: Path, tmp_path: Path) -> None:
    """A file rejected because another has its id is known, not added, however often one asks."""
    (source / "a.txt").write_text("---\ntitle: Other\n---\n")
    reindex(source, tmp_path / "index")
    assert kinds(examine(tmp_path / "index"))[1] == "current"


def test_touched_files_are_no_change(index: Path, source: Path) -> None:
    """A file whose time changed and whose content did not is current."""
    for path in source.rglob("*.md"):
        os.utime(path, ns=(1, 1))
    assert kinds(examine(index))[1] == "current"


def test_same_size_is_no_proof(index: Path, source: Path) -> None:
    """A file rewritten at the same length is a change."""
    (source / "a.md").write_text("---\ntitle: Title x\n---\n")
    assert examine(index).findings[1].details == ("a.md (changed)",)


def test_many_cases_are_counted(index: Path, source: Path) -> None:
    """Of many changes the first are named and the rest counted."""
    for number in range(8):
        (source / f"n{number}.md").write_text("---\ntitle: New\n---\n")
    details = examine(index).findings[1].details
    assert len(details) == 6
    assert details[-1] == "and 3 more"


@pytest.mark.parametrize("spoil", ["flip", "cut", "remove"])
def test_a_damaged_file(index: Path, spoil: str) -> None:
    """One byte changed, cut off or lost in any file of the live generation is damage."""
    files = sorted(Generations(index).live().manifest.files)
    assert files
    for name in files:
        copy = index.with_name(f"copy-{name}")
        shutil.copytree(index, copy)
        path = Generations(copy).live().path / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        if spoil == "remove":
            path.unlink()
        else:
            path.write_bytes(data if spoil == "flip" else data[:-1])
        diagnosis = examine(copy)
        assert diagnosis.damaged
        assert "searcher rollback" in diagnosis.findings[-1].cure


def test_a_damaged_manifest(index: Path) -> None:
    """A manifest that cannot be read is damage, not a traceback."""
    (Generations(index).live().path / "manifest.json").write_text("{")
    assert examine(index).damaged


def test_an_untrue_index(index: Path, source: Path) -> None:
    """Right checksums are not enough: articles that are not what their files say are damage."""
    path = source / "a.md"
    state = path.stat()
    path.write_text("---\ntitle: Title x\n---\n")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    diagnosis = examine(index)
    assert diagnosis.damaged
    untrue = diagnosis.findings[-1]
    assert untrue.text == "5 articles read again: 1 not as in the index"
    assert (untrue.details, untrue.cure) == (("a.md",), "searcher reindex --full")


def test_large_archives_are_sampled(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large archive an even sample is compared, and said to be one."""
    monkeypatch.setattr(doctor, "_COMPARED", 2)
    told = "2 of 5 articles read again: all as in the index"
    assert examine(index).findings[-1].text == told


def test_the_source_is_gone(index: Path, source: Path) -> None:
    """Without its source an index is whole, and the doctor asks where the articles are."""
    shutil.move(source, source.with_name("moved"))
    assert kinds(examine(index)) == ["whole", "stale"]
    assert kinds(examine(index, source.with_name("moved")))[1] == "current"


def test_a_named_source_that_is_not_there(index: Path) -> None:
    """Who names a folder named the wrong one: that is an error, not a finding."""
    with pytest.raises(SourceError, match="cannot be read"):
        examine(index, index / "nowhere")


def test_a_folder_that_cannot_be_read(index: Path, source: Path) -> None:
    """It is named and not compared, before the next run as after it; all the rest is."""
    shut(source / "in")
    (source / "a.md").write_text("---\ntitle: Other\n---\n")
    stale, folder, files, true = examine(index).findings[1:]
    assert stale.details == ("a.md (changed)",)
    assert folder.text == "1 folder, not compared"
    assert folder.details[0].startswith("in: the folder cannot be read: ")
    assert (files.text, true.text) == ("1 file", "2 articles read again: all as in the index")
    reindex(source, index)
    kinds_now = kinds(examine(index))
    assert kinds_now == ["whole", "current", "rejected", "rejected", "true"]


def test_a_file_that_may_not_be_read(
    index: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named and not compared: the index is not damaged by it."""

    def refuse(path: str) -> bytes:
        if path == os.path.join(source, "a.md"):
            raise PermissionError(13, "Permission denied", path)
        return contents(path)

    monkeypatch.setattr(doctor, "contents", refuse)  # root may read whatever its mode is
    diagnosis = examine(index)
    unread, true = diagnosis.findings[-2:]
    assert (unread.kind, unread.details) == ("rejected", ("a.md",))
    assert unread.text == "1 file that cannot be read, not compared"
    assert true.text == "4 articles read again: all as in the index"
    assert not diagnosis.damaged


def test_no_index(tmp_path: Path) -> None:
    """Where nothing was built there is nothing to examine."""
    with pytest.raises(IndexMissing):
        examine(tmp_path)


def test_findings_are_plain(index: Path) -> None:
    """Findings hold text only, so that any program can print them."""
    for finding in examine(index).findings:
        json.dumps([finding.kind, finding.text, finding.details, finding.cure])
