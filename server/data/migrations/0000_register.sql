CREATE TABLE "code" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "code_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"voter_id" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"issued_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "code_hash" UNIQUE("hash"),
	CONSTRAINT "code_hash_length" CHECK (octet_length("code"."hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "voter" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "voter_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"process" text NOT NULL,
	"roll" text NOT NULL,
	"row" text NOT NULL,
	"salt" "bytea" NOT NULL,
	"weight" bigint NOT NULL,
	"commitment" "bytea",
	"registered_at" timestamp with time zone,
	"entry_index" bigint,
	CONSTRAINT "voter_row" UNIQUE("process","roll","row"),
	CONSTRAINT "voter_commitment" UNIQUE("process","roll","commitment"),
	CONSTRAINT "voter_salt" CHECK (octet_length("voter"."salt") = 32),
	CONSTRAINT "voter_weight" CHECK ("voter"."weight" between 1 and 65535),
	CONSTRAINT "voter_commitment_length" CHECK (octet_length("voter"."commitment") = 32),
	CONSTRAINT "voter_registered" CHECK (("voter"."commitment" is null) = ("voter"."registered_at" is null)),
	CONSTRAINT "voter_entry" CHECK ("voter"."entry_index" is null or "voter"."commitment" is not null)
);
--> statement-breakpoint
ALTER TABLE "code" ADD CONSTRAINT "code_voter_id_voter_id_fk" FOREIGN KEY ("voter_id") REFERENCES "public"."voter"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "code_voter" ON "code" USING btree ("voter_id");--> statement-breakpoint
CREATE INDEX "voter_pending" ON "voter" USING btree ("id") WHERE "voter"."commitment" is not null and "voter"."entry_index" is null;