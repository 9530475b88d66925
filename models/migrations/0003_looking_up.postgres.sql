CREATE INDEX "customer_search_words" ON "customer" USING gin ("search" gin_trgm_ops);
CREATE INDEX "mail_subject_words" ON "mail" USING gin ("subject" gin_trgm_ops, ("interaction" >> 13)) WITH (fastupdate = off);
CREATE INDEX "incoming_subject_words" ON "incoming" USING gin ("subject" gin_trgm_ops, ("interaction" >> 13)) WITH (fastupdate = off);
