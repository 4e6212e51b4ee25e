"""The tables of a plan's scratch file. Not for what is done with them: see `plan`, `staging`, `matching`."""

from webui.exchange import lists
from webui.store.values import names

# What a row can set of a person: the fields that say something, and the date that `birthday_typed` means.
TEXTS = (
    "display_name", *names.PARTS, "nickname", "note", "phonetic", "organisation", "department", "job_title",
    "birthday_typed",
)  # fmt: skip
FIELDS = (*TEXTS, "birthday")
_LISTS = "\n".join(
    f"""CREATE TABLE staged_{name} (position INTEGER, rank INTEGER, "key" TEXT, again INTEGER, place TEXT,
  {", ".join(columns)},
  had INTEGER DEFAULT 0, PRIMARY KEY (position, rank)) WITHOUT ROWID;"""
    for name, columns in lists.COLUMNS.items()
)
# `does` is add, change or none: what the verdict and the choice make of the row. `user_id` is whom a row was
# matched with, `twin` the earlier row that is the same person; `whom_user` or `whom_row` say whom a change
# goes to in the end. `open_dates` may have the day or the month first; rank -1 is the birthday.
# `place` says in which cell of its row something stands, where that is told. `replaced`: see `replacing`.
# `again` counts the rows before one that have the same key: only files of our own have such. `field` is
# the uid of an own field; its `had` is 2 where the value is someone else's and no two may be alike.
SCHEMA = f"""
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE staged (position INTEGER PRIMARY KEY, line INTEGER, file TEXT, width INTEGER,
  told_uid TEXT, source_uid TEXT, keeps_uid INTEGER, uid TEXT, wanted TEXT, wanted_key TEXT,
  told_username TEXT, clears TEXT,
  {", ".join(FIELDS)},
  given_key TEXT, named TEXT,
  keeps INTEGER, warnings TEXT, readable INTEGER, verdict TEXT, reason TEXT, matched TEXT, user_id INTEGER,
  twin INTEGER, username TEXT, username_key TEXT, changes TEXT, kept TEXT, stays INTEGER, choice TEXT,
  does TEXT, whom_user INTEGER, whom_row INTEGER);
CREATE TABLE staged_raw (position INTEGER PRIMARY KEY, raw BLOB, raw_hash BLOB);
CREATE TABLE staged_emails (position INTEGER, rank INTEGER, label TEXT, email TEXT, email_key TEXT,
  place TEXT, main INTEGER DEFAULT 0, had INTEGER DEFAULT 0, PRIMARY KEY (position, rank)) WITHOUT ROWID;
CREATE TABLE staged_tags (position INTEGER, name_key TEXT, had INTEGER DEFAULT 0,
  PRIMARY KEY (position, name_key)) WITHOUT ROWID;
CREATE TABLE tag_names (name_key TEXT PRIMARY KEY, name TEXT, uid TEXT) WITHOUT ROWID;
CREATE TABLE open_dates ("column" INTEGER, position INTEGER, rank INTEGER, typed TEXT, day_first TEXT,
  month_first TEXT, PRIMARY KEY ("column", position, rank)) WITHOUT ROWID;
{_LISTS}
CREATE TABLE photo_bytes (hash TEXT PRIMARY KEY, media_type TEXT, original BLOB, shown BLOB);
CREATE TABLE staged_photos (position INTEGER PRIMARY KEY, hash TEXT, had INTEGER DEFAULT 0);
CREATE TABLE staged_posts (position INTEGER, rank INTEGER, title TEXT, body TEXT, date TEXT,
  had INTEGER DEFAULT 0, PRIMARY KEY (position, rank)) WITHOUT ROWID;
CREATE TABLE staged_relations (position INTEGER, rank INTEGER, kind TEXT, label TEXT, word TEXT, other TEXT,
  back INTEGER, had INTEGER DEFAULT 0, PRIMARY KEY (position, rank)) WITHOUT ROWID;
CREATE TABLE staged_own (position INTEGER, field TEXT, rank INTEGER, value TEXT, value_key TEXT, typed TEXT,
  number REAL, had INTEGER DEFAULT 0, was TEXT, PRIMARY KEY (position, field, rank)) WITHOUT ROWID;
CREATE TABLE replaced (position INTEGER, list TEXT, id INTEGER, rank INTEGER, heir INTEGER, label TEXT,
  called TEXT, was TEXT, now TEXT);
CREATE INDEX replaced_position ON replaced (position);
CREATE TABLE remaining (position INTEGER, list TEXT, called TEXT, was TEXT);
CREATE INDEX remaining_position ON remaining (position);
CREATE TABLE beside (position INTEGER, list TEXT, PRIMARY KEY (position, list)) WITHOUT ROWID;
CREATE TABLE updates (position INTEGER PRIMARY KEY, user_id INTEGER, email, email_key, email_label,
  {", ".join(FIELDS)});
"""
INDEXES = """
CREATE INDEX staged_verdict ON staged (verdict, position);
CREATE INDEX staged_wanted ON staged (wanted_key, position);
CREATE INDEX staged_raw_hash ON staged_raw (raw_hash, position);
CREATE INDEX staged_user_id ON staged (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX staged_told_uid ON staged (told_uid) WHERE told_uid IS NOT NULL;
CREATE INDEX staged_source_uid ON staged (source_uid) WHERE source_uid IS NOT NULL;
CREATE INDEX staged_twin ON staged (twin) WHERE twin IS NOT NULL;
CREATE INDEX staged_emails_key ON staged_emails (email_key, rank, position);
"""
