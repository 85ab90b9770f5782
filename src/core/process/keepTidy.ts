const sixHoursMs = 6 * 60 * 60 * 1000;

/**
 * Removes what calls left behind, once it is older than a day: for the first time after some milliseconds, then every six
 * hours, for as long as the process lives or until what is returned is disposed.
 */
export function keepTidy(firstMs: number): { readonly dispose: () => void } {
  const tidy = (): void => {
    void import('./spillFile')
      .then(async ({ tidyAll }) => {
        await tidyAll();
      })
      .catch(() => undefined);
  };
  const timers = [setTimeout(tidy, firstMs), setInterval(tidy, sixHoursMs)];
  for (const timer of timers) timer.unref();
  return {
    dispose: () => {
      timers.forEach(clearTimeout);
    },
  };
}
