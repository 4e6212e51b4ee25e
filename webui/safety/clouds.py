"""Whether a folder is one that a program copies to other people's computers, or another computer's.

From what the programs document of where they put themselves; one that was renamed by hand is not known.
"""

import os
import re
from pathlib import Path

# By the name of a folder on the way there, without case and without what stands behind it in "OneDrive -
# School" or "Dropbox (Personal)".
_NAMES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "pclouddrive": "pCloud",
    "mega": "MEGA",
    "megasync": "MEGA",
    "seafile": "Seafile",
    "proton drive": "Proton Drive",
}
# By a file that the program keeps in the topmost of its folders.
_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".sync_*.db": "Nextcloud",
    "._sync_*.db": "Nextcloud",
    ".stfolder": "Syncthing",
    ".owncloudsync.log": "Nextcloud",
    ".nextcloudsync.log": "Nextcloud",
}
# What Linux calls the disks of other computers.
_NETWORKS = {
    "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone",
    "fuse.sshfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
}  # fmt: skip


def cloud(path: Path) -> str | None:
    """Return the name of the service that copies what is in the folder `path`, or None."""
    home, real = Path.home(), path.resolve()
    for folder in dict.fromkeys((path, *path.parents, real, *real.parents)):
        name = folder.name.casefold().partition(" - ")[0].partition(" (")[0]
        if found := _NAMES.get(name) or _of_mac(folder):
            return found
        if folder == home or folder == folder.parent:
            continue  # marks of a whole home or disk would be those of something else
        for mark, service in _MARKS.items():
            try:
                if next(folder.glob(mark), None):
                    return service
            except OSError:
                break
    return None


def on_network(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Tell whether the folder `path` is on a disk of another computer. On macOS that is not known.

    `mounts` is what Linux says of its disks (proc(5)).
    """
    real = path.resolve()
    if os.name == "nt":
        return real.drive.startswith("\\\\")
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    kinds = {}
    for line in lines:
        words, _, behind = line.partition(" - ")
        place = re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), words.split(" ")[4])
        kinds[Path(place)] = behind.partition(" ")[0]  # of two in one place the last is seen
    return next((kinds[each] for each in (real, *real.parents) if each in kinds), "") in _NETWORKS


def _of_mac(folder: Path) -> str | None:
    """Return whose a folder in ~/Library/CloudStorage is: "GoogleDrive-name", "Box-Box"."""
    if folder.parent.name != "CloudStorage":
        return None
    service = folder.name.partition("-")[0]
    return _NAMES.get(service.casefold(), service)
