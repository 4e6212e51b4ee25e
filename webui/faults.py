"""What keeps a value from being kept, beside its field. `words` fills it in."""

from flask_babel import lazy_gettext as _l

FAULTS = {
    "username.required": _l("Everyone needs a username"),
    "username.taken": _l("“%(value)s” belongs to someone else"),
    "username.taken_meanwhile": _l("This username was taken a moment ago"),
    "email.required": _l("Everyone needs an e-mail, as the settings say"),
    "email.taken": _l("“%(value)s” is already the e-mail of %(owner)s"),
    "email.taken_meanwhile": _l("This e-mail was taken a moment ago"),
    "email.no_at": _l("An e-mail has an @, as in mara@lindqvist.example"),
    "email.no_name": _l("Something has to stand before the @"),
    "email.no_ending": _l("The part after @ needs an ending, as in %(example)s"),
    "email.shape": _l("“%(email)s” is not a complete e-mail"),
    "email.long": _l("An e-mail has at most %(limit)s letters"),
    "too_long": _l("%(length)s letters are too many; at most %(limit)s fit here"),
    "text.unkeepable": _l("There is a character in this that can't be kept; leave it out"),
    "not_text": _l("This has to be a text"),
    "not_a_list": _l("This has to be a list, each with a label and what it holds"),
    "not_tags": _l("This has to be a list of names"),
    "photo.none": _l("No picture was chosen"),
    "photo.again": _l("The photo was not saved yet; choose it once more"),
    "photo.too_large": _l(
        "This picture is larger than %(most_bytes)s. The photo was not changed; choose a smaller one."
    ),
    "photo.too_many_pixels": _l(
        "This picture has more than %(most)s million pixels, too many to be read. The photo was not changed; "
        "save it smaller and choose that."
    ),
    "photo.other_kind": _l(
        "This is no picture that can be read. The photo was not changed; choose a JPEG, PNG, WebP or GIF."
    ),
    "photo.damaged": _l(
        "This picture is cut off or damaged. The photo was not changed; choose another copy of it."
    ),
    "attachment.none": _l("No file was chosen"),
    "attachment.too_large": _l("%(name)s is larger than %(most_bytes)s. Nothing was attached."),
    "attachment.no_name": _l("A file needs a name"),
    "relation.nobody": _l("Write whom: a name, or a username"),
    "relation.kind": _l("This has to be one of %(known)s"),
    "relation.no_label": _l("Write what they are, as in Godmother"),
    "relation.self": _l("%(name)s is this very person; write someone else"),
    "relation.double": _l("That of %(other)s and %(name)s is said already"),
    "tag.no_name": _l("A tag needs a name"),
    "tag.taken": _l("There is a tag %(value)s already"),
    "own.shape": _l("This does not fit the field: a text is needed, or a list where several can be chosen"),
    "own.not_by_name": _l("This has to be an object, with what is in each field by the field's name"),
    "own.unknown": _l("There is no field “%(name)s”, only %(known)s"),
    "own.none": _l("There are no own fields yet"),
    "own.required": _l("%(name)s can't stay empty"),
    "own.number": _l("“%(value)s” is no number; write it as in 12, 12.5 or 1,234.50"),
    "own.yes_no": _l("“%(value)s” is neither yes nor no"),
    "own.choice": _l("“%(value)s” can't be chosen, only %(known)s"),
    "own.link": _l("“%(value)s” is no web address; write it as in www.lindqvist.example"),
    "own.phone": _l("“%(value)s” has no digit to dial"),
    "own.taken": _l("“%(value)s” is already that of %(owner)s, and no two may be alike"),
    "bulk.alike": _l("No two may have the same %(name)s, so only one person can be given it"),
    "cell.changed_meanwhile": _l(
        "Meanwhile this became “%(value)s”. Enter writes what you typed all the same."
    ),
    "sheet.many": _l(
        "What was pasted has %(count)s lines, and %(limit)s can be pasted at once. Nothing was changed. "
        "More come in by an import."
    ),
    "bulk.nobody": _l("Nobody was selected. Nothing was changed."),
    "field.no_name": _l("A field needs a name"),
    "field.taken": _l("There is a field %(value)s already"),
    "field.no_kind": _l("There is no such kind of field"),
    "field.no_options": _l("Write what can be chosen, one on each line"),
    "field.default_alike": _l("No two may be alike, so nobody can begin with the same"),
    "field.alike": _l("%(one)s and %(other)s both have “%(value)s”; change one of them first"),
    "too_many": _l("At most %(limit)s fit here"),
    "date.no_day": _l("“%(value)s” is no day: that month ends with the %(last)sth"),
    "date.no_leap": _l("“%(value)s” is no day: February of %(year)s ends with the 28th"),
    "date.unclear": _l(
        "“%(value)s” can't be read as a date; write it as in 4 March 1987, March 1987 or 4 March"
    ),
    "former.no_field": _l(
        "Nothing was changed: the field %(name)s is in the trash. Put it back from there first."
    ),
    "moment.nothing_changes": _l(
        "You are looking at %(at)s, where nothing can be changed. Come back to now first."
    ),
    "moment.ended": _l(
        "The moment you were looking at has ended, so nothing was done. Choose it anew in History."
    ),
    "moment.is_now": _l("That is how it is now: nothing was done since."),
    "moment.unread": _l(
        "“%(typed)s” can't be read as a day. Write as in 18 November 2026, or with the time behind it."
    ),
    "moment.too_early": _l(
        "History reaches back to %(at)s; what was before is not known any more. A backup of then may have it."
    ),
    "history_limit.unknown": _l("History can't be kept at this size. Choose one of the list."),
    "trash_days.unknown": _l("The trash can't be emptied after this time. Choose one of the list."),
    "phone_region.unknown": _l("There is no region %(value)s; write its two letters, as in DE"),
    "post.no_follow_up": _l("This post has no day to come back to it."),
    "person.nobody": _l("Nobody here is called %(name)s"),
    "person.several": _l("Several people are called %(name)s; write the username of one: %(usernames)s"),
    "person.not_ids": _l("This has to be a list of ids of people, or their names, divided by commas"),
    "post.no_title": _l("A post needs a title: in a few words, what happened"),
    "birthday.ahead": _l("“%(value)s” has not come yet; is the year right?"),
    "date.shape": _l("“%(value)s” is not a day; write it as in 25 November 2026 or 2026-11-25"),
    "title.length": _l("A title has 1 to %(limit)s letters"),
    "json.object": _l("The body has to be a JSON object"),
    "json.unknown": _l("There is no such field"),
    "row.only_label": _l("“%(label)s” stands where its kind does, and nothing where it does itself"),
    "row.unknown": _l("There is no “%(name)s” here, only %(known)s"),
    "json.bool": _l("This has to be true or false"),
    "json.user_id": _l("This has to be the id of a person"),
    "page.number": _l("This has to be a number from 1 to %(most)s"),
    "sort.unknown": _l("This has to be one of %(known)s; a - before it turns it round"),
    "api.user_created": _l("User created!"),
    "api.post_created": _l("Post created!"),
}
