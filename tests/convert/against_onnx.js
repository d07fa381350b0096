// Holds what mote writes as ONNX against ONNX Runtime:
//   node against_onnx.js PACKAGE MOTE FOLDER MODEL...
// PACKAGE is onnxruntime-node's folder, FOLDER one to write into. Each model is written by `mote
// convert` and run there; the outputs are compared with those of `mote run MODEL`: floats within
// 1e-4 of the largest, integers within one unit.
'use strict';
const child = require('child_process');
const fs = require('fs');
const path = require('path');

const [folder, mote, out, ...models] = process.argv.slice(2);
const ort = require(path.resolve(folder));
const kArrays = {float32: Float32Array, int8: Int8Array, uint8: Uint8Array, int32: Int32Array};
const kRuns = 8;

function command(...args) {
  const done = child.spawnSync(mote, args, {encoding: 'utf8'});
  if (done.status !== 0) throw new Error(done.stderr.trim());
}

// Elements with the channels last, as mote has them, put second, or back.
function turned(data, dims, toSecond) {
  if (dims.length < 3) return data;
  const channels = dims[1], places = data.length / dims[0] / channels;
  const made = new data.constructor(data.length);
  for (let n = 0; n < dims[0]; ++n)
    for (let c = 0; c < channels; ++c)
      for (let p = 0; p < places; ++p) {
        const second = (n * channels + c) * places + p, last = (n * places + p) * channels + c;
        made[toSecond ? second : last] = data[toSecond ? last : second];
      }
  return made;
}

async function hold(model) {
  const name = path.parse(model).name, at = (suffix) => path.join(out, name + suffix);
  command('convert', model, at('.onnx'));
  const session = await ort.InferenceSession.create(at('.onnx'), {logSeverityLevel: 3, intraOpNumThreads: 1});
  const {type, shape} = session.inputMetadata[0];
  // Whether convolutions read the input, so that it has its channels second in the file: mote's own
  // reader says so by the shape that it gives it.
  const text = child.spawnSync(mote, ['inspect', '--json', at('.onnx')], {encoding: 'utf8'}).stdout;
  const ours = text ? JSON.parse(text) : null;  // what it cannot read are features, not images
  const isTurned = (list, dims) =>
      ours !== null && JSON.stringify(ours[list][0].shape) !== JSON.stringify(dims);
  const size = shape.reduce((a, b) => a * b, 1);
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const given = kArrays[type].from(
      {length: size * kRuns}, () => type === 'float32' ? next() / 2 ** 31 - 1 : next() >>> 24);
  fs.writeFileSync(at('.in.bin'), Buffer.from(given.buffer));
  command('run', model, `--input=${at('.in.bin')}`, `--output=${at('.out.bin')}`, '--format=bin');
  const expected = new kArrays[session.outputMetadata[0].type](new Uint8Array(fs.readFileSync(at('.out.bin'))).buffer);
  let largest = 0, scale = 1, place = 0;
  for (let run = 0; run < kRuns; ++run) {
    const part = given.slice(run * size, (run + 1) * size);
    const fed = isTurned('inputs', shape) ? turned(part, shape, true) : part;
    const result = (await session.run({[session.inputNames[0]]: new ort.Tensor(type, fed, shape)}))[session.outputNames[0]];
    const data = isTurned('outputs', result.dims) ? turned(result.data, result.dims, false) : result.data;
    for (const x of data) {
      largest = Math.max(largest, Math.abs(x - expected[place]));
      scale = Math.max(scale, Math.abs(expected[place++]));
    }
  }
  const near = place === expected.length && largest <= (type === 'float32' ? 1e-4 * scale : 1);
  console.log(`${near ? '  ok' : 'FAIL'} ${name}: ${place} outputs, at most ${largest.toExponential(1)} from mote`);
  return near;
}

(async () => {
  let failed = 0;
  for (const model of models) failed += !(await hold(model));
  process.exit(failed ? 1 : 0);
})().catch((error) => {
  process.stderr.write(`${error.message ?? error}\n`);
  process.exit(1);
});
