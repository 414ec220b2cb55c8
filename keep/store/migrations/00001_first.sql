-- +goose Up

-- What the desk set: operator, hours and the like. Public or harmless, in the clear.
create table setting (
	name text primary key,
	value bytea not null,
	revision bigint not null
);

-- Keys by purpose and epoch. public is what can be sealed to, where there is one.
create table epoch (
	purpose text not null,
	id bigint not null,
	public bytea,
	opened bigint not null,
	retired bigint,
	primary key (purpose, id)
);

-- A key of an epoch, sealed to a member (or to the circle of trustees, member '')
-- and signed by who sealed it.
create table wrap (
	purpose text not null,
	epoch bigint not null,
	member text not null,
	sealed bytea not null,
	author text not null,
	signature bytea not null,
	primary key (purpose, epoch, member)
);

create table member (
	id text primary key,
	login text not null unique,
	roles text not null,
	public bytea not null,
	verifier bytea not null,
	locked bytea not null,
	counter bigint not null,
	state text not null,
	revision bigint not null
);

-- calm is 0 where there is danger now and 1 where not: the first in order is the
-- first to be read. touched has no meaning; a retry writes it, so that its answer
-- is as durable as the first.
create table report (
	id text primary key,
	lookup bytea not null unique,
	mailbox bytea not null,
	day bigint not null,
	calm integer not null,
	state text not null,
	messages bigint not null,
	summary bytea,
	summary_epoch bigint not null,
	erase_after bigint not null,
	revision bigint not null,
	touched bigint not null
);
create index report_queue on report (state, calm, day, id);
create index report_erase on report (erase_after) where erase_after > 0;

-- filed is the row of the ledger. once tells a repeated sending from a second message of the same words.
create table message (
	report text not null,
	n bigint not null,
	direction text not null,
	body bytea not null,
	epoch bigint not null,
	for_intake bytea,
	for_mailbox bytea,
	for_desk bytea,
	desk_epoch bigint not null,
	for_circle bytea,
	once bytea not null,
	day bigint not null,
	shown bigint not null,
	filed bigint not null,
	primary key (report, n),
	unique (report, once)
);
create index message_backlog on message (epoch) where for_intake is not null;

create table attachment (
	id text primary key,
	report text not null,
	n bigint not null,
	meta bytea not null,
	epoch bigint not null,
	for_intake bytea,
	for_mailbox bytea,
	for_desk bytea,
	desk_epoch bigint not null,
	for_circle bytea,
	once bytea not null,
	size bigint not null,
	state text not null,
	day bigint not null,
	unique (report, once)
);
create index attachment_report on attachment (report, n);
create index attachment_backlog on attachment (epoch) where for_intake is not null;

create table chunk (
	attachment text not null,
	kind text not null,
	n bigint not null,
	sealed bytea not null,
	primary key (attachment, kind, n)
);

create table session (
	id bytea primary key,
	member text not null,
	sealed bytea not null,
	expires bigint not null
);

create table job (
	id text primary key,
	kind text not null,
	run_at bigint not null,
	attempt bigint not null,
	lease_until bigint not null,
	lease_by text not null,
	body text not null,
	last_error text not null
);
create index job_due on job (run_at);

create table lease (
	name text primary key,
	holder text not null,
	until bigint not null
);

create table ledger (
	seq bigint primary key,
	leaf bytea not null,
	event bytea not null,
	salt bytea not null,
	signature bytea not null
);

-- Hashes of the tree in the order of sumdb/tlog.
create table ledger_hash (
	n bigint primary key,
	hash bytea not null
);

create table checkpoint (
	size bigint primary key,
	note text not null,
	day bigint not null
);

-- One row that appenders lock, so that they queue.
create table ledger_head (
	one integer primary key,
	size bigint not null
);
insert into ledger_head (one, size) values (1, 0);
