// Before the tests of a mutation run: property tests draw the same examples for every fault, or a fault would be noticed
// once and missed the next time. None looks for the smallest example: that it fails is enough.
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_240_229, endOnFailure: true });
