"""Consents of people, the pause after an under-age attempt, and what verifiers of age attest."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "consents",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('terms')", name=op.f("ck_consents_kind_known")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_consents_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "text_version", name=op.f("pk_consents")),
    )
    op.create_table(
        "age_cooldowns",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_age_cooldowns")),
    )
    op.create_table(
        "age_attestations",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("over_18", sa.Boolean(), nullable=False),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_age_attestations_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_age_attestations")),
    )


def downgrade() -> None:
    """Drop them; who agreed to what is forgotten."""
    op.drop_table("age_attestations")
    op.drop_table("age_cooldowns")
    op.drop_table("consents")
