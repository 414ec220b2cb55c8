-- name: report_add
insert into report (id, lookup, mailbox, day, calm, state, messages, summary_epoch, erase_after, revision, touched)
values ($1, $2, $3, $4, $5, 'new', 0, 0, 0, 1, 0)
on conflict (lookup) do update set touched = report.touched + 1
returning id, touched;

-- name: report_by_lookup
select id, lookup, mailbox, day, calm, state, messages, summary, summary_epoch, erase_after, revision
from report where lookup = $1;

-- name: report_by_id
select id, lookup, mailbox, day, calm, state, messages, summary, summary_epoch, erase_after, revision
from report where id = $1;

-- name: reports_in_state
select id, lookup, mailbox, day, calm, state, messages, summary, summary_epoch, erase_after, revision
from report where state = $1 and (calm, day, id) > ($2, $3, $4)
order by calm, day, id limit $5;

-- name: report_heads
select id, messages, revision from report where state = $1 order by calm, day, id;

-- name: reports_count
select count(*) from report where state = $1;

-- name: report_summary
update report set summary = $1, summary_epoch = $2, state = $3, revision = revision + 1
where id = $4 and revision = $5;

-- name: report_state
update report set state = $1, erase_after = $2, revision = revision + 1
where id = $3 and revision = $4;

-- name: report_heard
update report set messages = messages + 1, state = case when state = 'worked' then 'new' else state end,
	calm = case when $1 = 0 then 0 else calm end, revision = revision + 1
where id = $2 returning messages;

-- name: report_answered
update report set messages = messages + 1, revision = revision + 1
where id = $1 returning messages;

-- name: reports_to_erase
select id from report where erase_after > 0 and erase_after <= $1 order by erase_after limit $2;

-- name: report_erase
delete from report where id = $1;

-- name: report_erase_messages
delete from message where report = $1;

-- name: report_erase_chunks
delete from chunk where attachment in (select id from attachment where report = $1);

-- name: report_erase_attachments
delete from attachment where report = $1;
