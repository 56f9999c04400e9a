-- Runs once, as the superuser, when the server is new: Keycloak's log-in and its database. Keycloak makes its tables itself.
-- Without Keycloak, leave it out.

\getenv keycloak_password KEYCLOAK_PASSWORD

-- Keeps the password below out of the server's log, also when a statement fails.
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';

create role keycloak login password :'keycloak_password';
create database keycloak owner keycloak;
revoke all on database keycloak from public;
