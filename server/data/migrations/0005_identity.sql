ALTER TABLE "official" ADD COLUMN "identity" text;--> statement-breakpoint
ALTER TABLE "voter" ADD COLUMN "identity" text;--> statement-breakpoint
ALTER TABLE "official" ADD CONSTRAINT "official_identity" UNIQUE("identity");--> statement-breakpoint
ALTER TABLE "voter" ADD CONSTRAINT "voter_identity" UNIQUE("identity","process","roll");