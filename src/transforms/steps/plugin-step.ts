import { JobError } from '../../errors.ts';
import { createFromPlugin, kindOf } from '../../plugins/create-from-plugin.ts';
import { isFunction } from '../../plugins/is-function.ts';
import { pluginErrorText } from '../../plugins/error-text.ts';
import type { PluginReference } from '../../model/plugin-reference.ts';
import { flatMessageProblem } from './flat-message-problem.ts';
import type { Step } from './step.ts';

/**
 * A step of the user's own: the default export of a module, called with the options, returns `(message) => message or
 * null`. The message is frozen; a changed one is a copy: `{ ...message, text: '' }`.
 *
 * @throws JobError when it cannot be loaded and, while it runs, when it throws or returns what is no message
 */
export async function loadPluginStep(plugin: PluginReference): Promise<Step> {
  const step = await createFromPlugin(plugin, 'step', {});
  const { use } = plugin;
  if (!isFunction(step)) {
    throw new JobError(
      `Cannot use step "${use}": it made ${kindOf(step)}, expected a function (message) => message or null`,
      { hint: 'docs/library.md shows a whole one' },
    );
  }
  const hint = `The step is not part of this program: fix "${use}"`;
  return {
    name: use,
    mayMove: true,
    settings: { options: plugin.writtenOptions },
    message: (message) => {
      let answer: unknown;
      try {
        answer = step(Object.freeze(message));
      } catch (cause) {
        throw new JobError(`Step "${use}" failed on message "${message.id}": ${pluginErrorText(cause, plugin)}`, {
          hint,
        });
      }
      if (answer === null || answer === message) return answer === null ? null : message;
      const checked = flatMessageProblem(answer, message);
      if (typeof checked === 'string') {
        throw new JobError(`Step "${use}" returned no message for message "${message.id}": ${checked}`, { hint });
      }
      return checked;
    },
  };
}
