"""The server: waits for its first app, exchanges it, finishes what is under way."""

import contextlib
import errno
import select
import socket
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address

import pytest

from desktop import patience
from desktop.server import HEADER_LIMIT, TURN, Server, address_of_its_own


@pytest.fixture
def server():
    server = Server()
    server.start()
    yield server
    server.stop()


def says(text, delay=0.0):
    def app(_environ, start_response):
        time.sleep(delay)
        start_response("200 OK", [("Content-Length", str(len(text)))])
        return [text]

    return app


def get(server, **headers):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request("GET", "/", headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def later(work):
    """Work in a thread, with a list that gets its result; a broken connection gives none."""
    results = []

    def run():
        with contextlib.suppress(OSError, HTTPException):
            results.append(work())

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def test_what_works_beside_requests_lets_them_have_their_turn(server):
    assert sys.getswitchinterval() == pytest.approx(TURN)


def test_the_host_is_exact(server):
    assert server.host_port == f"127.0.0.1:{server.port}"
    assert server.port > 1023


@pytest.mark.platform
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has 127.0.0.1 alone")
def test_a_browser_is_given_an_address_that_no_other_program_has():
    found = {address_of_its_own() for _time in range(20)}
    assert len(found) == 20 and all(IPv4Address(each).is_loopback for each in found)
    server = Server(found.pop())
    server.start()
    try:
        assert server.host_port == f"{server.host}:{server.port}" and not server.host.startswith("127.0.0.1")
        with socket.socket() as elsewhere:
            assert elsewhere.connect_ex(("127.0.0.1", server.port)) == errno.ECONNREFUSED
        with socket.create_connection((server.host, server.port)):
            pass
    finally:
        server.stop()


def test_a_system_with_one_loopback_address_gives_that(monkeypatch):
    def refused(_socket, address):
        raise OSError(errno.EADDRNOTAVAIL, "not here")

    monkeypatch.setattr("desktop.server.socket.socket", type("Socket", (socket.socket,), {"bind": refused}))
    assert address_of_its_own() == "127.0.0.1"


def test_a_request_waits_for_the_first_app(server):
    thread, results = later(lambda: get(server))
    time.sleep(0.2)
    assert results == []
    server.swap(says(b"app"))
    thread.join(5)
    assert results == [(200, b"app")]


def test_a_request_under_way_finishes_with_the_app_it_met(server):
    server.swap(says(b"doorstep", delay=0.4))
    thread, results = later(lambda: get(server))
    time.sleep(0.1)
    server.swap(says(b"app"))
    assert get(server) == (200, b"app")
    thread.join(5)
    assert results == [(200, b"doorstep")]


def test_stopping_finishes_what_is_under_way_and_says_nothing(capfd):
    server = Server()
    server.swap(says(b"done", delay=0.5))
    server.start()
    idle = HTTPConnection("127.0.0.1", server.port)
    idle.connect()
    thread, results = later(lambda: get(server))
    time.sleep(0.1)
    begun = time.monotonic()
    server.stop()
    thread.join(5)
    idle.close()
    assert results == [(200, b"done")]
    assert time.monotonic() - begun < 4
    with pytest.raises(OSError):
        get(server)
    assert capfd.readouterr() == ("", "")


def test_stopping_before_there_was_an_app_lets_no_request_hang():
    server = Server()
    server.start()
    thread, results = later(lambda: get(server))
    time.sleep(0.1)
    server.stop()
    thread.join(5)
    assert results == [(503, b"")]


def test_endless_headers_are_refused(server):
    server.swap(says(b"app"))
    status, _ = get(server, Long="x" * HEADER_LIMIT)
    assert status == 413


def test_an_app_that_fails_does_not_end_the_server(server, caplog):
    def broken(_environ, _start_response):
        raise RuntimeError("about Ada Lovelace")

    server.swap(broken)
    assert get(server)[0] == 500
    assert "the server failed" in caplog.messages[0]
    server.swap(says(b"app"))
    assert get(server) == (200, b"app")


def test_a_request_that_never_ends_does_not_keep_the_program(monkeypatch):
    monkeypatch.setattr("desktop.server.STOP", 0.3)
    stuck = threading.Event()

    def app(_environ, start_response):
        stuck.wait(20)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    server = Server()
    server.swap(app)
    server.start()
    thread, _ = later(lambda: get(server))
    time.sleep(0.1)
    begun = time.monotonic()
    server.stop()
    assert time.monotonic() - begun < 3
    stuck.set()
    thread.join(5)


@contextlib.contextmanager
def connections(server, count, sent):
    with contextlib.ExitStack() as stack:
        made = [
            stack.enter_context(socket.create_connection((server.host, server.port))) for _ in range(count)
        ]
        for each in made:
            each.settimeout(5)
            each.sendall(sent)
        yield made


BEGUN = b"GET / HTTP/1.1\r\nHost: 127"
REFUSED = b"POST / HTTP/1.1\r\nHost: 127\r\nContent-Length: 999999999\r\n\r\nx"


@pytest.mark.parametrize("sent", [b"", b"\r\n\r\n", BEGUN, REFUSED, BEGUN + b"\r\n\r\n" + BEGUN])
def test_slow_clients_keep_nobody_else_waiting(server, sent):
    server.swap(says(b"app"))
    with connections(server, 24, sent):
        begun = time.monotonic()
        assert get(server) == (200, b"app")
        assert time.monotonic() - begun < 4  # a worker waits 10 s for a connection that it was given


def test_a_request_that_comes_letter_by_letter_is_answered(server):
    server.swap(says(b"app"))
    with connections(server, 1, BEGUN) as [slow]:
        for letter in b".0.0.1\r\nConnection: close\r\n\r\n":
            time.sleep(0.005)
            slow.sendall(bytes([letter]))
        assert slow.makefile("rb").read().endswith(b"app")


def test_two_requests_sent_at_once_are_both_answered(server):
    server.swap(says(b"app"))
    whole = BEGUN + b"\r\n\r\n"
    with connections(server, 1, whole * 2) as [hasty]:
        hasty.shutdown(socket.SHUT_WR)
        assert hasty.makefile("rb").read().count(b"200 OK") == 2


def test_a_request_that_never_becomes_whole_is_hung_up_on(monkeypatch, server):
    monkeypatch.setattr(patience, "REST", 0.2)
    server.swap(says(b"app"))
    with connections(server, 2, BEGUN) as slow:
        assert [each.recv(9) for each in slow] == [b"", b""]


def test_of_too_many_unfinished_requests_the_oldest_goes(monkeypatch, server):
    monkeypatch.setattr(patience, "UNFINISHED", 3)
    server.swap(says(b"app"))
    with connections(server, 1, BEGUN) as [oldest]:
        time.sleep(4 * patience.LOOK)  # those that wait have been looked at, and keep their order
        with connections(server, 2, BEGUN) as others:
            time.sleep(4 * patience.LOOK)
            with connections(server, 1, BEGUN):
                assert oldest.recv(9) == b""
                assert get(server) == (200, b"app")
                assert select.select(others, [], [], 0)[0] == []


def test_any_number_of_connections_that_say_nothing_do_not_stop_the_window(server):
    server.swap(says(b"app"))
    window = HTTPConnection(server.host, server.port, timeout=5)
    window.request("GET", "/")
    assert window.getresponse().read() == b"app"
    own, many = window.sock, 4 * patience.RESTING
    with connections(server, 1, b"") as [first], connections(server, many, b"") as crowd:
        assert first.recv(1) == b""  # the oldest that never asked
        begun = time.monotonic()
        assert get(server) == (200, b"app")
        window.request("GET", "/")  # which asked before, and keeps its connection
        assert window.getresponse().read() == b"app"
        assert time.monotonic() - begun < 2
        assert window.sock is own
        gone = sum(select.select([each], [], [], 0)[0] != [] for each in crowd)
        assert many - patience.RESTING <= gone < many
    window.close()


def test_a_body_that_nobody_reads_does_not_keep_its_sender_from_the_answer(server):
    server.swap(says(b"refused"))
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        for _time in range(2):  # the connection is still good
            connection.request("POST", "/", body=b"x" * 3_000_000)
            assert connection.getresponse().read() == b"refused"
    finally:
        connection.close()


def test_a_body_of_no_length_that_nobody_reads_is_not_taken_for_the_next_request(server):
    asked = []

    def app(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("411 Length Required", [("Content-Length", "0")])
        return [b""]

    server.swap(app)
    chunked = (
        b"POST /a HTTP/1.1\r\nHost: 1\r\nTransfer-Encoding: chunked\r\n\r\nGET /b HTTP/1.1\r\nHost: 1\r\n\r\n"
    )
    with connections(server, 1, chunked) as [sender], contextlib.suppress(ConnectionError):
        sender.makefile("rb").read()
    assert asked == ["/a"]


def test_a_wanted_port_is_taken_where_it_is_free_and_said_where_not():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        elsewhere = Server(port=port)
        elsewhere.start()
        assert elsewhere.refused_port == port != elsewhere.port
        elsewhere.stop()
    there = Server(port=port)
    there.start()
    assert (there.refused_port, there.port) == (None, port)
    there.stop()
