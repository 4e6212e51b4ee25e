"""A list that is sorted by any of its columns: a key for each person and column shown."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_sorts",
        sa.Column("column", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("column", "key", "user_id", name=op.f("pk_person_sorts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_sorts_user_id", "person_sorts", ["user_id", "column"])
    op.drop_index("ix_user_tags_tag_id", "user_tags")
    op.create_index("ix_user_tags_tag_id_user_id", "user_tags", ["tag_id", "user_id"])


def downgrade() -> None:
    raise NotImplementedError("a file is never taken back to an older schema; restore a backup instead")
