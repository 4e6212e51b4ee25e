"""A browser, or a window, at the doorstep."""

from webui.doorstep import create_doorstep
from webui.guard import Guard
from webui.host import NoHost
from webui.preferences import Preferences

HOST = "127.0.0.1:40123"


class Window(NoHost):
    """A host that notes what it was asked for."""

    native = True

    def __init__(self):
        self.asked = []

    def show_folder(self, path):
        self.asked.append(path)

    def close(self):
        self.asked.append("close")


def enter(state, host, tmp_path):
    guard = Guard(HOST)
    app = create_doorstep(state, host, guard, Preferences(tmp_path / "preferences.json"))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = HOST
    client.get(f"/start?key={guard.new_key()}", base_url=f"http://{HOST}")
    return client


def post(client, address, /, **form):
    return client.post(address, data=form, base_url=f"http://{HOST}", headers={"Origin": f"http://{HOST}"})


def get(client, path):
    return client.get(path, base_url=f"http://{HOST}", follow_redirects=True).text
