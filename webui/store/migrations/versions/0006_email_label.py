"""The main e-mail has a label as every other."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("email_label", sa.String(60), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a file is never taken back to an older schema; restore a backup instead")
