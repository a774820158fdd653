"""The first tables of the journal."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "chains",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_chains")),
    )
    op.create_table(
        "commands",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
    )
    op.create_index("ix_commands_account", "commands", ["account", "state"])

    op.create_table(
        "events",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_events")),
    )
    op.create_index("ix_events_subject", "events", ["subject"])

    op.create_table(
        "heard",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("taken_at", sa.String(length=27), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account", "taken_at", name=op.f("pk_heard")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "leases",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_leases")),
    )
    op.create_table(
        "policy_sets",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("first_used_at", sa.String(length=27), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_policy_sets")),
    )
    op.create_table(
        "readings",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("taken_at", sa.String(length=27), nullable=False),
        sa.Column("based_on", sa.String(length=27), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account", "taken_at", name=op.f("pk_readings")),
    )
    op.create_index("ix_readings_taken_at", "readings", ["taken_at"])

    op.create_table(
        "state",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account", "part", name=op.f("pk_state")),
    )
    op.create_table(
        "decisions",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("decided_at", sa.String(length=27), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "seq"],
            ["events.chain", "events.seq"],
            name=op.f("fk_decisions_account_events"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_account", "decisions", ["account", "decided_at"])
    op.create_index("ix_decisions_event", "decisions", ["account", "seq"], unique=True)

    op.create_table(
        "latches",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("arm", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=False),
        sa.Column("is_of_group", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision"],
            ["decisions.key"],
            name=op.f("fk_latches_decision_decisions"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("account", "policy", "subject", "period", "mode", "arm", name=op.f("pk_latches")),
    )
    op.create_index("ix_latches_decision", "latches", ["decision"])


def downgrade() -> None:
    """Bring the tables back to the version before: to none, which would be to forget all that was done."""
    raise NotImplementedError("there is no version before the first")
