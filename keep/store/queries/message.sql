-- name: message_again
update message set shown = shown where report = $1 and once = $2 returning n;

-- name: message_add
insert into message (report, n, direction, body, epoch, for_intake, for_mailbox, for_desk, desk_epoch, for_circle, once, day, shown, filed)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13);

-- name: messages_of
select report, n, direction, body, epoch, for_intake, for_mailbox, for_desk, desk_epoch, for_circle, once, day, shown, filed
from message where report = $1 order by n;

-- name: message_newest_answer
select report, n, direction, body, epoch, for_intake, for_mailbox, for_desk, desk_epoch, for_circle, once, day, shown, filed
from message where report = $1 and direction = 'out' order by n desc limit 1;

-- name: message_shown
update message set shown = $1 where report = $2 and n = $3 and shown = 0;

-- name: message_worked
update message set for_intake = null, for_desk = $1, desk_epoch = $2 where report = $3 and n = $4;

-- name: backlog
select (select count(*) from message where epoch = $1 and for_intake is not null)
	+ (select count(*) from attachment where epoch = $1 and for_intake is not null);
