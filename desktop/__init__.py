"""Roster's native half: folders, one running copy, the server, the window. The only importer of webview."""
