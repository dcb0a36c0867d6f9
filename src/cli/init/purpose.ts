import type { Choice } from '../prompter.ts';

/** What an export is for: each has a job in jobs/ that it begins with. */
export const purposes = ['archive', 'compliance', 'analytics'] as const;
export type Purpose = (typeof purposes)[number];

export const purposeChoices: readonly Choice<Purpose>[] = [
  { value: 'archive', label: 'An archive that grows every night', hint: 'compressed JSON Lines' },
  { value: 'compliance', label: 'Evidence', hint: "with the server's answers, versions, members, transcript, report" },
  { value: 'analytics', label: 'Tables to query', hint: 'Parquet, one row per mention, reaction, link' },
];

/** In jobs/. */
export const sampleJobs: Readonly<Record<Purpose, string>> = {
  archive: 'nightly-archive.yaml',
  compliance: 'compliance.yaml',
  analytics: 'analytics.yaml',
};
