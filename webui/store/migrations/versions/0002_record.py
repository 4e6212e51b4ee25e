"""The record: work, birthday, phones, addresses, web pages, handles and other dates.

Columns are added and tables made; no table is rebuilt. Frozen once landed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("extra", sa.String(length=200), nullable=False),
        sa.Column("po_box", sa.String(length=60), nullable=False),
        sa.Column("postal_code", sa.String(length=40), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_addresses_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_addresses")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("user_addresses") as batch_op:
        batch_op.create_index(batch_op.f("ix_user_addresses_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("typed", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_dates_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_dates")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("user_dates") as batch_op:
        batch_op.create_index(batch_op.f("ix_user_dates_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_handles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("handle", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_handles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_handles")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("user_handles") as batch_op:
        batch_op.create_index(batch_op.f("ix_user_handles_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_links_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_links")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("user_links") as batch_op:
        batch_op.create_index(batch_op.f("ix_user_links_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_phones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=80), nullable=False),
        sa.Column("phone_key", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_phones_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_phones")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("user_phones") as batch_op:
        batch_op.create_index(batch_op.f("ix_user_phones_phone_key"), ["phone_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_phones_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("phonetic", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("organisation", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("department", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("job_title", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("birthday", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("birthday_typed", sa.String(length=60), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a file is never taken back to an older schema; restore a backup instead")
