// Checks Kubernetes objects without a cluster: each field has to be one of the API's, and each value what its schema wants.
//
// check_kubernetes.mjs OBJECTS.JSON PACKAGES: a list of objects; the folder in which kubernetes-models is installed, which
// is made from the API's OpenAPI schema, and @kubernetes/client-node unpacked in client-node/, which has every field by name.
// Kinds that others have added (cert-manager, the Prometheus Operator, the Gateway API) have packages of their own.
import {readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [file, packages] = process.argv.slice(2).map((path) => resolve(path));
const problems = [];
let fields = 0;

const models = join(packages, 'client-node', 'dist', 'gen', 'models');
const load = async (path) => import(pathToFileURL(path).href);

/** The fields of a type of the API by their names, or null where it is no type of its own. */
const types = new Map();
async function fieldsOf(type) {
  if (!types.has(type)) {
    const model = await load(join(models, `${type}.js`)).then((all) => all[type], () => null);
    types.set(type, model?.getAttributeTypeMap?.() ?? null);
  }
  return types.get(type);
}

/** Looks for fields that the API does not have: it would drop them without a word. */
async function walk(value, type, path) {
  const list = type.match(/^(?:Array|Set)<(.*)>$/);
  const map = type.match(/^\{ \[key: string\]: (.*); \}$/);
  if (list && Array.isArray(value)) {
    await Promise.all(value.map((each, i) => walk(each, list[1], `${path}[${i}]`)));
  } else if (map && value instanceof Object) {
    await Promise.all(Object.entries(value).map(([key, each]) => walk(each, map[1], `${path}.${key}`)));
  } else if (value instanceof Object) {
    const known = await fieldsOf(type);
    for (const [key, each] of Object.entries(known === null ? {} : value)) {
      fields++;
      const field = known.find(({baseName}) => baseName === key);
      if (field) {
        await walk(each, field.type, `${path}.${key}`);
      } else {
        problems.push(`${path}.${key}: unknown (expected: one of ${known.map(({baseName}) => baseName).join(', ')})`);
      }
    }
  }
}

/** Groups of the API that others have added, with the packages made from their schemas. */
const added = new Map([
  ['cert-manager.io', 'cert-manager'],
  ['gateway.networking.k8s.io', 'gateway-api'],
  ['monitoring.coreos.com', 'prometheus-operator'],
]);

/** A value that tells which of its fields were read: those that a schema knows are, to be validated. */
function watched(value, read) {
  if (!(value instanceof Object)) {
    return value;
  }
  return new Proxy(value, {
    get(target, key) {
      read.add(`${String(key)}`);
      const of = read.children ??= new Map();
      if (!of.has(key)) {
        of.set(key, new Set());
      }
      return watched(target[key], of.get(key));
    },
  });
}

/** Tells the fields of a value that nobody has read. */
function unread(value, read, path) {
  if (!(value instanceof Object)) {
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    fields++;
    if (read.has(key)) {
      unread(each, read.children.get(key), `${path}.${key}`);
    } else {
      problems.push(`${path}.${key}: unknown (expected: a field of the kind's schema)`);
    }
  }
}

/** Checks an object of a kind that others have added by its schema. */
async function checkAdded(object, where, folder) {
  const file = join(folder, `${object.kind}.js`);
  const schema = await readFile(file, 'utf8').then((text) => text.match(/_schemas\/\w+\.js/)?.[0], () => undefined);
  if (schema === undefined) {
    problems.push(`${where}: ${object.apiVersion} has no such kind (expected: one that its package has)`);
    return;
  }
  const {validate} = await load(join(folder, '..', '..', schema));
  const read = new Set();
  if (!validate(watched(object, read))) {
    validate.errors.forEach(({instancePath, message, keyword, params}) =>
      problems.push(`${where}: ${instancePath} ${message ?? keyword} ${JSON.stringify(params)}`));
  }
  unread(object, read, where);
}

const objects = JSON.parse(readFileSync(file, 'utf8'));
for (const object of objects) {
  const {apiVersion, kind, metadata} = object;
  const where = `${kind} ${metadata?.name}`;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  if (added.has(group)) {
    await checkAdded(object, where, join(packages, 'node_modules', '@kubernetes-models', added.get(group), group, version));
    continue;
  }
  const names = ['core', 'apps', 'autoscaling', 'policy'];
  const folder = group === 'core' ? version : join(group, version);
  const api = await load(join(packages, 'node_modules', 'kubernetes-models', folder, 'index.js')).catch(() => ({}));
  if (!api[kind]) {
    problems.push(`${where}: ${apiVersion} has no such kind (expected: one of ${names.join(', ')} or networking.k8s.io)`);
    continue;
  }
  try {
    new api[kind](object).validate();
  } catch (invalid) {
    problems.push(`${where}: ${invalid.message}`);
  }
  const type = `${version[0].toUpperCase()}${version.slice(1)}${kind}`;
  if (await fieldsOf(type) === null) {
    problems.push(`${where}: ${apiVersion} (expected: a version that the API still has)`);
  }
  await walk(object, type, where);
}
problems.forEach((problem) => console.error(`kubernetes: ${problem}`));
console.log(`kubernetes: ${objects.length} objects, ${fields} fields against the API's schema, ${problems.length} wrong`);
process.exit(problems.length > 0 || fields < 100 ? 1 : 0);
