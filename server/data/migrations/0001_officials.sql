CREATE TABLE "approval" (
	"proposal_id" bigint NOT NULL,
	"official_id" text NOT NULL,
	"authenticator_data" "bytea" NOT NULL,
	"client_data" "bytea" NOT NULL,
	"signature" "bytea" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "approval_proposal_id_official_id_pk" PRIMARY KEY("proposal_id","official_id")
);
--> statement-breakpoint
CREATE TABLE "deed" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "deed_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"official_id" text NOT NULL,
	"what" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitation" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"official_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "official" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"joined_at" timestamp with time zone,
	"removed_at" timestamp with time zone,
	CONSTRAINT "official_role" CHECK ("official"."role" in ('owner', 'registrar', 'auditor'))
);
--> statement-breakpoint
CREATE TABLE "passkey" (
	"id" text PRIMARY KEY NOT NULL,
	"official_id" text NOT NULL,
	"use" text NOT NULL,
	"key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "passkey_use" UNIQUE("official_id","use"),
	CONSTRAINT "passkey_use_known" CHECK ("passkey"."use" in ('login', 'acts'))
);
--> statement-breakpoint
CREATE TABLE "proposal" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "proposal_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"process" text NOT NULL,
	"state_counter" bigint NOT NULL,
	"expiry" bigint NOT NULL,
	"act" "bytea" NOT NULL,
	"proposer" text NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"entry_index" bigint,
	"refusal" text
);
--> statement-breakpoint
CREATE TABLE "session" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"official_id" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"agent" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_proposal_id_proposal_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposal"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_official_id_official_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."official"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deed" ADD CONSTRAINT "deed_official_id_official_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."official"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_official_id_official_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."official"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey" ADD CONSTRAINT "passkey_official_id_official_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."official"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_proposer_official_id_fk" FOREIGN KEY ("proposer") REFERENCES "public"."official"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_official_id_official_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."official"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deed_official" ON "deed" USING btree ("official_id");--> statement-breakpoint
CREATE INDEX "session_official" ON "session" USING btree ("official_id");