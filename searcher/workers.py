"""Workers: several processes to work in, or this one where that is not worth it."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, Self, TypeVar

from searcher.errors import SearcherError

__all__ = ["Workers", "processors"]

WORTH: Final = 3
"""Fewer pieces of work are done in this process: workers take a second to start."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """``jobs`` processes, started when there is first enough to do, ended with the block."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: Any = None

    def map(self, work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterator[Result]:
        """The results in the order of the pieces; few of them wait at a time.

        Raises:
            SearcherError: a process was killed.
        """
        if self._jobs < 2 or len(pieces) < WORTH:
            yield from map(work, pieces)
            return
        self._pool = self._pool or _pool(self._jobs)
        try:
            yield from self._results(work, pieces)
        except BrokenExecutor as error:
            raise SearcherError(
                "A process that read articles was killed, perhaps because memory ran out: close "
                "other programs or run `searcher reindex --jobs 1`. What was live before still is."
            ) from error

    def _results(
        self, work: Callable[[Piece], Result], pieces: Sequence[Piece]
    ) -> Iterator[Result]:
        waiting: deque[Any] = deque()
        for piece in pieces:
            with _uninterrupted():
                waiting.append(self._pool.submit(_done, work, piece))
            if len(waiting) > 4 * self._jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self._pool:
            with _uninterrupted():  # a second Ctrl-C would leave workers that wait for each other
                self._pool.shutdown(kill_workers=kind is not None)  # what failed waits for none


def _pool(jobs: int) -> Any:
    # loky starts workers without running the caller's main module again, which an embedding
    # program may not be written for.
    from multiprocessing import resource_tracker

    from loky import ProcessPoolExecutor

    # Which otherwise starts with the first worker, and then lets a Ctrl-C through to them all.
    resource_tracker.ensure_running()
    # NumPy's linear algebra would start a thread for each processor; nobody asks anything of it.
    env = {"OPENBLAS_NUM_THREADS": "1"}
    return ProcessPoolExecutor(jobs, initializer=_begin, initargs=(os.getpid(),), env=env)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put a request to end off, and let processes that start meanwhile never see a Ctrl-C: whoever
    started them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    asked: list[Callable[[], Any]] = []
    # Blocking alone does not put it off: the system gives it to another thread, such as NumPy's.
    main = threading.current_thread() is threading.main_thread()  # no other may set handlers
    handlers = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT) if main}
    handlers = {one: handler for one, handler in handlers.items() if callable(handler)}
    for one, handler in handlers.items():
        signal.signal(one, lambda *what, handler=handler: asked.append(partial(handler, *what)))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for again in asked:
            again()


def _done(work: Callable[[Piece], Result], piece: Piece) -> Result:
    """A piece of work, done in a worker."""
    result = work(piece)
    # Garbage is looked for now instead of now and then; loky besides looks through all there is
    # once a second, which took a tenth of the time. What is no garbage by now is what the worker
    # remembers: it need not be looked through again. (All else is young: nobody collected before.)
    gc.collect(0)
    gc.freeze()
    return result


def _begin(parent: int) -> None:
    """Let this worker end when the process that started it does, even if that was killed, and
    never by Ctrl-C: Python lets that through again as a worker begins. And let it look for garbage
    between pieces of work only."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
