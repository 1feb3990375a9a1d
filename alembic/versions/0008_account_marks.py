"""What the guard notices about accounts, and a review of conduct."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REVIEW = "ck_users_review_reason_known"
REVOKED = "ck_session_families_revoked_reason_known"


def _replace(name: str, table: str, condition: str) -> None:
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, condition)


def upgrade() -> None:
    """Add the table and the reason."""
    op.create_table(
        "account_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('age_said', 'age_denied', 'age_hint', 'minor_scene')",
            name=op.f("ck_account_marks_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_account_marks_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_marks")),
    )
    op.create_index("ix_account_marks_user_id_created_at", "account_marks", ["user_id", "created_at"])
    _replace(REVIEW, "users", "review_reason IN ('age_review', 'conduct_review')")
    _replace(
        REVOKED,
        "session_families",
        "revoked_reason IN ('logout', 'reuse', 'deactivated', 'age_review', 'conduct_review', 'ended', 'password')",
    )


def downgrade() -> None:
    """Drop them; reviews of conduct become reviews of age, so that nobody gets in unseen."""
    op.execute("UPDATE users SET review_reason = 'age_review' WHERE review_reason = 'conduct_review'")
    op.execute(
        "UPDATE session_families SET revoked_reason = 'age_review' WHERE revoked_reason = 'conduct_review'"
    )
    _replace(REVIEW, "users", "review_reason IN ('age_review')")
    _replace(
        REVOKED,
        "session_families",
        "revoked_reason IN ('logout', 'reuse', 'deactivated', 'age_review', 'ended', 'password')",
    )
    op.drop_table("account_marks")
