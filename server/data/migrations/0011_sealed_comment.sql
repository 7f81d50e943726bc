ALTER TABLE "writing" ALTER COLUMN "key" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "writing" ALTER COLUMN "text" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "writing" ADD COLUMN "box" "bytea";