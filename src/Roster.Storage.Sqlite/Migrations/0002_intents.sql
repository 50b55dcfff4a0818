-- A change of e-mail between shards stands on its user's row until all of them agree (Roster.Core/Storage/Intent.cs).

ALTER TABLE users ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;   -- highest of all intents the user has had
ALTER TABLE users ADD COLUMN intent_id BLOB;
ALTER TABLE users ADD COLUMN intent BLOB;                        -- IntentJson

CREATE INDEX users_with_intent ON users (id) WHERE intent_id IS NOT NULL;

ALTER TABLE claims ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;  -- the user's when it took the e-mail
ALTER TABLE claims ADD COLUMN intent_id BLOB;                    -- only reserved, by this intent

CREATE INDEX claims_reserved ON claims (user_id) WHERE intent_id IS NOT NULL;
