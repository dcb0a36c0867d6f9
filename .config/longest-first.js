// The order of the long suite: of two workers that come to the longest files last, one would wait for the other. Jest itself
// knows no durations on a fresh clone.

/** Those that take a minute or more, the longest first. */
const longest = [
  'long/disk-faults',
  'life/edited-jobs',
  'long/kill',
  'long/purge/cut-purge',
  'transcript/keep-transcript',
  'rebuild/living-rebuild',
  'long/install',
  'storage/push/upload-archive',
  'transcript/markup/text-html',
  'long/documented-commands',
  'rebuild/rebuild-archive',
];

const rank = ({ path }) => {
  const at = longest.findIndex((name) => path.replaceAll('\\', '/').endsWith(`/test/${name}.test.ts`));
  return at === -1 ? longest.length : at;
};

export default class LongestFirst {
  sort(tests) {
    return tests.toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
