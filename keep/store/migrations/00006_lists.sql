-- +goose Up

-- Lists look at little of many rows. These indexes hold all that they look at, so that
-- the rows themselves, which are mostly what is sealed, stay unread.
drop index report_queue;
create index report_queue on report (state, calm, day, id, messages, revision);
drop index folder_kind;
create index folder_kind on folder (kind, id, entries);
