import type { Script } from './script.ts';

export const support: readonly Script[] = [
  {
    lines: [
      'A: {customer} cannot log in since {time}',
      'B: Which browser? Which error?',
      'A: "Something went wrong", {n} users',
      'B: their SSO certificate ran out on {day}. Sent them the guide: https://help.example.org/sso?lang=en#certificates',
      'A: solved, {thanks}',
    ],
  },
  {
    thread: true,
    lines: [
      'A: *{ticket}* {customer}: invoices show the wrong VAT number',
      'B: on all invoices, or only since {v}?',
      'A: only since {v}',
      'C: {@B} that would be the billing-worker. I see it: two fields swapped.',
      'B: fix in review',
      'A: I tell them {day}?',
      'B: {day} is fine',
      'A: they say: "obrigado, muito rápido!"',
    ],
  },
  {
    lines: [
      'A: Can somebody call {customer}? +351 210 000 0{n} (asks for {A})',
      'B: {ok}',
      'B: Done. They wanted to know where {feature} went.',
      'A: :joy:',
    ],
  },
  {
    lines: [
      'A: {customer} asks for an export of everything, "every message, with the deleted ones"',
      'B: Deleted is deleted. The rest: CSV or Parquet?',
      'A: CSV; they open it in a spreadsheet, commas, quotes and all: "a, ""b"", c"',
      'B: ok, by {day}',
      'A: {thanks}',
    ],
  },
  {
    lines: [
      'A: Kundin von {customer} meldet: Umlaute in {feature} kaputt (Ã¼ statt ü)',
      'B: Klassiker. Datei ist UTF-8, gelesen als Latin-1.',
      'A: sag ich so weiter, danke',
    ],
  },
  {
    thread: true,
    lines: [
      'A: {customer} lost data?',
      'B: define "lost"',
      'A: {n} rows of their import are missing',
      'C: the import skipped lines with a newline inside quotes. Parser bug, {ticket}.',
      'B: can we re-run it?',
      'C: running',
      'C: all {N} rows there now',
      'A: phew. {@C} :heart:',
    ],
  },
  {
    lines: [
      'A: Escalation: {customer}, contract ends in {n} days, unhappy about response times',
      'B: {@} has the account, no?',
      'C: I call them today at {time}',
      'C: They stay :tada:',
    ],
  },
  {
    lines: [
      'A: Please use the template:\n> Customer:\n> What happened:\n> What they expected:',
      'B: sorry, again: {customer} / page is white / page should not be white',
      'A: :white_circle:',
    ],
  },
  { lines: ['A: Macro "{d}-day trial" has a broken link', 'B: fixed: https://help.example.org/trial', 'A: {thanks}'] },
  {
    lines: [
      'A: {customer} está preguntando por {feature}, ¿quién sabe algo?',
      'B: Sale con la {v}, el {day}',
      'A: perfecto, gracias :raised_hands:',
    ],
  },
  {
    lines: [
      'A: {customer} écrit: « l’écran d’invitation ne s’affiche plus »',
      'B: depuis la {v} ? videz le cache',
      'A: résolu !',
    ],
  },
  {
    thread: true,
    lines: [
      'A: {@support-crew} who can cover {day} {time} to {time}?',
      'B: me',
      'C: me too if needed',
      'A: {B} it is, {thanks}',
    ],
  },
  { lines: ['A: العميل {customer} يسأل عن الفاتورة رقم {N}', 'B: تم الإرسال اليوم الساعة {time}', 'A: شكراً 🙏'] },
  {
    lines: [
      'A: Satisfaction last month: {pct}%, {N} tickets, median answer {n} minutes',
      'B: up from {pct}%',
      'C: :tada: :tada: :tada:',
    ],
  },
  {
    lines: [
      'A: the customer wrote (verbatim): "I clicked on \'Delete\' and it deleted it."',
      'B: working as intended',
      'C: put it on the wall',
    ],
  },
  {
    lines: [
      'A: {ticket} is open for {n} days. {@} any news?',
      'B: waiting for the customer',
      'A: closing it, they can reopen',
    ],
  },
  {
    lines: [
      'A: Mail to help@example.org bounces for {customer}',
      'B: their domain has no MX record',
      'A: told them. Their answer: "what is an MX"',
      'B: 🫠',
    ],
  },
  {
    lines: [
      'A: {customer} wants the API limits raised to {N} calls',
      'B: what do they do with it?',
      'A: they poll every second, `while true; do curl …; done`',
      'B: {@A} point them to the webhooks page please',
    ],
  },
];
