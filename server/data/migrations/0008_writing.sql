CREATE TABLE "writing" (
	"commitment" "bytea" PRIMARY KEY NOT NULL,
	"key" "bytea" NOT NULL,
	"text" text NOT NULL,
	"kept_at" timestamp with time zone NOT NULL
);
