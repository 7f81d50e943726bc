CREATE TABLE "follower" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "follower_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"process" text NOT NULL,
	"address" text NOT NULL,
	"language" text NOT NULL,
	"every" text NOT NULL,
	"secret" "bytea" NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"told" bigint NOT NULL,
	"due_at" timestamp with time zone,
	"attempts" bigint NOT NULL,
	CONSTRAINT "follower_secret" UNIQUE("secret"),
	CONSTRAINT "follower_every" CHECK ("follower"."every" in ('day', 'week')),
	CONSTRAINT "follower_secret_length" CHECK (octet_length("follower"."secret") = 32)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "follower_asked" ON "follower" USING btree ("process",lower("address")) WHERE "follower"."confirmed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "follower_confirmed" ON "follower" USING btree ("process",lower("address")) WHERE "follower"."confirmed_at" is not null;--> statement-breakpoint
CREATE INDEX "follower_due" ON "follower" USING btree ("due_at") WHERE "follower"."due_at" is not null;