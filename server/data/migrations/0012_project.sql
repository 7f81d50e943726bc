DROP INDEX "follower_asked";--> statement-breakpoint
DROP INDEX "follower_confirmed";--> statement-breakpoint
ALTER TABLE "follower" ADD COLUMN "promise" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "follower_asked" ON "follower" USING btree ("process",coalesce("promise", -1),lower("address")) WHERE "follower"."confirmed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "follower_confirmed" ON "follower" USING btree ("process",coalesce("promise", -1),lower("address")) WHERE "follower"."confirmed_at" is not null;