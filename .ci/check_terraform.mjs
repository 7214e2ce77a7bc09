// Checks Terraform files without their provider: every resource, attribute and nested block against the AWS provider's own
// schema, and every reference against what there is.
//
// check_terraform.mjs DIR PACKAGES: the folder with the .tf files; the folder in which @cdktf/hcl2json is installed and
// @cdktf/provider-aws, which is made from the provider's schema, is unpacked.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [dir, packages] = process.argv.slice(2).map((path) => resolve(path));
const {parse} = createRequire(join(packages, 'index.js'))('@cdktf/hcl2json');
const lib = join(packages, 'package', 'lib');
const problems = [];
let checked = 0;

/** What the schema says of a type: its nested structures by name, and what can be referred to. */
const schemas = new Map();
function schema(kind, type) {
  const name = (kind === 'data' ? 'data-aws-' : '') + type.replaceAll('_', '-');
  if (!schemas.has(name)) {
    const file = join(lib, name, 'index.d.ts');
    schemas.set(name, existsSync(file) ? read(readFileSync(file, 'utf8')) : null);
  }
  return schemas.get(name);
}

const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

function read(text) {
  const structs = new Map();
  for (const [, name, body] of text.matchAll(/export interface (\w+)[^{]*\{\n(.*?)^\}/gms)) {
    const fields = new Map();
    // The link in a field's comment has its name as Terraform writes it.
    for (const [, attribute, optional, type] of body.matchAll(/#(\w+) [^\n]*\n(?:[^\n]*\*[^\n]*\n)*?\s*readonly \w+(\??): ([^\n]+)/g)) {
      fields.set(attribute, {required: optional === '', type: type.match(/^\w*/)[0]});
    }
    structs.set(name, fields);
  }
  // Named FooConfig, or FooConfigA where another structure has that name.
  const root = [...structs.keys()].find((name) => text.includes(`interface ${name} extends cdktf.TerraformMetaArguments`));
  const readable = new Set(['id', ...structs.get(root).keys()]);
  for (const [, name] of text.slice(text.lastIndexOf('export declare class')).matchAll(/^ {4}get (\w+)\(\)/gm)) {
    readable.add(snake(name));
  }
  return {structs, root, readable};
}

const META = new Set(['count', 'for_each', 'provider', 'depends_on', 'lifecycle', 'dynamic']);

function checkBody(where, body, schema, struct) {
  const fields = schema.structs.get(struct);
  const given = new Set();
  const one = (name, value) => {
    const field = fields.get(name);
    if (!field) {
      problems.push(`${where}.${name}: unknown (expected: one of ${[...fields.keys()].join(', ')})`);
      return;
    }
    given.add(name);
    checked += 1;
    if (schema.structs.has(field.type) && Array.isArray(value)) {
      value.forEach((block) => checkBody(`${where}.${name}`, block, schema, field.type));
    }
  };
  for (const [name, value] of Object.entries(body)) {
    if (!META.has(name)) {
      one(name, value);
    }
  }
  for (const [name, blocks] of Object.entries(body.dynamic ?? {})) {
    blocks.forEach((block) => one(name, block.content));
  }
  for (const [name, field] of fields) {
    if (field.required && !given.has(name)) {
      problems.push(`${where}.${name}: missing (expected: a value, the provider demands one)`);
    }
  }
}

const files = readdirSync(dir).filter((name) => name.endsWith('.tf'));
const texts = new Map(files.map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
const declared = {resource: new Map(), data: new Map(), variable: new Set(), local: new Set(), module: new Map(), output: new Set()};
const parsed = [];
for (const [name, text] of texts) {
  const tree = await parse(name, text);
  parsed.push([name, tree]);
  for (const kind of ['resource', 'data']) {
    for (const [type, named] of Object.entries(tree[kind] ?? {})) {
      for (const own of Object.keys(named)) {
        declared[kind].set(`${type}.${own}`, type);
      }
    }
  }
  Object.keys(tree.variable ?? {}).forEach((own) => declared.variable.add(own));
  Object.keys(tree.output ?? {}).forEach((own) => declared.output.add(own));
  (tree.locals ?? []).forEach((block) => Object.keys(block).forEach((own) => declared.local.add(own)));
  Object.entries(tree.module ?? {}).forEach(([own, [block]]) => declared.module.set(own, block));
}

for (const [name, tree] of parsed) {
  for (const kind of ['resource', 'data']) {
    for (const [type, named] of Object.entries(tree[kind] ?? {})) {
      const known = schema(kind, type.replace(/^aws_/, ''));
      for (const [own, bodies] of Object.entries(named)) {
        const where = `${name}: ${kind === 'data' ? 'data.' : ''}${type}.${own}`;
        if (!known) {
          problems.push(`${where}: the provider has no such type`);
        } else {
          bodies.forEach((body) => checkBody(where, body, known, known.root));
        }
      }
    }
  }
}

// A module's arguments against its variables, its outputs against what is asked of it.
const modules = new Map();
for (const [own, block] of declared.module) {
  const source = join(dir, block.source);
  const inside = {variables: {}, outputs: {}};
  for (const file of readdirSync(source).filter((file) => file.endsWith('.tf'))) {
    const tree = await parse(file, readFileSync(join(source, file), 'utf8'));
    Object.assign(inside.variables, tree.variable);
    Object.assign(inside.outputs, tree.output);
  }
  modules.set(own, inside);
  for (const argument of Object.keys(block).filter((key) => key !== 'source' && !META.has(key))) {
    checked += 1;
    if (!(argument in inside.variables)) {
      problems.push(`module.${own}.${argument}: unknown (expected: one of ${Object.keys(inside.variables).join(', ')})`);
    }
  }
  for (const [variable, [body]] of Object.entries(inside.variables)) {
    if (!('default' in body) && !(variable in block)) {
      problems.push(`module.${own}.${variable}: missing (expected: a value, it has no default)`);
    }
  }
}

for (const [name, text] of texts) {
  const code = text.replace(/^\s*#.*$/gm, '');
  for (const [whole, data, type, own, attribute] of code.matchAll(/(?<![\w."-])(data\.)?(aws_\w+)\.(\w+)(?:\[[^\]]+\])?(?:\.(\w+))?/g)) {
    const kind = data ? 'data' : 'resource';
    checked += 1;
    if (!declared[kind].has(`${type}.${own}`)) {
      problems.push(`${name}: ${whole}: not declared`);
    } else if (attribute && !schema(kind, type.replace(/^aws_/, ''))?.readable.has(attribute)) {
      problems.push(`${name}: ${whole}: the provider has no such attribute`);
    }
  }
  for (const [prefix, names] of [['var', declared.variable], ['local', declared.local]]) {
    for (const [whole, own] of code.matchAll(new RegExp(`(?<![\\w.])${prefix}\\.(\\w+)`, 'g'))) {
      checked += 1;
      if (!names.has(own)) {
        problems.push(`${name}: ${whole}: not declared`);
      }
    }
  }
  for (const [whole, own, output] of code.matchAll(/(?<![\w.])module\.(\w+)\.(\w+)/g)) {
    checked += 1;
    if (!(output in (modules.get(own)?.outputs ?? {}))) {
      problems.push(`${name}: ${whole}: not declared`);
    }
  }
}

// Used nowhere is a typing error more often than a plan.
const all = [...texts.values()].join('\n');
for (const own of declared.variable) {
  if (!new RegExp(`\\bvar\\.${own}\\b`).test(all)) {
    problems.push(`variable ${own}: used nowhere`);
  }
}
if (checked < 300) {
  problems.push(`only ${checked} attributes and references were looked at (expected: at least 300)`);
}
problems.forEach((problem) => console.error(`terraform: ${problem}`));
console.log(`terraform: ${checked} attributes and references against the provider's schema, ${problems.length} wrong`);
process.exit(problems.length === 0 ? 0 : 1);
