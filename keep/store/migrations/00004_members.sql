-- +goose Up

-- The roll: who works here, with which keys and roles, statement by statement, each
-- signed by its author over the one before it. The table member is its sum.
create table roll (
	n bigint primary key,
	statement bytea not null,
	author text not null,
	signature bytea not null
);

-- An invitation by a one-time link, and what the invited person chose until the
-- words are compared. token is a hash.
create table invitation (
	id text primary key,
	token bytea not null unique,
	roles text not null,
	author text not null,
	expires bigint not null,
	state text not null,
	member text not null,
	login text not null,
	public bytea,
	verifier bytea,
	locked bytea
);

-- What members note on a report, sealed: assigned, snoozed, a note, the same as another.
create table mark (
	report text not null,
	n bigint not null,
	sealed bytea not null,
	epoch bigint not null,
	day bigint not null,
	primary key (report, n)
);

-- What members say of themselves to their colleagues, sealed: languages they read.
create table profile (
	member text primary key,
	sealed bytea not null,
	epoch bigint not null
);
