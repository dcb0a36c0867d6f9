import type { Script } from './script.ts';

export const ops: readonly Script[] = [
  {
    lines: [
      'A: Alert: `{service}` p99 latency is {N} ms on {env}',
      'B: {ok}',
      'B: {it was the deploy of {v}|connection pool on {host} is full|a cron job that nobody owns}. {Rolling back.|Restarted, watching it.}',
      'A: {thanks}',
      'B: Back to {n} ms. Closing {ticket}.',
    ],
  },
  {
    thread: true,
    lines: [
      'A: *Incident {ticket}*: {service} answers 5xx for about {pct}% of requests since {time}',
      'B: Seen it too. Error budget for the week is gone :grimacing:',
      'C: {@A} did anything go out before that?',
      'A: {v} at {time}, but only to {env}',
      'C: Then please roll back first, questions later',
      'A: Rolled back. `kubectl rollout undo deploy/{service}`',
      'B: Errors down to 0. _Keeping this open for an hour._',
      'C: {thanks} {@B} please write the timeline into https://wiki.example.org/incidents/{ticket}',
    ],
  },
  {
    lines: [
      'A: Disk on {host} is at 9{d}%',
      'B: {again?|Old WAL segments. Cleaning up.|I see {n} GB of core dumps in /var/crash}',
      'A: {@B} can we get an alert at 80% instead?',
      'B: {ok}, {ticket}',
    ],
  },
  {
    thread: true,
    lines: [
      'A: On-call handover, week {n}:\n- {service}: flapping health check, ignore until {day}\n- {host}: new kernel, *needs a reboot*\n- certificate of mail.example.org runs out in {d} days',
      'B: {thanks} I take the certificate',
      'C: and I reboot {host} at {time}',
      'A: {@C} please drain it first: `drain --host {host} --timeout {n}m`',
    ],
  },
  {
    lines: [
      'A: Who restarted {service}?',
      'B: Not me',
      'C: {The OOM killer did, {N} MB|Me, sorry. Should have said so here.|It restarts itself every {n} minutes since {v}}',
      'A: :facepalm:',
    ],
  },
  {
    lines: [
      'A: ```\nERROR {service} upstream timed out (110: Connection timed out)\n  at /srv/{service}/lib/client.js:{n}:{d}\n  retries=3 elapsed={N}ms\n```',
      'A: anybody seen this one before?',
      'B: Yes: {host} lost its route to the queue. {Same as in {ticket}.|Check `ip route`.}',
      'A: confirmed, {thanks}',
    ],
  },
  {
    lines: [
      'A: Maintenance window on {day} from {time}, {n} minutes. {env} will be read-only.',
      'B: Does that cover #release-train too?',
      'A: Yes. {@all} please do not deploy in that time.',
      'C: {ok}',
    ],
  },
  { lines: ['A: Backup report: {N} GB, verified by a restore on {host}, {n} minutes :white_check_mark:', 'B: :tada:'] },
  {
    thread: true,
    lines: [
      'A: Proposal: raise the connection limit of {service} from {n} to {N}',
      'B: > raise the connection limit\nThe database will not like that. {Use a pool.|What does the graph say?}',
      'A: Graph: https://grafana.example.org/d/{ticket}?from=now-6h&to=now',
      'C: I am with {@B}. A queue in front, `max={n}`, and we measure again on {day}.',
      'A: fine with me',
    ],
  },
  {
    lines: [
      'A: Checklist for tonight:\n- [x] snapshot\n- [ ] drain {host}\n- [ ] switch DNS\n- [ ] tell {@}',
      'B: snapshot took {n} minutes, all good',
      'A: {thanks}',
    ],
  },
  {
    lines: [
      'A: Postgres on {host} has {N} dead tuples, autovacuum cannot keep up',
      'B: There is a transaction open since {time} yesterday',
      'A: pid?',
      'B: `select pg_terminate_backend({N}{d});` done',
      'C: that was my notebook :see_no_evil: sorry',
    ],
  },
  {
    lines: [
      'A: {@here} {service} is down in {env}',
      'B: {ok}',
      'C: {DNS|It is always DNS|expired token}',
      'B: Fixed: {the token of {service} was rotated without a restart|TTL was {N} s, now {n}|a typo in the zone file, `{host}.exmaple.org`}.',
    ],
  },
  {
    lines: [
      'A: Load test result for {service}:\n1. {N} req/s, p50 {n} ms\n2. {N} req/s, p50 {n} ms\n3. fell over',
      'B: At which point do we page somebody?',
      'A: Number 2. {@B} want to pair on the autoscaler on {day}?',
      'B: {ok}',
    ],
  },
  {
    thread: true,
    lines: [
      'A: The runbook for {host} is out of date, again',
      'B: Which part?',
      'A: ~restart the sidecar~ there is no sidecar since {v}',
      'B: edited, please have a look: https://wiki.example.org/runbooks/{host}#restart',
      'A: {thanks} :bow:',
    ],
  },
  {
    lines: [
      'A: {@platform} the pager rotation for next month is up: [calendar](https://cal.example.org/oncall)',
      'B: I am in {city} that week, can somebody swap?',
      'C: I can take {day} to Sunday',
      'B: you are a star :star2:',
    ],
  },
  {
    lines: [
      'A: =cmd("show {host}") in a ticket, by the way. Somebody pastes spreadsheets into our forms.',
      'B: -1 for that, +1 for escaping',
    ],
  },
  { lines: ['A: Kernel update done on {host}, uptime was {N} days', 'B: o7', 'C: 🫡'] },
  { lines: ['A: Ещё раз: {service} не отвечает с {time}', 'B: Смотрю. {Похоже на сеть.|Логи пустые.}', 'A: спасибо'] },
  {
    lines: [
      'A: Cost report: {env} is ${N}.{n} over budget, mostly {service}',
      'B: Two idle replicas. Switched off.',
      'A: nice, saves about {pct}%',
    ],
  },
];
