import { describe, expect, it } from '@jest/globals';
import { renamedKeys } from '../../../../src/archive/manifest/earlier/renamed-keys.ts';

describe('renamedKeys', () => {
  it('leaves what a job or a field is called as it is', () => {
    const own = {
      steps: [{ step: './proof.mjs', settings: { proof: 1, revises: true, seamsChecked: 2 }, dropped: 0 }],
      badFields: { proof: 3, revises: 1 },
      tables: { revises: 1 },
    };
    expect(renamedKeys(own)).toEqual(own);
  });

  it('leaves what is no list or no object to whoever checks shapes', () => {
    const odd = { files: 'none', lists: null, changes: [1, null, [{ proof: 5 }]], streams: { proof: [] } };
    expect(renamedKeys(odd)).toEqual({
      ...odd,
      changes: [1, null, [{ completeness: 5 }]],
      streams: { completeness: [] },
    });
  });
});
