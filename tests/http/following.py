"""What a click that starts a job leads to. Not a test."""

import time

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def followed(client: FlaskClient, response: TestResponse) -> TestResponse:
    """Follow the page that a click led to until the job it shows has ended."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if response.status_code == 303:
            response = client.get(response.location)
        elif b"<progress" in response.data:
            time.sleep(0.05)
            response = client.get(response.request.path)
        else:
            return response
    raise AssertionError("the job never ended")
