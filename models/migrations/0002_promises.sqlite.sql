CREATE INDEX "command_owed" ON "command" ("publish_at") WHERE state = 'accepted';
CREATE INDEX "command_touching" ON "command" ("touches") WHERE state = 'accepted';
CREATE INDEX "command_waiting" ON "command" ("waits_on") WHERE waits_on IS NOT NULL;
CREATE INDEX "command_unannounced" ON "command" ("id") WHERE announced = false AND state <> 'accepted';
CREATE INDEX "delivery_owed" ON "delivery" ("publish_at") WHERE publish_at IS NOT NULL;
CREATE INDEX "clock_owed" ON "clock" ("publish_at") WHERE publish_at IS NOT NULL;
CREATE INDEX "event_unannounced" ON "event" ("id") WHERE announced = false;
CREATE INDEX "interaction_calling" ON "interaction" ("owner", "last_event_at") WHERE unread > 0 OR attention IS NOT NULL;
CREATE INDEX "interaction_queued" ON "interaction" ("queue", "last_event_at") WHERE owner IS NULL;
