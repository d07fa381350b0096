// Holds what mote writes against TensorFlow Lite itself, as @tensorflow/tfjs-tflite has it in
// WebAssembly:
//   node against_tflite.js PACKAGE MOTE FOLDER MODEL...
// PACKAGE is that package's folder, FOLDER one to write into. Each model is written by `mote
// convert` and `mote shrink`, both files are run there, on random inputs or on the examples in
// EXAMPLES/<model>/*.in.bin, and the outputs are compared with those of `mote run MODEL`: floats
// within 1e-4 of the largest; of integers 99 % within one unit, none off by more than three. What
// was a .tflite must give the very bytes there that it gives; then it may be further from mote,
// since the model itself is, unless it lies in FOLDER: that is one that mote has quantised.
'use strict';
const child = require('child_process');
const fs = require('fs');
const path = require('path');
const vm = require('vm');

const [folder, mote, out, ...models] = process.argv.slice(2);
const examples = process.env.EXAMPLES ?? '';
const kRuns = 8;
const kArrays = {
  float32: Float32Array, int8: Int8Array, uint8: Uint8Array, int16: Int16Array, int32: Int32Array,
};

// The package's JavaScript takes its module by a <script> of a browser; the module itself needs no
// more than the bytes of its WebAssembly.
async function loadModule() {
  const base = path.join(folder, 'wasm', 'tflite_web_api_cc_simd');
  const source = fs.readFileSync(base + '.js', 'utf8');
  const factory = vm.runInThisContext(`(() => {${source}; return tflite_web_api_ModuleFactory;})()`);
  const log = (line) => line.startsWith('INFO') || process.stderr.write(line + '\n');
  return factory({wasmBinary: fs.readFileSync(base + '.wasm'), print: log, printErr: log});
}

const listOf = (vector) => Array.from({length: vector.size()}, (_, i) => vector.get(i));
const bytesOf = (tensor) => {
  const data = tensor.data();
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
};

// Each file in a module of its own: memory that one has taken is not given back.
async function load(file) {
  const module = await loadModule();
  const bytes = fs.readFileSync(file);
  const at = module._malloc(bytes.length);
  module.HEAPU8.set(bytes, at);
  const made = module.TFLiteWebModelRunner.CreateFromBufferAndOptions(at, bytes.length, {
    numThreads: 1, enableProfiling: false, maxProfilingBufferEntries: 0,
  });
  if (!made.ok()) throw new Error(`${file}: TensorFlow Lite refuses it: ${made.errorMessage()}`);
  return made.value();
}

// The same numbers in each run of this script: 32 bits of a linear congruence.
function randomInput(tensors) {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const parts = [];
  for (let run = 0; run < kRuns; ++run)
    for (const tensor of tensors) {
      const count = bytesOf(tensor).length;
      if (tensor.dataType === 'float32')
        parts.push(Buffer.from(Float32Array.from({length: count / 4}, () => next() / 2 ** 31 - 1).buffer));
      else
        parts.push(Buffer.from(Uint8Array.from({length: count}, () => next() >>> 24)));
    }
  return Buffer.concat(parts);
}

function exampleInput(name) {
  const where = path.join(examples, name);
  if (!examples || !fs.existsSync(where)) return null;
  const files = fs.readdirSync(where).filter((file) => file.endsWith('.in.bin')).sort();
  return Buffer.concat(files.slice(0, kRuns).map((file) => fs.readFileSync(path.join(where, file))));
}

function infer(runner, given) {
  const written = [];
  for (let place = 0; place < given.length;) {
    for (const tensor of listOf(runner.GetInputs())) {
      const to = bytesOf(tensor);
      to.set(given.subarray(place, place + to.length));
      place += to.length;
    }
    if (!runner.Infer()) throw new Error('the run failed');
    for (const tensor of listOf(runner.GetOutputs())) written.push(Buffer.from(bytesOf(tensor)));
  }
  return Buffer.concat(written);
}

// How far apart, and whether that is near enough. Outputs of several types are none of ours.
function compare(made, expected, type) {
  if (made.length !== expected.length)
    return {near: false, text: `${made.length} B of outputs, expected ${expected.length} B`};
  const numbers = (bytes) => new kArrays[type](new Uint8Array(bytes).buffer);
  const a = numbers(made), b = numbers(expected);
  let largest = 0, beyond = 0, scale = 1;
  for (let i = 0; i < a.length; ++i) {
    const apart = Math.abs(a[i] - b[i]);
    largest = Math.max(largest, apart);
    scale = Math.max(scale, Math.abs(b[i]));
    beyond += apart > 1;
  }
  if (type === 'float32')
    return {near: largest <= 1e-4 * scale, text: `${a.length} outputs, at most ${largest.toExponential(1)} apart`};
  return {near: beyond <= 0.01 * a.length && largest <= 3, largest,
          text: `${a.length} outputs, ${beyond} more than one unit apart, at most ${largest}`};
}

function command(...args) {
  const done = child.spawnSync(mote, args, {encoding: 'utf8'});
  return {ok: done.status === 0, text: done.stderr.trim()};
}

async function main() {
  let failed = 0;
  for (const model of models) {
    const name = path.parse(model).name;
    const at = (suffix) => path.join(out, name + suffix);
    const made = command('convert', model, at('.tflite'));
    if (!made.ok) throw new Error(made.text);
    const runner = await load(at('.tflite'));
    const input = exampleInput(name) ?? randomInput(listOf(runner.GetInputs()));
    fs.writeFileSync(at('.in.bin'), input);
    const run = command('run', model, `--input=${at('.in.bin')}`, `--output=${at('.out.bin')}`, '--format=bin');
    if (!run.ok) {
      console.log(`${name}: loads; mote cannot run it (${run.text.split('\n')[0]})`);
      continue;
    }
    const type = runner.GetOutputs().get(0).dataType;
    const ours = fs.readFileSync(at('.out.bin')), theirs = infer(runner, input);
    const result = compare(theirs, ours, type);
    let whole = null, refused = false;
    if (model.endsWith('.tflite')) {
      try {
        whole = infer(await load(model), input);
      } catch {
        refused = true;  // bias axes that are none, for one: mote does not write those
      }
    }
    const same_bytes = whole !== null && whole.equals(theirs);
    // What lies in FOLDER mote has made: outputs there are its own, but for the rounding of sigmoids.
    const is_near = whole === null ? result.near : !model.startsWith(out) || result.largest <= 3;
    const good = refused || (is_near && (whole === null || same_bytes));
    const note = refused ? '; the original does not load' : whole === null ? '' : same_bytes ? '; the bytes of the original' : '; OTHER BYTES than the original';
    console.log(`${good ? '  ok' : 'FAIL'} ${name}: ${result.text} from mote${note}`);
    failed += !good;
    const shrunk = command('shrink', model, `--output=${at('.small.tflite')}`);
    if (!shrunk.ok) continue;  // an LSTM that begins with zeros
    const small = compare(infer(await load(at('.small.tflite')), input), theirs, type);
    console.log(`${small.near ? '  ok' : 'FAIL'} ${name}, shrunk against whole: ${small.text}`);
    failed += !small.near;
  }
  process.exit(failed ? 1 : 0);
}

main().catch((error) => {
  process.stderr.write(`${error.message ?? error}\n`);
  process.exit(1);
});
