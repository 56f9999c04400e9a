-- Runs once, as the superuser, when the server is new. It makes who may log in and the two databases;
-- tables and their grants are made by `support-api migrate`. The passwords come from the environment of psql.

\getenv migrator_password MIGRATOR_PASSWORD
\getenv server_password SERVER_PASSWORD
\getenv keeper_password KEEPER_PASSWORD
\getenv archiver_password ARCHIVER_PASSWORD

-- Keeps the passwords below out of the server's log, also when a statement fails.
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';

-- What may be done. Nobody logs in as these.
create role support_api_owner nologin;
create role support_api_serve nologin;
create role support_api_keys nologin;
create role support_api_backup nologin bypassrls;

-- Who logs in. BYPASSRLS is not inherited, so that the one who makes backups needs it too.
create role support_api_migrator login in role support_api_owner password :'migrator_password';
create role support_api_server login in role support_api_serve password :'server_password';
create role support_api_keeper login in role support_api_keys password :'keeper_password';
create role support_api_archiver login bypassrls in role support_api_backup password :'archiver_password';

create database support_api owner support_api_owner;
create database support_api_keys owner support_api_owner;

-- The serving log-in can't even connect to the key store, nor the key store's log-in to the data.
revoke all on database support_api, support_api_keys, postgres, template1 from public;
grant connect on database support_api to support_api_serve, support_api_backup;
grant connect on database support_api_keys to support_api_keys;
