-- name: hold_put
insert into hold (item, why, day) values ($1, $2, $3)
on conflict (item, why) do nothing;

-- name: hold_drop
delete from hold where item = $1 and why = $2;

-- name: holds_drop_of
delete from hold where item = $1;

-- name: holds_drop_why
delete from hold where why = $1;

-- name: holds_of
select why, day from hold where item = $1 order by why;

-- name: holds_because
select item, day from hold where why = $1 order by item;

-- name: reports_left
select r.id from report r
where r.state = 'worked' and r.erase_after = 0 and r.day <= $1
	and not exists (select 1 from hold h where h.item = r.id)
	and not exists (select 1 from message m where m.report = r.id and m.day > $1)
	and not exists (select 1 from attachment a where a.report = r.id and (a.day > $1 or a.for_intake is not null))
	and not exists (select 1 from message m where m.report = r.id and m.for_intake is not null)
order by r.id limit $2;

-- name: folders_left
select f.id from folder f
where f.kind = $1 and f.state = 'closed' and f.summary_n = f.entries and f.day <= $2
	and not exists (select 1 from hold h where h.item = f.id and h.why = 'hold')
	and not exists (select 1 from entry e where e.folder = f.id and e.day > $2)
	and not exists (select 1 from hold h join report r on r.id = h.item where h.why = f.id and r.state = 'new')
	and not exists (select 1 from hold h join message m on m.report = h.item where h.why = f.id and m.day > $2)
order by f.id limit $3;

-- name: report_oldest
select coalesce(min(day), 0) from report where state = $1 and calm = $2;

-- name: jobs_stuck
select count(*), coalesce(max(attempt), 0), coalesce(max(last_error), '') from job where attempt >= $1 or run_at <= $2;

-- name: ledger_head_drop
delete from ledger_head;

-- name: setting_drop
delete from setting where name = $1;
