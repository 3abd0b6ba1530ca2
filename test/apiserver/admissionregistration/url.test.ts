import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseUrl } from '../../../src/apiserver/admissionregistration/url.ts';

const urls = suite('URLs that Go takes apart');

const NOTHING = { scheme: '', host: '', query: '', fragment: '' };

for (const { text, url } of [
  { text: '', url: NOTHING },
  {
    text: 'HTTPS://example.com:443/a?b=c#d',
    url: { scheme: 'https', host: 'example.com:443', query: 'b=c', fragment: 'd' },
  },
  {
    text: 'https://ada:p%20w@example.com',
    url: { ...NOTHING, scheme: 'https', host: 'example.com', user: 'ada:p%20w' },
  },
  { text: 'https://[fe80::1%25eth0]:80/', url: { ...NOTHING, scheme: 'https', host: '[fe80::1%eth0]:80' } },
  { text: 'mailto:ada', url: { ...NOTHING, scheme: 'mailto' } },
  { text: '/path', url: NOTHING },
]) {
  urls(JSON.stringify(text), () => assert.equal(parseUrl(text), { ok: true, url }));
}
urls.run();

const refused = suite('URLs that Go refuses');

for (const { text, error } of [
  { text: 'https://example.com:x', error: 'parse "https://example.com:x": invalid port ":x" after host' },
  { text: 'https://a b/', error: 'parse "https://a b/": invalid character " " in host name' },
  { text: 'https://a/%zz#x', error: 'parse "https://a/%zz": invalid URL escape "%zz"' },
  { text: 'https://a/#%z', error: 'parse "https://a/#%z": invalid URL escape "%z"' },
  { text: 'https://[::1', error: 'parse "https://[::1": missing \']\' in host' },
  { text: 'https://a:1:2', error: 'parse "https://a:1:2": invalid port ":1:2" after host' },
  { text: ':a', error: 'parse ":a": missing protocol scheme' },
  { text: '1:2', error: 'parse "1:2": first path segment in URL cannot contain colon' },
  { text: 'https://a\n', error: 'parse "https://a\\n": net/url: invalid control character in URL' },
]) {
  refused(JSON.stringify(text), () => assert.equal(parseUrl(text), { ok: false, error }));
}
refused.run();
