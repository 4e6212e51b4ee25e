#!/bin/sh
# Puts Roster among the programs of the person who runs this; no root, and nothing is copied but the icon.
# Run it again after moving the folder. "./install.sh --remove" takes it out again; your people stay where they are.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$share/applications/roster.desktop
drawing=$share/icons/hicolor/scalable/apps/roster.svg
picture=$share/icons/hicolor/512x512/apps/roster.png

refresh() {
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$share/applications" || true
    fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1; then
        gtk-update-icon-cache -q -t "$share/icons/hicolor" 2>/dev/null || true
    fi
}

if [ "${1-}" = "--remove" ]; then
    rm -f -- "$entry" "$drawing" "$picture"
    refresh
    echo "Roster is no longer among your programs. To be rid of it, delete $here"
    exit 0
fi

if [ ! -x "$here/roster/roster" ]; then
    echo "The program is not beside this script: $here/roster/roster" >&2
    exit 1
fi

mkdir -p -- "$(dirname -- "$entry")" "$(dirname -- "$drawing")" "$(dirname -- "$picture")"
cp -- "$here/icons/roster.svg" "$drawing"
cp -- "$here/icons/roster-512.png" "$picture"

# Within quotes the entry's own rules escape \ " ` $, each backslash doubled once more, and % stands doubled.
program=$(printf '%s' "$here/roster/roster" | sed -e 's/[\\"`$]/\\\\&/g' -e 's/%/%%/g')
cat >"$entry" <<END
[Desktop Entry]
Type=Application
Name=Roster
Comment=People and what you wrote about them
Exec="$program"
Icon=roster
Terminal=false
Categories=Office;ContactManagement;
StartupWMClass=roster
END
refresh
echo "Roster is now among your programs."
