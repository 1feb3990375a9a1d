"""Notices with messages, the clock that they go by, and the country for which help is named."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the table and the columns."""
    op.create_table(
        "notice_clocks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_turn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disclosed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notice_clocks_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_clocks")),
    )
    op.add_column(
        "messages",
        sa.Column(
            "notices",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("user_profiles", sa.Column("country", sa.String(length=2), nullable=True))
    op.create_check_constraint(
        op.f("ck_user_profiles_country_code"), "user_profiles", "country ~ '^[A-Z]{2}$'"
    )


def downgrade() -> None:
    """Drop them; what people were told is forgotten."""
    op.drop_constraint(op.f("ck_user_profiles_country_code"), "user_profiles", type_="check")
    op.drop_column("user_profiles", "country")
    op.drop_column("messages", "notices")
    op.drop_table("notice_clocks")
