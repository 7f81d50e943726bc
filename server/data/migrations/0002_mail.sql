CREATE TABLE "mail" (
	"voter_id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"attempts" bigint NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"attempted_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "mail_kind" CHECK ("mail"."kind" in ('invitation', 'reminder')),
	CONSTRAINT "mail_state" CHECK ("mail"."state" in ('waiting', 'sending', 'sent', 'failed', 'bounced'))
);
--> statement-breakpoint
ALTER TABLE "voter" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "voter" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_voter_id_voter_id_fk" FOREIGN KEY ("voter_id") REFERENCES "public"."voter"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mail_due" ON "mail" USING btree ("due_at") WHERE "mail"."state" in ('waiting', 'failed');