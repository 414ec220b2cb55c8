-- +goose Up

-- A folder is sealed to chosen members: a case, or a safe place. entries is how many
-- lines it has, which is its revision; summary is sealed like its first compartment,
-- as of line summary_n.
create table folder (
	id text primary key,
	kind text not null,
	day bigint not null,
	state text not null,
	entries bigint not null,
	summary bytea,
	summary_n bigint not null,
	generation bigint not null
);
create index folder_kind on folder (kind, state, id);

-- A key of a folder's compartment, sealed to a member (or to the circle of trustees,
-- member '') and signed by who sealed it. A new generation begins when a member goes.
create table folder_key (
	folder text not null,
	compartment text not null,
	generation bigint not null,
	member text not null,
	sealed bytea not null,
	author text not null,
	signature bytea not null,
	primary key (folder, compartment, generation, member)
);
create index folder_key_member on folder_key (member, folder);

-- A line of a folder. Lines are only ever added. once tells a repeated sending from
-- a second line of the same words.
create table entry (
	folder text not null,
	n bigint not null,
	compartment text not null,
	generation bigint not null,
	author text not null,
	day bigint not null,
	body bytea not null,
	once bytea not null,
	signature bytea not null,
	primary key (folder, n),
	unique (folder, once)
);

-- What a desk knows beside its cases, sealed to the desk: channels, what came of
-- telling them, compounds, warnings in the making. A change is a new revision.
create table record (
	kind text not null,
	id text not null,
	revision bigint not null,
	body bytea not null,
	epoch bigint not null,
	author text not null,
	day bigint not null,
	signature bytea not null,
	primary key (kind, id, revision)
);

-- Warnings that were released: public, in the clear.
create table published (
	id text not null,
	revision bigint not null,
	body text not null,
	day bigint not null,
	primary key (id, revision)
);
