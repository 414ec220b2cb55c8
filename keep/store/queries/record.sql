-- name: record_add
insert into record (kind, id, revision, body, epoch, author, day, signature) values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: record_newest
select kind, id, revision, body, epoch, author, day, signature from record where kind = $1 and id = $2 order by revision desc limit 1;

-- name: records
select r.kind, r.id, r.revision, r.body, r.epoch, r.author, r.day, r.signature from record r
where r.kind = $1 and r.revision = (select max(m.revision) from record m where m.kind = r.kind and m.id = r.id) order by r.id;

-- name: record_history
select kind, id, revision, body, epoch, author, day, signature from record where kind = $1 and id = $2 order by revision;

-- name: published_add
insert into published (id, revision, body, day) values ($1, $2, $3, $4);

-- name: published_all
select p.id, p.revision, p.body, p.day from published p
where p.revision = (select max(m.revision) from published m where m.id = p.id) order by p.day desc, p.id;

-- name: published_history
select id, revision, body, day from published where id = $1 order by revision;
