CREATE TABLE "principal" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "amqp_user" TEXT,
    "active" BOOLEAN NOT NULL,
    "absent" BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX "principal_amqp_user" ON "principal" ("amqp_user");
CREATE TABLE "bearer_token" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "digest" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX "bearer_token_digest" ON "bearer_token" ("digest");
CREATE INDEX "bearer_token_principal" ON "bearer_token" ("principal");
CREATE TABLE "password" (
    "principal" TEXT NOT NULL PRIMARY KEY,
    "hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE "ended_session" (
    "digest" TEXT NOT NULL PRIMARY KEY,
    "until_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE "command" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "principal" TEXT NOT NULL,
    "command_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "agent" TEXT,
    "wire" TEXT,
    "door" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "touches" TEXT,
    "accepted_at" TIMESTAMPTZ NOT NULL,
    "attempts" INTEGER NOT NULL,
    "publish_at" TIMESTAMPTZ,
    "waits_on" TEXT,
    "error" TEXT,
    "decided_at" TIMESTAMPTZ,
    "code" TEXT,
    "sentence" TEXT,
    "result" TEXT,
    "interaction" BIGINT,
    "through" INTEGER,
    "announced" BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX "command_principal_command_id" ON "command" ("principal", "command_id");
CREATE TABLE "customer" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "search" TEXT NOT NULL,
    "sort_key" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "phone" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "guest_key" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "erased_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX "customer_guest_key" ON "customer" ("guest_key");
CREATE INDEX "customer_sort_key_id" ON "customer" ("sort_key", "id");
CREATE TABLE "customer_address" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "customer" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "flagged" TEXT
);
CREATE INDEX "customer_address_customer" ON "customer_address" ("customer");
CREATE INDEX "customer_address_key" ON "customer_address" ("key");
CREATE TABLE "interaction" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "customer" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "owner" TEXT,
    "owner_draft" TEXT,
    "queue" TEXT,
    "consolidation_key" TEXT,
    "subject" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "unread" INTEGER NOT NULL,
    "attention" TEXT,
    "first_sender" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "activity_at" TIMESTAMPTZ NOT NULL,
    "last_event_at" TIMESTAMPTZ NOT NULL,
    "first_accepted_at" TIMESTAMPTZ,
    "agent_mail_at" TIMESTAMPTZ,
    "received_at" TIMESTAMPTZ,
    "reply_at" TIMESTAMPTZ,
    "reply_seq" INTEGER,
    "away_until" TIMESTAMPTZ,
    "reminders_done" INTEGER NOT NULL,
    "reminders_stopped" BOOLEAN NOT NULL,
    "reminded_at" TIMESTAMPTZ,
    "time_zone" TEXT NOT NULL,
    "wrap_up_at" TIMESTAMPTZ,
    "wrap_up_code" TEXT,
    "closed_at" TIMESTAMPTZ,
    "follows" BIGINT,
    "erased_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX "interaction_consolidation_key" ON "interaction" ("consolidation_key");
CREATE INDEX "interaction_state_last_event_at" ON "interaction" ("state", "last_event_at");
CREATE INDEX "interaction_owner_state_last_event_at" ON "interaction" ("owner", "state", "last_event_at");
CREATE INDEX "interaction_customer_state_last_event_at" ON "interaction" ("customer", "state", "last_event_at");
CREATE TABLE "draft" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "interaction" BIGINT NOT NULL,
    "author" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "written" BOOLEAN NOT NULL,
    "composed_seq" INTEGER NOT NULL,
    "seen_seq" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "touched_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "draft_interaction" ON "draft" ("interaction");
