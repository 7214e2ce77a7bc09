// hcl_json.mjs DIR PACKAGES: the .tf files of a folder as one JSON object, blocks of one kind merged by type and name.
import {readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [dir, packages] = process.argv.slice(2).map((path) => resolve(path));
const {parse} = createRequire(join(packages, 'index.js'))('@cdktf/hcl2json');

function merge(into, from) {
  for (const [key, value] of Object.entries(from)) {
    if (Array.isArray(value)) {
      into[key] = [...(into[key] ?? []), ...value];
    } else if (value !== null && typeof value === 'object') {
      into[key] = merge(into[key] ?? {}, value);
    } else {
      into[key] = value;
    }
  }
  return into;
}

const all = {};
for (const name of readdirSync(dir).filter((name) => name.endsWith('.tf'))) {
  merge(all, await parse(name, readFileSync(join(dir, name), 'utf8')));
}
process.stdout.write(JSON.stringify(all, null, 1));
