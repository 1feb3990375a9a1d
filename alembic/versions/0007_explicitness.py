"""How explicit a person wants it to be; at the beginning, not at all."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "user_profiles",
        sa.Column("explicit_preference", sa.Float(), server_default=sa.text("0"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_user_profiles_explicit_preference_range"),
        "user_profiles",
        "explicit_preference BETWEEN 0 AND 1",
    )


def downgrade() -> None:
    """Drop the column."""
    op.drop_constraint(op.f("ck_user_profiles_explicit_preference_range"), "user_profiles", type_="check")
    op.drop_column("user_profiles", "explicit_preference")
