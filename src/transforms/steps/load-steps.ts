import { dropSystemMessages } from './drop-system-messages.ts';
import { periodStep } from './period.ts';
import { loadPluginStep } from './plugin-step.ts';
import { pseudonymizeStep } from './pseudonymize.ts';
import type { StepOptions } from '../../model/step-options.ts';
import type { Step } from './step.ts';

/** @throws JobError for a plug-in that cannot be used */
export function loadSteps(steps: readonly StepOptions[]): Promise<readonly Step[]> {
  return Promise.all(steps.map(loadStep));
}

async function loadStep(options: StepOptions): Promise<Step> {
  switch (options.kind) {
    case 'dropSystemMessages':
      return dropSystemMessages;
    case 'period':
      return periodStep(options);
    case 'dropColumns':
      return { name: 'dropColumns', settings: { columns: options.columns }, dropsColumns: options.columns };
    case 'pseudonymize':
      return pseudonymizeStep(options.key);
    case 'use':
      return loadPluginStep(options.plugin);
  }
}
