-- name: server_put
insert into server (id, public, seen, vouched) values ($1, $2, $3, $4)
on conflict (id) do update set public = excluded.public, seen = excluded.seen, vouched = excluded.vouched;

-- name: servers
select id, public, seen, vouched from server where seen > $1 order by id;

-- name: servers_drop
delete from server where seen <= $1;

-- name: session_put
insert into session (id, member, sealed, expires, vouched) values ($1, $2, $3, $4, $5);

-- name: session
select member, sealed, expires, vouched from session where id = $1;

-- name: session_touch
update session set expires = $1, vouched = $2 where id = $3;

-- name: session_drop
delete from session where id = $1;

-- name: sessions_expire
delete from session where expires <= $1;

-- name: session_key_put
insert into session_key (session, server, sealed)
select id, $1, $2 from session where id = $3
on conflict (session, server) do nothing;

-- name: session_key
select sealed from session_key where session = $1 and server = $2;

-- name: session_keys_drop
delete from session_key where session = $1;

-- name: session_keys_tidy
delete from session_key where session not in (select id from session);
