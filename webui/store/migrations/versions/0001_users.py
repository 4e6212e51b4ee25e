"""The first schema: people, posts, tags, sources, settings and the ledger.

Frozen: a later change of the models is a version of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=True),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.Column("replacing", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "operations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.String(length=40), nullable=True),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undoes"], ["operations.id"], name=op.f("fk_operations_undoes")),
        sa.ForeignKeyConstraint(["undone_by"], ["operations.id"], name=op.f("fk_operations_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_operations_undoes", "operations", ["undoes", "undone_by"], unique=False)
    op.create_table(
        "person_text",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.LargeBinary(), nullable=False),
        sa.Column("email_sort", sa.String(), nullable=False),
        sa.Column("last_post", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_person_text")),
    )
    op.create_index("ix_person_text_email_sort", "person_text", ["email_sort", "user_id"], unique=False)
    op.create_index("ix_person_text_last_post", "person_text", ["last_post", "user_id"], unique=False)
    op.create_index("ix_person_text_name_key", "person_text", ["name_key", "user_id"], unique=False)
    op.create_table(
        "settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
        sa.UniqueConstraint("name", name=op.f("uq_settings_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "source_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_files")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "state",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_state")),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name_key", name=op.f("uq_tags_name_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_tags_uid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("username_key", sa.String(length=160), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("email_key", sa.String(length=240), nullable=True),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=True),
        sa.Column("given", sa.String(), nullable=True),
        sa.Column("additional", sa.String(), nullable=True),
        sa.Column("family", sa.String(), nullable=True),
        sa.Column("suffix", sa.String(), nullable=True),
        sa.Column("nickname", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("deleted_at", sa.String(), nullable=True),
        sa.CheckConstraint(
            "email IS NULL OR length(email) BETWEEN 1 AND 120", name=op.f("ck_users_email_length")
        ),
        sa.CheckConstraint("length(username) BETWEEN 1 AND 80", name=op.f("ck_users_username_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("uid", name=op.f("uq_users_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_users_deleted_at",
        "users",
        ["deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_users_email_key", "users", ["email_key"], unique=True, sqlite_where=sa.text("deleted_at IS NULL")
    )
    op.create_index(
        "ix_users_username_key",
        "users",
        ["username_key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 100", name=op.f("ck_posts_title_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_posts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("uid", name=op.f("uq_posts_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_posts_user_id_date", "posts", ["user_id", "date", "id"], unique=False)
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_uid", sa.String(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("raw_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["source_files.id"], name=op.f("fk_sources_file_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sources_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sources_file_id"), "sources", ["file_id"], unique=False)
    op.create_index(op.f("ix_sources_raw_hash"), "sources", ["raw_hash"], unique=False)
    op.create_index(op.f("ix_sources_source_uid"), "sources", ["source_uid"], unique=False)
    op.create_index(op.f("ix_sources_user_id"), "sources", ["user_id"], unique=False)
    op.create_table(
        "uid_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_uid_aliases_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uid_aliases")),
        sa.UniqueConstraint("uid", name=op.f("uq_uid_aliases_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_uid_aliases_user_id"), "uid_aliases", ["user_id"], unique=False)
    op.create_table(
        "user_emails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=640), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_emails_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_emails")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_emails_email_key"), "user_emails", ["email_key"], unique=False)
    op.create_index(op.f("ix_user_emails_user_id"), "user_emails", ["user_id"], unique=False)
    op.create_table(
        "user_tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_user_tags_tag_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_tags_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_tags")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_tags_tag_id"), "user_tags", ["tag_id"], unique=False)
    op.create_index("ix_user_tags_user_id_tag_id", "user_tags", ["user_id", "tag_id"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("a file is never taken back to an older schema; restore a backup instead")
