-- +goose Up

-- The desk's servers that are running, where there are several. public is new at
-- each start; its other half is in that server's memory alone. vouched is signed
-- with the key that the servers have and the database has not.
create table server (
	id text primary key,
	public bytea not null,
	seen bigint not null,
	vouched bytea not null
);

-- The second half of what opens a session, sealed to one server.
create table session_key (
	session bytea not null,
	server text not null,
	sealed bytea not null,
	primary key (session, server)
);

-- Signed as a server's row is: how long a session lasts is not the database's to say.
alter table session add column vouched bytea;
