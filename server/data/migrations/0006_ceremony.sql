CREATE TABLE "ceremony" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ceremony_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"phase1" text NOT NULL,
	"powers" "bytea",
	"beacon" text NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"value" "bytea"
);
--> statement-breakpoint
CREATE TABLE "contributor" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"ceremony_id" bigint NOT NULL,
	"name" text NOT NULL,
	"invited_at" timestamp with time zone NOT NULL,
	"held_until" timestamp with time zone,
	"skipped_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "contributor_name" UNIQUE("ceremony_id","name")
);
--> statement-breakpoint
CREATE TABLE "zkey" (
	"ceremony_id" bigint NOT NULL,
	"circuit" text NOT NULL,
	"position" bigint NOT NULL,
	"sha256" "bytea" NOT NULL,
	"r1cs" "bytea" NOT NULL,
	"name" text,
	"hash" "bytea",
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "zkey_ceremony_id_circuit_position_pk" PRIMARY KEY("ceremony_id","circuit","position"),
	CONSTRAINT "zkey_circuit" CHECK ("zkey"."circuit" in ('signal', 'S', 'L'))
);
--> statement-breakpoint
ALTER TABLE "contributor" ADD CONSTRAINT "contributor_ceremony_id_ceremony_id_fk" FOREIGN KEY ("ceremony_id") REFERENCES "public"."ceremony"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "zkey" ADD CONSTRAINT "zkey_ceremony_id_ceremony_id_fk" FOREIGN KEY ("ceremony_id") REFERENCES "public"."ceremony"("id") ON DELETE no action ON UPDATE no action;