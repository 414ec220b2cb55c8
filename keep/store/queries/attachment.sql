-- name: attachment_again
update attachment set size = size where report = $1 and once = $2 returning id;

-- name: attachment_add
insert into attachment (id, report, n, meta, epoch, for_intake, for_mailbox, for_desk, desk_epoch, for_circle, once, size, state, day)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: attachments_of
select id, report, n, meta, epoch, for_intake, for_mailbox, for_desk, desk_epoch, for_circle, once, size, state, day
from attachment where report = $1 order by n, id;

-- name: attachment_by_id
select id, report, n, meta, epoch, for_intake, for_mailbox, for_desk, desk_epoch, for_circle, once, size, state, day
from attachment where id = $1;

-- name: attachment_set
update attachment set meta = $1, size = $2, state = $3 where id = $4;

-- name: attachment_worked
update attachment set for_intake = null, for_desk = $1, desk_epoch = $2 where id = $3;

-- name: chunk_put
insert into chunk (attachment, kind, n, sealed) values ($1, $2, $3, $4)
on conflict (attachment, kind, n) do update set sealed = excluded.sealed;

-- name: chunk
select sealed from chunk where attachment = $1 and kind = $2 and n = $3;

-- name: chunks_drop
delete from chunk where attachment = $1;

-- name: attachment_drop
delete from attachment where id = $1;

-- name: chunks_of
select n from chunk where attachment = $1 and kind = $2 order by n;