CREATE TABLE "draft_alias" (
    "principal" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "draft" TEXT NOT NULL,
    "interaction" BIGINT NOT NULL,
    PRIMARY KEY ("principal",
    "name")
);
CREATE INDEX "draft_alias_draft" ON "draft_alias" ("draft");
CREATE TABLE "revision" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "draft" TEXT NOT NULL,
    "number" INTEGER,
    "base" INTEGER,
    "author" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ NOT NULL,
    "command" TEXT
);
CREATE UNIQUE INDEX "revision_draft_number" ON "revision" ("draft", "number");
CREATE TABLE "mail" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "interaction" BIGINT NOT NULL,
    "draft" TEXT,
    "revision" INTEGER,
    "kind" TEXT NOT NULL,
    "sender" TEXT,
    "state" TEXT NOT NULL,
    "claimed" BOOLEAN NOT NULL,
    "message_id" TEXT NOT NULL,
    "from_address" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "blob" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "queued_at" TIMESTAMPTZ NOT NULL,
    "queued_seq" INTEGER NOT NULL,
    "claimed_seq" INTEGER,
    "leave_at" TIMESTAMPTZ NOT NULL,
    "sent_at" TIMESTAMPTZ
);
CREATE INDEX "mail_interaction" ON "mail" ("interaction");
CREATE INDEX "mail_draft" ON "mail" ("draft");
CREATE UNIQUE INDEX "mail_message_id" ON "mail" ("message_id");
CREATE TABLE "delivery" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "mail" TEXT NOT NULL,
    "interaction" BIGINT NOT NULL,
    "role" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "address_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" TEXT,
    "attempts" INTEGER NOT NULL,
    "lease_until" TIMESTAMPTZ,
    "first_at" TIMESTAMPTZ,
    "next_at" TIMESTAMPTZ,
    "publish_at" TIMESTAMPTZ,
    "published" INTEGER NOT NULL,
    "reply_code" INTEGER,
    "reply_text" TEXT,
    "server" TEXT,
    "settled_at" TIMESTAMPTZ,
    "held" TEXT
);
CREATE INDEX "delivery_mail" ON "delivery" ("mail");
CREATE INDEX "delivery_address_key" ON "delivery" ("address_key");
CREATE TABLE "clock" (
    "interaction" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ,
    "message_at" TIMESTAMPTZ,
    "publish_at" TIMESTAMPTZ,
    "published" INTEGER NOT NULL,
    PRIMARY KEY ("interaction",
    "kind")
);
CREATE TABLE "incoming" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "blob" TEXT NOT NULL,
    "shown" TEXT NOT NULL,
    "envelope_from" TEXT NOT NULL,
    "envelope_to" TEXT NOT NULL,
    "interaction" BIGINT,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "third_party" BOOLEAN NOT NULL,
    "stopped" TEXT NOT NULL,
    "sender_check" TEXT NOT NULL,
    "authentication" TEXT NOT NULL,
    "matched_by" TEXT,
    "from_address" TEXT NOT NULL,
    "from_name" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "message_id" TEXT,
    "text" TEXT NOT NULL,
    "quoted" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "attachments" TEXT NOT NULL,
    "copies" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX "incoming_shown" ON "incoming" ("shown");
CREATE INDEX "incoming_interaction" ON "incoming" ("interaction");
CREATE INDEX "incoming_message_id" ON "incoming" ("message_id");
CREATE INDEX "incoming_state_received_at" ON "incoming" ("state", "received_at");
CREATE INDEX "incoming_from_address_received_at" ON "incoming" ("from_address", "received_at");
CREATE TABLE "blob" (
    "sha256" TEXT NOT NULL PRIMARY KEY,
    "media_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE "blob_use" (
    "blob" TEXT NOT NULL,
    "interaction" BIGINT NOT NULL,
    PRIMARY KEY ("blob",
    "interaction")
);
CREATE INDEX "blob_use_interaction" ON "blob_use" ("interaction");
CREATE TABLE "event" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "interaction" BIGINT,
    "seq" INTEGER,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "actor" TEXT,
    "cause" TEXT NOT NULL,
    "cause_id" TEXT,
    "why" TEXT NOT NULL,
    "changes" TEXT,
    "data" TEXT,
    "announced" BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX "event_interaction_seq" ON "event" ("interaction", "seq");
CREATE TABLE "note" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "interaction" BIGINT NOT NULL,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "note_interaction" ON "note" ("interaction");
CREATE TABLE "template" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL
);
CREATE TABLE "suppression" (
    "address_key" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    PRIMARY KEY ("address_key",
    "scope")
);
CREATE TABLE "pause" (
    "domain" TEXT NOT NULL PRIMARY KEY,
    "reason" TEXT NOT NULL,
    "since_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE "destination" (
    "domain" TEXT NOT NULL PRIMARY KEY,
    "free_at" TIMESTAMPTZ,
    "line_ends_at" TIMESTAMPTZ,
    "slow_until" TIMESTAMPTZ,
    "slow_seconds" INTEGER NOT NULL,
    "said" TEXT
);
CREATE TABLE "dead_letter" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "queue" TEXT NOT NULL,
    "principal" TEXT,
    "amqp_user" TEXT,
    "body" BYTEA NOT NULL,
    "reason" TEXT NOT NULL,
    "died_at" TIMESTAMPTZ NOT NULL,
    "replayed_at" TIMESTAMPTZ
);
CREATE TABLE "captured" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "envelope_from" TEXT NOT NULL,
    "envelope_to" TEXT NOT NULL,
    "data" BYTEA NOT NULL,
    "captured_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "captured_envelope_to" ON "captured" ("envelope_to");
CREATE TABLE "mailbox" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "uid_validity" BIGINT,
    "last_uid" BIGINT NOT NULL,
    "stuck" TEXT NOT NULL,
    "holder" TEXT,
    "lease_until" TIMESTAMPTZ,
    "looked_at" TIMESTAMPTZ,
    "trouble" TEXT
);
CREATE TABLE "spent_token" (
    "token" TEXT NOT NULL PRIMARY KEY,
    "digest" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX "spent_token_seen_at" ON "spent_token" ("seen_at");
CREATE TABLE "turned_away" (
    "door" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "latest_at" TIMESTAMPTZ NOT NULL,
    PRIMARY KEY ("door",
    "reason")
);
CREATE TABLE "meta" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);
