import { z } from 'zod';

/** The keys that name a module of the user's own, in `sinks` and in `transform.steps`. */
export const pluginKeys = {
  use: z
    .string()
    .regex(/^[^\s\u0000][^\u0000]*$/, 'expected a path such as "./my-plugin.mjs" or the name of a package')
    .meta({
      title: 'A module of your own',
      description:
        'A path that begins with ./ and starts from the folder the command runs in, or the name of a package installed there. It runs with all the rights of this program.',
      examples: ['./my-plugin.mjs', 'my-package'],
    }),
  options: z
    .record(z.string(), z.unknown())
    .meta({ title: 'Options of the module', description: 'Whatever it takes; handed to it as they are.' })
    .exactOptional(),
} as const;
