CREATE TABLE "lookup" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lookup_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"official_id" text NOT NULL,
	"process" text NOT NULL,
	"roll" text NOT NULL,
	"row" text NOT NULL,
	"reason" text
);
--> statement-breakpoint
ALTER TABLE "lookup" ADD CONSTRAINT "lookup_official_id_official_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."official"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lookup_row" ON "lookup" USING btree ("process","roll","row");--> statement-breakpoint
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME; END $$;--> statement-breakpoint
CREATE TRIGGER "lookup_only_added" BEFORE UPDATE OR DELETE OR TRUNCATE ON "lookup" EXECUTE FUNCTION "refuse_change"();
