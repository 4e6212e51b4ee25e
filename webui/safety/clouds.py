"""Whether a folder is one that a program copies to other people's computers, by its name or its marks.

From what the programs document of where they put themselves; one that was renamed by hand is not known.
"""

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


def _of_mac(folder: Path) -> str | None:
    """Return whose a folder in ~/Library/CloudStorage is: "GoogleDrive-name", "Box-Box"."""
    if folder.parent.name != "CloudStorage":
        return None
    service = folder.name.partition("-")[0]
    return _NAMES.get(service.casefold(), service)
