-- +goose Up

-- What is not erased by age: a report or a folder, and why: 'hold' (a member said so,
-- and the reason is sealed in a record), or the folder that a report belongs to. The
-- daily work, which has no keys, reads it.
create table hold (
	item text not null,
	why text not null,
	day bigint not null,
	primary key (item, why)
);
create index hold_why on hold (why);
