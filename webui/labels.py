"""What the values of a person are called on a page, by the field of a change; who made one. Words alone."""

from flask_babel import lazy_gettext as _l

VALUES = {
    "given": _l("First name"),
    "family": _l("Last name"),
    "prefix": _l("Prefix"),
    "additional": _l("Middle name"),
    "suffix": _l("Suffix"),
    "nickname": _l("Nickname"),
    "display_name": _l("Shown as"),
    "username": _l("Username"),
    "email": _l("E-mail"),
    "email_label": _l("Kind of e-mail"),
    "note": _l("Note"),
    "phonetic": _l("Spoken as"),
    "organisation": _l("Organisation"),
    "department": _l("Department"),
    "job_title": _l("Job title"),
    "birthday": _l("Birthday"),
    "tags": _l("Tag"),
    "emails": _l("Further e-mail"),
    "phones": _l("Phone"),
    "addresses": _l("Address"),
    "links": _l("Web page"),
    "handles": _l("Messenger"),
    "dates": _l("Date"),
    "attachments": _l("File"),
    "relations": _l("Knows"),
    "photo": _l("Photo"),
}

# Further ones, of what is written about a person.
POSTS = {
    "posts.title": _l("Title"),
    "posts.body": _l("Text"),
    "posts.date": _l("Day"),
    "posts.follow_up": _l("Come back to it on"),
    "posts.done_at": _l("Done"),
    "post_users": _l("Also in the post"),
}

# Through which door something was done, where that was not the window.
DOORS = {
    "api": _l("by another program"),
    "command": _l("by a command"),
    "outside": _l("outside Roster"),
}

# What the tables hold, where rows are counted.
TABLES = {
    "users": _l("People"),
    "posts": _l("Posts"),
    "post_users": _l("Further people in posts"),
    "tags": _l("Tags"),
    "user_tags": _l("Tags on people"),
    "fields": _l("Own fields"),
    "field_values": _l("Values of own fields"),
    "user_emails": _l("Further e-mails"),
    "user_phones": _l("Phones"),
    "user_addresses": _l("Addresses"),
    "user_links": _l("Web pages"),
    "user_handles": _l("Messengers"),
    "user_dates": _l("Dates"),
    "relations": _l("Relations"),
    "attachments": _l("Attachments"),
    "files": _l("Attached files"),
    "photos": _l("Photos"),
    "sources": _l("Rows as they were imported"),
    "source_files": _l("Imported files"),
    "uid_aliases": _l("Names of merged people"),
    "saved_views": _l("Views"),
    "settings": _l("Settings"),
}
