"""Alembic's entry: for the app a connection is handed over, for developers Flask-Migrate gives the engine."""

from typing import Any

from alembic import context

from webui.store.models import Base

DERIVED = ("history_", "names_fts", "words_fts", "parts_fts")


def include_name(name: str | None, type_: str, _parents: Any) -> bool:
    """Leave out what `ledger.derived` makes: a generated migration is about the models alone."""
    return not (type_ == "table" and (name or "").startswith(DERIVED))


def run(connection) -> None:  # type: ignore[no-untyped-def]  # Alembic hands over its own types
    """Run the migrations on `connection`, within its transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
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
