"""The page of a job: how far it is, and what came of it, told once."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.http.following import followed
from webui.jobs import Job
from webui.pages import jobs


@contextmanager
def working(app: Flask, total: int) -> Iterator[Job]:
    """Give a job that stands at none of `total` rows, until the block ends."""
    stands, may_end = threading.Event(), threading.Event()

    def work(job: Job) -> None:
        job.step("import.write", 0, total)
        stands.set()
        may_end.wait(30)

    job = app.extensions["roster.jobs"].start(
        "x", work, title="x", phases=["import.write"], then="/", back="/"
    )
    stands.wait(30)
    try:
        yield job
    finally:
        may_end.set()
        job.ended.wait(30)


@pytest.mark.parametrize(("total", "said"), [(1, b">0 of 1 row<"), (2, b">0 of 2 rows<")])
def test_one_row_is_one(app: Flask, client: FlaskClient, total: int, said: bytes) -> None:
    with working(app, total) as job:
        assert said in client.get(f"/jobs/{job.id}").data


def test_what_came_of_it_is_told_once(client: FlaskClient) -> None:
    started = client.post("/safety/back-up")
    assert b"Backup verified: " in followed(client, started).data
    for _ in range(2):
        again = client.get(started.location)
        assert again.location == "/safety"
        assert b"Backup verified: " not in client.get(again.location).data


def test_a_failure_is_told_once(app: Flask, client: FlaskClient) -> None:
    def fail(_job: Job) -> None:
        raise RuntimeError

    job = app.extensions["roster.jobs"].start("x", fail, title="x", phases=[], then="/", back="/history")
    job.ended.wait(30)
    for count in (1, 0, 0):
        told = client.get(f"/jobs/{job.id}")
        assert told.location == "/history"
        assert client.get(told.location).data.count(b"Something went wrong") == count


def test_a_disk_that_is_full_in_the_middle_is_told_as_that(app: Flask, client: FlaskClient) -> None:
    def fill(_engine: Engine, _job: Job) -> None:
        with closing(sqlite3.connect(":memory:")) as scratch:
            scratch.execute("PRAGMA max_page_count=1")
            scratch.execute("CREATE TABLE rows (name)")

    with app.test_request_context():
        begun = jobs.start("x", fill, title="x", phases=[], then="/", back="/history")
    assert "The disk is full." in client.get(client.get(begun.location).location).text
