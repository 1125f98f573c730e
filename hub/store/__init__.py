"""The database: tables, projections, queries. SQLAlchemy is used only here."""
