"""The real program, untouched, with a thread beside it that answers for its page: a JSON line each way.

Run as `python -m tests.bench.obeying DATA [CALM]`: main.py on that folder; with CALM, what a start does
beside its pages (a backup, a drill) begins after as many seconds. Speaks as `tests.window.driven` does, which
changes more of the program than a measurement of its start may.
"""

import json
import runpy
import sys
import threading
import time
from pathlib import Path


def obey(window) -> None:
    """Answer expressions about the page of `window` until told to close it."""
    window.events.loaded.wait(30)
    print(json.dumps("loaded"), flush=True)
    for line in sys.stdin:
        command, value = json.loads(line)
        if command == "close":
            window.destroy()
            return
        print(window.run_js(f"JSON.stringify({value})") or "null", flush=True)


def _first_window() -> None:
    while not (windows := getattr(sys.modules.get("webview"), "windows", None)):
        time.sleep(0.02)
    obey(windows[0])


if __name__ == "__main__":
    if len(sys.argv) > 2:
        from desktop import keeper

        keeper.CALM = float(sys.argv[2])
    main = Path(__file__).parents[2] / "main.py"
    sys.argv = [str(main), "--data", sys.argv[1]]
    threading.Thread(target=_first_window, daemon=True).start()
    runpy.run_path(str(main), run_name="__main__")
