import type { Script } from './script.ts';

export const releases: readonly Script[] = [
  {
    lines: [
      'A: Cutting {service} {v}',
      'A: Changes:\n- faster {feature}\n- fixes {ticket}\n- **no** migrations',
      'B: CI is green :white_check_mark:',
      'C: canary looks fine, {pct}% of traffic',
      'A: Released. https://git.example.org/{service}/releases/v{v}',
    ],
  },
  {
    thread: true,
    lines: [
      'A: *{service} {v}* is in {env}',
      'B: {@A} the changelog misses {ticket}',
      'A: added',
      'C: QA passed except for {feature}: {the button is cut off on small screens|date is off by one in {city}|tab order is wrong}',
      'B: blocker?',
      'C: no, known since last year',
      'A: shipping then :rocket:',
    ],
  },
  {
    lines: [
      'A: Freeze starts on {day} at {time}. What is not merged then waits.',
      'B: {ticket} needs one more review',
      'A: {@} could you?',
      'C: {ok}',
      'B: merged, {thanks}',
    ],
  },
  {
    lines: [
      'A: Build {N} failed: `npm ERR! code ELIFECYCLE`',
      'B: flaky test, run it again',
      'A: that is the {d}th time this week. Who owns `{service}/test/e2e`?',
      'B: {@} I think',
    ],
  },
  {
    thread: true,
    lines: [
      'A: Go / no-go for {v}:',
      'B: go from backend',
      'C: go from design',
      'D: go from support, macros are updated',
      'A: *GO* at {time} :rocket:',
    ],
  },
  {
    lines: [
      'A: # Release notes {v}\n## New\n{feature} has a preview\n## Fixed\n- {ticket}\n- {ticket2}',
      'B: nit: it is spelled "preview" in the UI too?',
      'A: yes',
    ],
  },
  {
    lines: [
      'A: Rolling back {service} {v}: sign-ups dropped by {pct}%',
      'B: the new e-mail check refuses plus signs: `a+b@example.org`',
      'A: reverted in https://git.example.org/{service}/commit/{hex}',
      'C: sign-ups are back',
    ],
  },
  {
    lines: [
      'A: Version bump for the mobile app: {v}, stores take about {d} days',
      'B: screenshots are in the folder',
      'A: {thanks}',
    ],
  },
  {
    lines: [
      'A: What is the hold-up with {ticket}?',
      'B: waiting for {@}',
      'C: not any more :slight_smile: reviewed, two comments',
      'B: both fixed',
    ],
  },
  {
    lines: [
      'A: Semver question: {feature} drops an option nobody uses. Major?',
      'B: Major. Somebody uses it. Somebody always does. [xkcd-like proof](https://wiki.example.org/semver)',
      'A: 😅 ok, {d}.0.0 it is',
    ],
  },
  { lines: ['A: `git bisect` says {hex} broke {feature}', 'B: that is mine :sweat: fix is up', 'A: approved'] },
  {
    thread: true,
    lines: [
      'A: Retro for {v}, what went well?',
      'B: Feature flags! Nobody noticed the switch.',
      'C: What did not: {n} manual steps in the release script',
      'A: {@C} would you take {ticket}, "one command releases"?',
      'C: {ok}',
      'B: I help',
    ],
  },
  {
    lines: [
      'A: Translations for {v} are complete but for: עברית, 日本語',
      'B: 日本語は{day}までに終わります',
      'A: ありがとう!',
    ],
  },
  {
    lines: [
      'A: Download numbers of {v} after {d} days: {N},{n}{d}',
      'B: more than I thought, "good", as {A} would say',
      'C: :chart_with_upwards_trend:',
    ],
  },
  {
    lines: [
      'A: Deploy order tomorrow: 1) ledger 2) webhooks 3) {service}. Please *no* surprises.',
      'B: _famous last words_',
      'A: :no_mouth:',
    ],
  },
  {
    lines: [
      'A: The tag v{v} points at the wrong commit',
      'B: moved. {@all} please `git fetch --tags --force`',
      'C: done',
    ],
  },
];
