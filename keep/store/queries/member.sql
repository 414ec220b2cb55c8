-- name: roll_add
insert into roll (n, statement, author, signature) values ($1, $2, $3, $4);

-- name: roll
select n, statement, author, signature from roll order by n;

-- name: member_set
update member set roles = $1, state = $2, revision = revision + 1 where id = $3;

-- name: member_lock
update member set locked = $1, revision = revision + 1 where id = $2 and revision = $3;

-- name: wraps_of_member_drop
delete from wrap where member = $1;

-- name: wrap_holders
select member from wrap where purpose = $1 and epoch = $2 order by member;

-- name: sessions_of_member_drop
delete from session where member = $1;

-- name: invitation_add
insert into invitation (id, token, roles, author, expires, state, member, login)
values ($1, $2, $3, $4, $5, 'open', '', '');

-- name: invitation_by_token
select id, token, roles, author, expires, state, member, login, public, verifier, locked from invitation where token = $1;

-- name: invitation_by_id
select id, token, roles, author, expires, state, member, login, public, verifier, locked from invitation where id = $1;

-- name: invitations
select id, token, roles, author, expires, state, member, login, public, verifier, locked from invitation order by expires, id;

-- name: invitation_take
update invitation set state = 'taken', member = $1, login = $2, public = $3, verifier = $4, locked = $5
where id = $6 and state = 'open';

-- name: invitation_drop
delete from invitation where id = $1;

-- name: mark_add
insert into mark (report, n, sealed, epoch, day) values ($1, $2, $3, $4, $5);

-- name: marks_of
select report, n, sealed, epoch, day from mark where report = $1 order by n;

-- name: marks_drop
delete from mark where report = $1;

-- name: profile_put
insert into profile (member, sealed, epoch) values ($1, $2, $3)
on conflict (member) do update set sealed = excluded.sealed, epoch = excluded.epoch;

-- name: profile_drop
delete from profile where member = $1;

-- name: profiles
select member, sealed, epoch from profile order by member;
