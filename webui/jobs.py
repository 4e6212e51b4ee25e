"""Long work in the background: one worker, one job after the other, with progress and a way to cancel.

Knows no Flask and nothing of what the work is: a job is a function that gets its Job.
"""

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

log = logging.getLogger(__name__)

KEPT = 50  # finished jobs whose outcome can still be asked for


class Cancelled(Exception):
    """Raised inside a job's function by `Job.step` after a cancel: everything is taken back."""


@dataclass
class Job:
    """Work under way. `state` is waiting, running, done, failed or cancelled; `phase` a message id.

    `done` of `total` counts what the phase counts (rows, files); total 0 means "not known yet".
    """

    id: int
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    state: str = "waiting"
    phase: str = ""
    done: int = 0
    total: int = 0
    result: Any = None
    error: Exception | None = None
    cancel_asked: bool = False
    ended: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    def step(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Say how far the work is. Raises Cancelled when someone asked for it."""
        self.phase, self.done, self.total = phase, done, total
        if self.cancel_asked:
            raise Cancelled


class Jobs:
    """The queue and its worker, a thread that begins with the first job and dies with the process."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._waiting: queue.Queue[tuple[Job, Callable[[Job], Any]]] = queue.Queue()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None

    def start(self, name: str, work: Callable[[Job], Any], **values: Any) -> Job:
        """Queue `work(job)` and return its Job at once; what it returns becomes `job.result`."""
        with self._lock:
            job = Job(next(self._numbers), name, values)
            self._jobs[job.id] = job
            for old in [j for j in self._jobs.values() if not j.active][:-KEPT]:
                del self._jobs[old.id]
            self._waiting.put((job, work))
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._worker.start()
        return job

    def get(self, job_id: int) -> Job | None:
        """Return a job that is active or ended lately, or None."""
        return self._jobs.get(job_id)

    def active(self) -> list[Job]:
        """Return what waits or runs, in order."""
        return [job for job in list(self._jobs.values()) if job.active]

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop; it takes back what it did at its next step. Unknown ids are let be."""
        if job := self._jobs.get(job_id):
            job.cancel_asked = True

    def stop(self, timeout: float) -> bool:
        """Cancel everything and wait up to `timeout` seconds. Tell whether all has ended."""
        for job in self.active():
            job.cancel_asked = True
        return all(job.ended.wait(timeout) for job in self.active())

    def _run(self) -> None:
        while True:
            job, work = self._waiting.get()
            job.state = "running"
            try:
                job.step(job.phase)
                job.result = work(job)
                job.state = "done"
            except Cancelled:
                job.state = "cancelled"
            except Exception as error:  # shown by the page that watches the job; details go to the log
                log.exception("job %s failed", job.name)
                job.error, job.state = error, "failed"
            finally:
                job.ended.set()
