import { closeAfterEach } from '../close-after-each.ts';
import { strictS3, type StrictS3, type StrictS3Options } from './strict-s3.ts';

/** Starts strict stores that end with the test. */
export function startedStores(): (options?: StrictS3Options) => Promise<StrictS3> {
  const onEnd = closeAfterEach();
  return async (options = {}) => {
    const store = await strictS3(options);
    onEnd(() => store.close());
    return store;
  };
}
