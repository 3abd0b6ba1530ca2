// Attaches volumes of described provisioners to nodes as asked.
// Behaviour: kubernetes-csi/external-attacher, as far as its end shows.
import type { VolumeAttachment } from '../../schema/generated/types/storage-v1.ts';
import { type ControllerFactory, watchSelf } from '../engine/controller.ts';
import type { CloudOptions } from './description.ts';
import { servedDrivers } from './served-drivers.ts';

const ATTACHMENTS = 'volumeattachments.storage.k8s.io';

export const volumeAttacher: ControllerFactory<CloudOptions> = ({ cloud }) => {
  const served = servedDrivers(cloud);
  return {
    name: 'external-attacher',
    watches: served.size === 0 ? [] : [watchSelf(ATTACHMENTS)],
    sync(key, { client, reader }) {
      const attachment = reader.get<VolumeAttachment>(ATTACHMENTS, undefined, key);
      if (!attachment || attachment.status.attached || !served.has(attachment.spec.attacher)) return undefined;
      if (attachment.metadata.deletionTimestamp !== undefined) return undefined;
      const answer = client.updateStatus(ATTACHMENTS, { ...attachment, status: { attached: true } });
      return answer.ok ? undefined : { retry: true };
    },
  };
};
