CREATE TABLE "introduction" (
	"commitment" "bytea" PRIMARY KEY NOT NULL,
	"voter_id" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "introduction" ADD CONSTRAINT "introduction_commitment_writing_commitment_fk" FOREIGN KEY ("commitment") REFERENCES "public"."writing"("commitment") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "introduction" ADD CONSTRAINT "introduction_voter_id_voter_id_fk" FOREIGN KEY ("voter_id") REFERENCES "public"."voter"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "introduction_voter" ON "introduction" USING btree ("voter_id");