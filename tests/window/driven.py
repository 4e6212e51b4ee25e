"""Roster as it is, in its real window, obeying a test: a JSON command a line in, a JSON answer a line out.

Run as `python -m tests.window.driven DATA`. It adds a few pages under /test/ to the real app, nothing else.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urljoin

from flask import Flask, jsonify, redirect

LINKS = """<!doctype html><title>Links</title>
<a id="plain" href="https://elsewhere.example/plain">plain</a>
<a id="blank" href="https://elsewhere.example/blank" target="_blank">blank</a>
<a id="mail" href="mailto:someone@elsewhere.example">mail</a>
<a id="own" href="/test/own" target="_blank">own, in a new window</a>
<a id="away" href="/test/away">sent away by the server</a>
<a id="file" href="file:///etc/hostname">file</a>
<a id="download" href="/test/download">download</a>
"""


def add_pages(app: Flask) -> None:
    """Pages with what a test needs and no real page has."""
    host, jobs = app.extensions["roster.host"], app.extensions["roster.jobs"]

    @app.get("/test/links")
    def links():
        return LINKS

    @app.get("/test/own")
    def own():
        return "<!doctype html><title>Own</title>"

    @app.get("/test/away")
    def away():
        return redirect("https://elsewhere.example/away")

    @app.get("/test/download")
    def download():
        return "a,b", {"Content-Disposition": "attachment; filename=a.csv", "Content-Type": "text/csv"}

    @app.get("/test/save")
    def save():
        return jsonify(str(host.choose_save("Keep the list", "people.csv")))

    @app.get("/test/open")
    def open_():
        return jsonify(str(host.choose_open("Bring in people", [("CSV-Dateien", "*.csv")])))

    @app.get("/test/work")
    def work():
        def until_cancelled(job):
            while True:
                job.step("test")
                time.sleep(0.02)

        return jsonify(jobs.start("test", until_cancelled).id)

    @app.get("/test/title")
    def title():
        host.retitle("Choir")
        return "done"


def obey(window) -> None:
    """Answer the commands of the test until it closes the window."""
    native = window._window
    native.events.loaded.wait(30)
    print(json.dumps("loaded"), flush=True)
    for line in sys.stdin:
        command, value = json.loads(line)
        answer = None
        if command == "js":
            answer = native.run_js(f"JSON.stringify({value})")
            answer = json.loads(answer) if answer else None
        elif command == "goto":
            native.events.loaded.clear()
            native.load_url(urljoin(native.original_url, value))
            native.events.loaded.wait(10)
        elif command == "place":
            native.move(value[0], value[1])
            native.resize(value[2], value[3])
        elif command == "minimize":
            native.minimize()
        elif command == "maximize":
            native.maximize()
        elif command == "close":
            window.close()
        print(json.dumps(answer), flush=True)


def main() -> int:
    from desktop.screen import prepare_qt

    prepare_qt()
    import webui.app
    from desktop import startup, window
    from desktop.folders import locate

    create_app, show = webui.app.create_app, window.AppWindow.show

    def with_pages(config, host):
        app = create_app(config, host)
        add_pages(app)
        return app

    def obedient(self):
        threading.Thread(target=obey, args=(self,), daemon=True).start()
        show(self)

    webui.app.create_app = with_pages
    window.AppWindow.show = obedient
    return startup.run(locate(Path(sys.argv[1])), browser=False)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # as main.py does: a thread of pywebview's own may wait for a page that is gone
