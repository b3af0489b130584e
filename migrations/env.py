"""How Alembic meets our tables: always on a connection that somebody gives, see core/upgrading.py."""

from alembic import context

from migrations.tables import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Migrations run when the site starts. To write one: .venv/bin/python -m migrations 'what it does'")

context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite", compare_type=True)
with context.begin_transaction():
    context.run_migrations()
