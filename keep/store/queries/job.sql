-- name: job_add
insert into job (id, kind, run_at, attempt, lease_until, lease_by, body, last_error)
values ($1, $2, $3, 0, 0, '', $4, '')
on conflict (id) do update set run_at = case when job.lease_until = 0 and excluded.run_at < job.run_at then excluded.run_at else job.run_at end;

-- name: job_claim
update job set lease_by = $1, lease_until = $2, attempt = attempt + 1
where id in (select id from job where run_at <= $3 and lease_until <= $3 order by run_at, id limit $4 /* skip locked */)
returning id, kind, attempt, body;

-- name: job_done
delete from job where id = $1 and lease_by = $2 and attempt = $3;

-- name: job_failed
update job set run_at = $1, lease_until = 0, lease_by = '', last_error = $2 where id = $3 and lease_by = $4 and attempt = $5;

-- name: jobs_waiting
select count(*), coalesce(min(run_at), 0) from job;
