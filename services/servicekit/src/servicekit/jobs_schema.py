"""Procrastinate's tables, in a schema of their own where only the system role reaches them."""

from alembic import op
from procrastinate.schema import SchemaManager

from servicekit.access import DATABASE_ROLES

_CLOSE = """
    DO $$
    DECLARE f regprocedure;
    BEGIN
        FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
            EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', f);
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
        END LOOP;
    END $$
"""


def install_jobs(service: str) -> None:
    """Create the schema `jobs`, as the owner; for the first migration of a service.

    Every role may defer a job, by the one function that does so with its owner's rights; none but the system
    role may read or change one. A release of procrastinate that changes its schema needs a migration of ours
    (a test notices): freeze the present text here and run the library's `sql/migrations` in the new one.
    """
    connection = op.get_bind()
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path = jobs")
    connection.exec_driver_sql(SchemaManager.get_schema(), execution_options={"no_parameters": True})
    op.execute("SET LOCAL search_path TO DEFAULT")
    op.execute(_CLOSE)
    system = f"{service}_system"
    everyone = ", ".join(f"{service}_{suffix}" for suffix in sorted(set(DATABASE_ROLES.values())))
    op.execute("ALTER FUNCTION jobs.procrastinate_defer_jobs_v1 SECURITY DEFINER")
    op.execute(f"GRANT USAGE ON SCHEMA jobs TO {everyone}")
    op.execute(f"GRANT EXECUTE ON FUNCTION jobs.procrastinate_defer_jobs_v1 TO {everyone}")
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO {system}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO {system}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO {system}")
