// Files that stand in memory, by their paths.
import type { FileReader } from '../../../../manifests/read.ts';

export function fileRecord(files: Readonly<Record<string, string>>, stdin = ''): FileReader {
  const folder = (path: string): string => (path === '.' || path === '' ? '' : `${path.replace(/\/+$/, '')}/`);
  return {
    kind(path) {
      if (Object.hasOwn(files, path)) return 'file';
      const inside = folder(path);
      return inside === '' || Object.keys(files).some((name) => name.startsWith(inside)) ? 'folder' : 'missing';
    },
    read: (path) => files[path] ?? '',
    names(path) {
      const inside = folder(path);
      const names = Object.keys(files).filter((name) => name.startsWith(inside));
      return [...new Set(names.map((name) => name.slice(inside.length).split('/')[0] ?? ''))];
    },
    stdin: () => stdin,
  };
}
