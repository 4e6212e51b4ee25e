"""The whole record: own fields, photos, attachments, relations, further people of posts, follow-ups, views.

Columns are added and tables made; no table is rebuilt.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PRESETS = (
    ("birthdays", "birthday:this-month", "5b6f1d0e-4c1a-5e0b-8a55-2f6f4b1f7a01"),
    ("out_of_touch", "last-post:>90d", "5b6f1d0e-4c1a-5e0b-8a55-2f6f4b1f7a02"),
    ("no_email", "no:email", "5b6f1d0e-4c1a-5e0b-8a55-2f6f4b1f7a03"),
    ("added_lately", "added:<30d", "5b6f1d0e-4c1a-5e0b-8a55-2f6f4b1f7a04"),
)


def upgrade() -> None:
    op.create_table(
        "fields",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("hint", sa.String(length=200), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("default_value", sa.String(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("no_two_alike", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fields")),
        sa.UniqueConstraint("uid", name=op.f("uq_fields_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("fields") as batch_op:
        batch_op.create_index(
            "ix_fields_name_key", ["name_key"], unique=True, sqlite_where=sa.text("deleted_at IS NULL")
        )

    op.create_table(
        "files",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_files")),
    )
    op.create_table(
        "photos",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_photos")),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("name_key", sa.String(length=160), nullable=True),
        sa.Column("preset", sa.String(length=20), nullable=True),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("sort", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("name_key", name=op.f("uq_saved_views_name_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_saved_views_uid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_attachments_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("uid", name=op.f("uq_attachments_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("attachments") as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_user_id"), ["user_id"], unique=False)

    op.create_table(
        "field_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("value_key", sa.String(), nullable=True),
        sa.Column("typed", sa.String(), nullable=True),
        sa.Column("number", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["field_id"], ["fields.id"], name=op.f("fk_field_values_field_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_field_values_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_values")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("field_values") as batch_op:
        batch_op.create_index(
            "ix_field_values_field_id_number", ["field_id", "number", "user_id"], unique=False
        )
        batch_op.create_index(
            "ix_field_values_field_id_value_key", ["field_id", "value_key", "user_id"], unique=False
        )
        batch_op.create_index("ix_field_values_user_id", ["user_id"], unique=False)

    op.create_table(
        "relations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("back_label", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["users.id"], name=op.f("fk_relations_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_relations_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
        sa.UniqueConstraint("uid", name=op.f("uq_relations_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("relations") as batch_op:
        batch_op.create_index(batch_op.f("ix_relations_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relations_user_id"), ["user_id"], unique=False)

    op.create_table(
        "post_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_users_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_post_users_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_users")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("post_users") as batch_op:
        batch_op.create_index("ix_post_users_post_id_user_id", ["post_id", "user_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_post_users_user_id"), ["user_id"], unique=False)

    op.drop_column("ledger", "fresh")  # not by a batch, which would lose the table's check

    with op.batch_alter_table("posts") as batch_op:
        batch_op.add_column(sa.Column("follow_up", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("done_at", sa.String(), nullable=True))
        batch_op.create_index("ix_posts_date", ["date", "id"], unique=False)
        batch_op.create_index(
            "ix_posts_follow_up", ["follow_up"], unique=False, sqlite_where=sa.text("follow_up IS NOT NULL")
        )

    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("photo_hash", sa.String(length=64), nullable=True))
        batch_op.create_index(
            "ix_users_birthday",
            ["birthday", "deleted_at"],
            unique=False,
            sqlite_where=sa.text("birthday IS NOT NULL"),
        )

    op.bulk_insert(
        sa.table(
            "saved_views",
            *(sa.column(name) for name in ("uid", "name", "preset", "query", "sort", "position")),
        ),
        [
            # The same uids in every database: they are the same views.
            {"uid": uid, "name": None, "preset": preset, "query": query, "sort": "", "position": position}
            for position, (preset, query, uid) in enumerate(PRESETS, 1)
        ],
    )


def downgrade() -> None:
    raise NotImplementedError("a file is never taken back to an older schema; restore a backup instead")
