"""What keeps a file, or a row of it, from coming in, and what is doubtful of one that does. For `words`."""

from flask_babel import lazy_gettext as _l

IMPORTS = {
    "import.too_large": _l(
        "The file has %(size)s MB; at most %(limit)s MB can be read. Divide it into several files."
    ),
    "import.too_wide": _l("The file has %(count)s columns; at most %(limit)s can be read."),
    "import.too_long": _l("The file has more than %(limit)s rows. Divide it into several files."),
    "import.cell_too_long": _l(
        "In the row at line %(line)s a cell has more than %(limit)s million letters, so nothing was read. "
        "Is a quotation mark never closed?"
    ),
    "import.empty": _l("There are no people in this file."),
    "import.no_cards": _l(
        "There are no vCards in this folder, so nothing was read. Of a folder the vCards (.vcf, .vcard) that "
        "lie in it itself come in; choose any other file alone."
    ),
    "import.other_letters": _l(
        "Not all of this file can be read as %(told)s, but as %(found)s it can. Nothing was read."
    ),
    "import.not_text": _l(
        "This is no file of people that can be read here: it holds bytes that are no text. Nothing was "
        "changed. What can be read: CSV, xlsx, xls, ods, vCard, LDIF, JSON and SQLite."
    ),
    "import.other_kind": _l(
        "This is %(kind)s, which can't be imported. Nothing was changed; save it as CSV and import that."
    ),
    "import.too_many_members": _l(
        "There are %(count)s files in this zip; at most %(limit)s can be read. Nothing was changed."
    ),
    "import.unpacked_too_large": _l(
        "Unpacked, this file is larger than %(limit)s MB, so nothing was read. Divide it into several files."
    ),
    "import.too_much_text": _l(
        "The cells of the sheet have more than %(limit)s MB of text in all, so nothing was read. Divide it "
        "into several files."
    ),
    "import.too_many_cells": _l(
        "The sheet goes too far: with its empty cells it has more than %(limit)s million. Nothing was read; "
        "copy the people into a new sheet and import that."
    ),
    "import.encrypted": _l(
        "The file is locked with a password. Nothing was changed; save it without one and import that."
    ),
    "import.broken": _l("The file is damaged or cut short, so nothing was read. Save it anew and try again."),
    "import.broken_json": _l(
        "The JSON in this file is cut short or written wrongly, so nothing was read. Save it anew and try "
        "again."
    ),
    "import.no_list": _l(
        "This JSON is no list of people: a list of objects is needed, one for each. Nothing was changed."
    ),
    "import.several_lists": _l(
        "This JSON has several lists, “%(one)s” and “%(other)s” among them, so it can't be told which one is "
        "of people. Nothing was changed; leave that list alone in the file."
    ),
    "import.in_use": _l(
        "Another program has this database open, and what it changed last is not in the file yet. Close it "
        "there and choose the file again."
    ),
    "import.formulas": _l(
        "Formulas without a result in the sheet “%(table)s”: %(count)s, the first in %(place)s. Their cells "
        "are read as empty. Open the file in a spreadsheet program, save it there and import it again."
    ),
    "import.unsolved": _l(
        "Formulas without a result in the sheet “%(table)s”: %(count)s, the first in %(place)s. What their "
        "cells say can't be told, so nothing was changed. Open the file in a spreadsheet program, save it "
        "there and import it again."
    ),
    "import.locked_backup": _l(
        "This is a locked backup. Nothing was changed; open it from Safety, where it is restored."
    ),
    "import.backup": _l(
        "This is a backup of Roster. Nothing was changed; open it from Safety: there you see what is in it, "
        "and restore everyone or some people."
    ),
    "import.database": _l(
        "This is a whole database of Roster. Nothing was changed; restore it, from Safety or by the command: "
        "you see first what is in it, and restore everyone or some people."
    ),
    "import.one_file": _l(
        "Several files come in together only if all of them are vCards, or a database with its log. Nothing "
        "was changed; choose one."
    ),
    "import.unknown_zip": _l(
        "There is no vCard (.vcf, .vcard) in this zip, and no other file is read in one. Nothing was "
        "changed; unpack it and import the files in it."
    ),
    "import.unreadable": _l("The file can't be read: %(reason)s"),
    "import.mixed": _l(
        "The first line is divided by another character than the others, so the columns can't be told apart. "
        "Make the first line like the rest."
    ),
    "import.no_such_table": _l(
        "There is no %(table)s in this file, so nothing was read. It has these sheets, or tables: %(names)s."
    ),
    "import.no_tables": _l(
        "There is no %(table)s to choose: such a file has no sheets, nor tables. Nothing was read."
    ),
    "import.no_key": _l("People can't be known by that field: it doesn't tell them apart."),
    "import.no_such_field": _l("There is no field %(field)s to put a column into."),
    "import.field_twice": _l(
        "Two columns can't both be the %(field)s of a person. Leave one of them as it is."
    ),
    "import.field_moved": _l(
        "The field %(field)s was changed since the file was looked at. Nothing was imported; choose the file "
        "again."
    ),
    "imports.not_found": _l("This import is not here any more. Choose the file again."),
    "import.under_way": _l(
        "Roster is at work on this import just now, so that was not taken. Say it again once that is done."
    ),
    "import.read": _l("Reading the file"),
    "import.match": _l("Looking who is here already"),
    "import.write": _l("Writing people"),
    "import.index": _l("Bringing search up to date"),
    "row.nobody": _l(
        "No name, no username, no e-mail, no phone and no organisation: nothing says who this is, unless a "
        "field of yours does that you choose as “Known by”"
    ),
    "row.nobody_here": _l("Nobody here has “%(value)s” as %(column)s, and nothing else says who this is"),
    "row.other_name_uid": _l("The file says that this is %(name)s, but the name is another"),
    "row.sum": _l("“%(name)s” may be the line that adds up the sheet, and nobody"),
    "row.no_photo": _l("The photo can't be read; it stays with the person as it came"),
    "row.posts_left": _l(
        "Posts beyond the first %(most)s, and any of more than %(limit)s letters, stay with the person as "
        "they came"
    ),
    "row.other_name_key": _l("What %(name)s is known by stands here beside another name"),
    "row.other_key": _l("The e-mail is that of %(name)s, who is known by another value"),
    "row.broken_lines": _l("%(count)s lines could not be read; they stay with the person"),
    "row.only_no_address": _l("“%(email)s” is no e-mail, and nothing else says who this is"),
    "row.renamed": _l("“%(wanted)s” is taken, so the username is “%(username)s”"),
    "row.no_card": _l("There is no card in this file that can be read"),
    "row.damaged_file": _l("This file of the zip is damaged, or packed in a way that can't be read here"),
    "row.cut_card": _l("The file ends in the middle of this card: what follows is missing"),
    "row.no_end": _l("The end of this card is missing, and maybe more of it"),
    "row.open_quote": _l("A quotation mark in this row is never closed, so the rest of the file is in it"),
    "row.other_name": _l("Has an e-mail of %(name)s, but another first name"),
    "row.same_name": _l("Has the name of %(name)s; nothing else says whether it is the same person"),
    "row.same_name_row": _l(
        "Has the name of an earlier row, %(name)s; nothing else says whether it is the same person"
    ),
    "row.same_name_phone": _l("Has the name and a phone of %(name)s"),
    "row.several": _l("Several people have this e-mail, %(name)s among them"),
    "row.odd_address": _l(
        "“%(email)s” does not look like a complete e-mail; it stays among their e-mails as it is written, "
        "and all else comes in"
    ),
    "row.in_trash": _l("May be %(name)s, who is in the trash; comes in as someone new"),
    "row.no_address": _l("“%(email)s” is no e-mail; it stays with the person as it is"),
    "row.no_phone": _l(
        "“%(phone)s” is no phone any more, for a spreadsheet has rounded it; it stays as it is written. The "
        "file that the spreadsheet was given may still have it"
    ),
    "row.more_cells": _l("More cells than columns; they stay with the person"),
    "row.cut": _l("Cut at %(limit)s letters; the whole text stays with the person"),
    "row.unkeepable": _l("A character that can't be kept was left out; it stays with the person"),
    "row.century": _l("“%(value)s” is read as of %(year)s; is the century right?"),
    "row.fewer_cells": _l("Fewer cells than columns: %(count)s are missing at its end"),
    "row.no_date": _l("“%(value)s” can't be read as a date; it is kept as it is written"),
    "row.own": _l("“%(value)s” does not fit %(field)s; it is kept as it is written"),
    "row.own_taken": _l("“%(value)s” of %(field)s belongs to someone else; it is left out, shown as it came"),
    "row.too_many": _l("Only the first %(limit)s of them come in; all of them stay with the person"),
    "sent.write": _l("Writing the edits"),
    "sent.let_go": _l(
        "You sent this sheet out, but your history does not reach back so far any more. It is read as any "
        "other file: look at every change."
    ),
    "sent.uids_gone": _l(
        "You sent this sheet out, but it has no column “uid” any more, which says whom each row is of. It is "
        "read as any other file, so look at every change: what you changed here since would go back. Ask for "
        "the sheet with that column."
    ),
    "sent.elsewhere": _l(
        "This sheet was not sent from the Roster that you have open. It is read as any other file."
    ),
    "sent.moved": _l(
        "Something was changed here since you looked. Nothing was taken; look again at what differs now."
    ),
    "sent.under_way": _l(
        "The sheet is still being looked at, so your answer was not taken. Answer again in a moment."
    ),
    "sent.again": _l("The same person as line %(line)s. For a new person empty the cell uid in the file"),
    "sent.forgotten": _l("You have forgotten this person completely, so nothing of the row is taken"),
    "sent.gone": _l("Not here any more, so nothing of the row is taken"),
    "sent.trashed": _l("In the trash. Put them back first to take this"),
    "sent.not_sent": _l("Was not in the sheet that you sent, so nothing of the row is taken"),
    "sent.no_uid": _l(
        "Is here already, but the row lost its uid, so nothing of it is taken. For this person put %(uid)s "
        "into the cell uid in the file"
    ),
    "sent.other_letters": _l(
        "Read as %(told)s this is no sheet that was sent from here, so it stays as it was read."
    ),
    "sent.letters": _l("Letters became question marks when the file was saved, so yours stays"),
    "sent.no_field": _l("The field is not here any more"),
    "rows.not_found": _l("This row has no question any more."),
}
