"""Sign-ins of browsers, and the language of a person."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REASONS = "ck_session_families_revoked_reason_known"


def upgrade() -> None:
    """Add what web sessions need."""
    op.add_column("user_profiles", sa.Column("language", sa.String(), nullable=True))
    op.create_check_constraint(op.f("ck_user_profiles_language_known"), "user_profiles", "language IN ('es', 'en')")
    op.add_column("session_families", sa.Column("cookie_hash", sa.String(length=64), nullable=True))
    op.add_column("session_families", sa.Column("device", sa.String(length=120), nullable=True))
    op.add_column("session_families", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_unique_constraint(op.f("uq_session_families_cookie_hash"), "session_families", ["cookie_hash"])
    op.drop_constraint(op.f(REASONS), "session_families", type_="check")
    op.create_check_constraint(
        op.f(REASONS),
        "session_families",
        "revoked_reason IN ('logout', 'reuse', 'deactivated', 'age_review', 'ended', 'password')",
    )


def downgrade() -> None:
    """Back to sign-ins of programs alone; those of browsers end."""
    op.execute("DELETE FROM session_families WHERE cookie_hash IS NOT NULL")
    op.execute("UPDATE session_families SET revoked_reason = 'logout' WHERE revoked_reason IN ('ended', 'password')")
    op.drop_constraint(op.f(REASONS), "session_families", type_="check")
    op.create_check_constraint(
        op.f(REASONS), "session_families", "revoked_reason IN ('logout', 'reuse', 'deactivated', 'age_review')"
    )
    op.drop_constraint(op.f("uq_session_families_cookie_hash"), "session_families", type_="unique")
    op.drop_column("session_families", "last_seen_at")
    op.drop_column("session_families", "device")
    op.drop_column("session_families", "cookie_hash")
    op.drop_constraint(op.f("ck_user_profiles_language_known"), "user_profiles", type_="check")
    op.drop_column("user_profiles", "language")
