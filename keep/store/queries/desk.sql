-- name: setting_put
insert into setting (name, value, revision) values ($1, $2, 1)
on conflict (name) do update set value = excluded.value, revision = setting.revision + 1;

-- name: setting
select value from setting where name = $1;

-- name: epoch_add
insert into epoch (purpose, id, public, opened) values ($1, $2, $3, $4);

-- name: epochs_of
select purpose, id, public, opened, coalesce(retired, 0) from epoch where purpose = $1 order by id;

-- name: epoch_newest
select purpose, id, public, opened, coalesce(retired, 0) from epoch where purpose = $1 and retired is null order by id desc limit 1;

-- name: epoch_retire
update epoch set retired = $1 where purpose = $2 and id = $3;

-- name: wrap_put
insert into wrap (purpose, epoch, member, sealed, author, signature) values ($1, $2, $3, $4, $5, $6);

-- name: wraps_for
select purpose, epoch, member, sealed, author, signature from wrap where member = $1 order by purpose, epoch;

-- name: wraps_drop
delete from wrap where purpose = $1 and epoch = $2;

-- name: member_add
insert into member (id, login, roles, public, verifier, locked, counter, state, revision)
values ($1, $2, $3, $4, $5, $6, 0, 'active', 1);

-- name: member_by_login
select id, login, roles, public, verifier, locked, counter, state, revision from member where login = $1;

-- name: member_by_id
select id, login, roles, public, verifier, locked, counter, state, revision from member where id = $1;

-- name: members
select id, login, roles, public, verifier, locked, counter, state, revision from member order by id;

-- name: member_counter
update member set counter = $1 where id = $2 and counter < $1;

-- name: lease_take
insert into lease (name, holder, until) values ($1, $2, $3)
on conflict (name) do update set holder = excluded.holder, until = excluded.until
where lease.holder = excluded.holder or lease.until <= $4
returning holder;

-- name: lease_holder
select holder, until from lease where name = $1;

-- name: lease_drop
delete from lease where name = $1 and holder = $2;
