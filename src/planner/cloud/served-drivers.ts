// The CSI drivers that serve a described cloud's volumes.
import { driverNameOf } from '../storage/provisioners.ts';
import type { DescribedCloud } from './description.ts';

/** A plugin that used to be built in is served by the driver that took over from it. */
export function servedDrivers(cloud: DescribedCloud | undefined): ReadonlySet<string> {
  return new Set((cloud?.volumeProvisioners ?? []).map(driverNameOf));
}
