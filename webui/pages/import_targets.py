"""What each place is called that a column of a file, or a field of cards, can go to."""

from flask_babel import lazy_gettext as _l

TARGETS = {
    "full_name": _l("Name, first and last"),
    "given": _l("First name"),
    "family": _l("Last name"),
    "prefix": _l("Prefix"),
    "additional": _l("Middle name"),
    "suffix": _l("Suffix"),
    "display_name": _l("Shown as"),
    "nickname": _l("Nickname"),
    "username": _l("Username"),
    "email": _l("E-mail"),
    "tags": _l("Tags"),
    "note": _l("Note"),
    "post": _l("A post, dated today"),
    "phone": _l("Phone"),
    "organisation": _l("Organisation"),
    "department": _l("Department"),
    "job_title": _l("Job title"),
    "phonetic": _l("How the name sounds"),
    "birthday": _l("Birthday"),
    "birth_year": _l("Birthday: the year"),
    "birth_month": _l("Birthday: the month"),
    "birth_day": _l("Birthday: the day"),
    "date": _l("Another date"),
    "address": _l("Address, all in one"),
    "street": _l("Address: street"),
    "extra": _l("Address: further line"),
    "po_box": _l("Address: PO box"),
    "postal_code": _l("Address: postal code"),
    "city": _l("Address: city"),
    "region": _l("Address: state or region"),
    "country": _l("Address: country"),
    "link": _l("Web page"),
    "handle": _l("Messenger or network"),
    "kept": _l("No field (stays with the person)"),
}
# What a field of cards is called, where that is another word than a column has.
OF_CARDS = {
    "full_name": _l("Name"), "organisation": _l("Organisation, department"), "address": _l("Address"),
    "photos": _l("Photo"), "relations": _l("Whom they know"), "post": _l("Posts"),
}  # fmt: skip
# What goes by rule and is not chosen by hand.
RULED = {
    "file_as": _l("Shown as, without another name"),
    "email_label": _l("What kind of e-mail it is"),
    "email_type": _l("What kind of e-mail it is"),
    "detail_label": _l("What kind it is"),
    "uid": _l("Who it is, in Roster"),
    "photos": _l("Photo"),
    "guard": _l("Left out"),
    "ignored": _l("Left out"),
}
