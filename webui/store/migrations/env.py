"""Alembic's entry: for the app a connection is handed over, for developers Flask-Migrate gives the engine."""

from alembic import context

from webui.store.migrations import include_name, render_item
from webui.store.models import Base


def run(connection) -> None:  # type: ignore[no-untyped-def]  # Alembic hands over its own types
    """Run the migrations on `connection`, within its transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        render_item=render_item,
        render_as_batch=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from webui.database import migrating

    with migrating() as developers:
        run(developers)
