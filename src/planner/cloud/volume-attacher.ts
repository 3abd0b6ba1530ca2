// Attaches volumes of described provisioners to nodes as asked.
// Behaviour: kubernetes-csi/external-attacher, as far as its end shows.
import type { VolumeAttachment } from '../../schema/generated/types/storage-v1.ts';
import { VOLUME_ATTACHMENTS } from '../../schema/resource-names.ts';
import { type ControllerFactory, watchSelf } from '../engine/controller.ts';
import type { CloudOptions } from './description.ts';
import { servedDrivers } from './served-drivers.ts';

export const volumeAttacher: ControllerFactory<CloudOptions> = ({ cloud }) => {
  const served = servedDrivers(cloud);
  return {
    name: 'external-attacher',
    watches: served.size === 0 ? [] : [watchSelf(VOLUME_ATTACHMENTS)],
    sync(key, { client, reader }) {
      const attachment = reader.get<VolumeAttachment>(VOLUME_ATTACHMENTS, undefined, key);
      if (!attachment || attachment.status.attached || !served.has(attachment.spec.attacher)) return undefined;
      if (attachment.metadata.deletionTimestamp !== undefined) return undefined;
      const answer = client.updateStatus(VOLUME_ATTACHMENTS, { ...attachment, status: { attached: true } });
      return answer.ok ? undefined : { retry: true };
    },
  };
};
