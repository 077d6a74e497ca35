"""What Alembic runs a migration with: the connection it is handed."""

from __future__ import annotations

from alembic import context

from rendezvous.moderation.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
