"""Posts and views go to the trash as people and fields do."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("deleted_at", sa.String(), nullable=True))
    op.drop_index("ix_posts_user_id_date", "posts")
    op.create_index("ix_posts_user_id_date", "posts", ["user_id", "deleted_at", "date", "id"])
    op.create_index(
        "ix_posts_deleted_at", "posts", ["deleted_at"], sqlite_where=sa.text("deleted_at IS NOT NULL")
    )
    with op.batch_alter_table(
        "saved_views", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.add_column(sa.Column("deleted_at", sa.String(), nullable=True))
        batch_op.drop_constraint("uq_saved_views_name_key", type_="unique")
    op.create_index(
        "ix_saved_views_name_key",
        "saved_views",
        ["name_key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("a file is never taken back to an older schema; restore a backup instead")
