-- name: ledger_head
update ledger_head set size = size where one = 1 returning size;

-- name: ledger_size
select size from ledger_head where one = 1;

-- name: ledger_append
insert into ledger (seq, leaf, event, salt, signature) values ($1, $2, $3, $4, $5);

-- name: ledger_grow
update ledger_head set size = $1 where one = 1;

-- name: ledger_range
select seq, leaf, event, salt, signature from ledger where seq >= $1 and seq < $2 order by seq;

-- name: ledger_rows
select count(*) from ledger;

-- name: ledger_hash_put
insert into ledger_hash (n, hash) values ($1, $2);

-- name: ledger_hash
select hash from ledger_hash where n = $1;

-- name: checkpoint_put
insert into checkpoint (size, note, day) values ($1, $2, $3)
on conflict (size) do update set note = excluded.note, day = excluded.day;

-- name: checkpoints
select size, note, day from checkpoint order by size;
