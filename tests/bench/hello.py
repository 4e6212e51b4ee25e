"""The least that a window can be: pywebview as Roster starts it, one page of one heading, no server.

Run as `python -m tests.bench.hello`. Speaks as `tests.bench.obeying` does.
"""

import sys
import threading

from tests.bench.obeying import obey


def main() -> int:
    from desktop.screen import prepare_qt

    prepare_qt()
    import webview

    window = webview.create_window("Hello", html="<!doctype html><h1>Hello</h1>", width=1240, height=820)
    threading.Thread(target=obey, args=(window,), daemon=True).start()
    webview.start(gui="qt" if sys.platform.startswith("linux") else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
