/** Medians of runs that take turns, so that a slow minute of the machine falls on all of them. */
export async function interleaved(rounds, programs) {
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(programs)) runs[name].push(await run());
  }
  const all = Object.values(runs).flat();
  const sum = (key) => all.reduce((total, run) => total + run[key], 0);
  return {
    medians: Object.fromEntries(Object.entries(runs).map(([name, measured]) => [name, medians(measured)])),
    total: { wallMs: sum('wallMs'), cpuMs: sum('cpuMs') },
  };
}

function medians(runs) {
  const middle = (key) => runs.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
  return { wallMs: middle('wallMs'), cpuMs: middle('cpuMs'), peakRssMb: middle('peakRssMb') };
}
