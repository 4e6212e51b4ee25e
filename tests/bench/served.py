"""Roster served to a browser, as `main.py run --browser` does, with one page more that does nothing.

Run as `python -m tests.bench.served DATA [CALM]`; prints its one-time address and serves until it is ended.
What a start does beside its pages (a backup, checks, a drill) begins after CALM seconds.
"""

import sys
from pathlib import Path


def main() -> int:
    import webui.app
    from desktop import keeper, startup
    from desktop.folders import locate

    if len(sys.argv) > 2:
        keeper.CALM = float(sys.argv[2])
        keeper.GLANCE = max(keeper.GLANCE, keeper.CALM)  # a million people are looked at for a minute
    create_app = webui.app.create_app

    def with_page(config, host):
        app = create_app(config, host)
        app.add_url_rule("/bench/nothing", "nothing", lambda: "")
        return app

    webui.app.create_app = with_page
    return startup.run(locate(Path(sys.argv[1])), browser=True)


if __name__ == "__main__":
    sys.exit(main())
