// `fast-check` for the tests of a mutation run, where a property is tried for each of hundreds of faults: most show in the
// first few examples.
import fc from 'fast-check';

const mostRuns = 20;

export default {
  ...fc,
  assert: (property, parameters = {}) =>
    fc.assert(property, { ...parameters, numRuns: Math.min(parameters.numRuns ?? mostRuns, mostRuns) }),
};
