-- name: folder_add
insert into folder (id, kind, day, state, entries, summary_n, generation) values ($1, $2, $3, 'open', 0, 0, 1);

-- name: folder
select id, kind, day, state, entries, summary, summary_n, generation from folder where id = $1;

-- name: folder_lock
update folder set entries = entries where id = $1;

-- name: folders_of
select f.id, f.kind, f.day, f.state, f.entries, f.summary, f.summary_n, f.generation from folder f
where f.kind = $1 and exists (select 1 from folder_key k where k.member = $2 and k.folder = f.id) order by f.id;

-- name: folder_sizes
select f.id, f.kind, f.day, f.state, f.entries, null, f.summary_n, f.generation from folder f
where f.kind = $1 and exists (select 1 from folder_key k where k.member = $2 and k.folder = f.id) order by f.id;

-- name: folder_summary
update folder set summary = $1, summary_n = $2, state = $3 where id = $4 and summary_n <= $2;

-- name: folder_generation
update folder set generation = $1 where id = $2 and generation < $1;

-- name: folder_key_put
insert into folder_key (folder, compartment, generation, member, sealed, author, signature) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (folder, compartment, generation, member) do nothing;

-- name: folder_keys
select folder, compartment, generation, member, sealed, author, signature from folder_key where folder = $1 order by compartment, generation, member;

-- name: folder_keys_of
select folder, compartment, generation, member, sealed, author, signature from folder_key where member = $1 order by folder, compartment, generation;

-- name: folder_keys_drop
delete from folder_key where folder = $1 and member = $2;

-- name: entry_add
insert into entry (folder, n, compartment, generation, author, day, body, once, signature) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: entry_count
update folder set entries = $1 where id = $2 and entries = $1 - 1;

-- name: entry_once
select n from entry where folder = $1 and once = $2;

-- name: entries
select folder, n, compartment, generation, author, day, body, once, signature from entry where folder = $1 order by n;

-- name: folder_drop
delete from folder where id = $1;

-- name: folder_keys_drop_all
delete from folder_key where folder = $1;

-- name: entries_drop
delete from entry where folder = $1;
